# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

from ..models.key_account_cost_rule import SOURCES as RATED

# What an activity costs is shared by its guests, no rate says it.
SOURCES = [*RATED, ("activity", "Members' Activity")]
# Of a row with this place among the sources the id is id * PLACES + place.
PLACES = 16


class KeyAccountServiceEvent(models.Model):
    """One time a customer was served: a contact that took place, a request, an
    inquiry, complaint, act of care or activity, and what it has cost. Months are
    summed from these rows.

    Who may not open the record itself does not see it here either.
    """

    _name = "key.account.service.event"
    _description = "Service Event"
    _auto = False
    _order = "day desc, id desc"
    _rec_name = "reference"
    _key_account_export_roles = FIGURE_ROLES

    source = fields.Selection(selection=SOURCES, string="Service", readonly=True)
    day = fields.Date(readonly=True)
    reference = fields.Char(readonly=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term", string="Kind", readonly=True
    )
    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line", string="Business Line", readonly=True
    )
    unit_id = fields.Many2one(comodel_name="key.account.unit", readonly=True)
    manager_id = fields.Many2one(
        comodel_name="res.users", string="Account Manager", readonly=True
    )
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    cost = fields.Monetary(readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )

    _depends = {
        "key.account.activity": ["date_begin", "name", "state"],
        "key.account.activity.guest": [
            "activity_id",
            "cost",
            "currency_id",
            "line_id",
            "manager_id",
            "partner_id",
            "state",
            "unit_id",
        ],
        "key.account.care": [
            "amount",
            "currency_id",
            "date_done",
            "date_shown",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "state",
            "unit_id",
            "user_id",
        ],
        "key.account.complaint": [
            "cost_total",
            "currency_id",
            "date_accepted",
            "handler_id",
            "is_secret",
            "kind_id",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "state",
            "unit_id",
        ],
        "key.account.contact.event": [
            "cost",
            "currency_id",
            "day",
            "kind_id",
            "line_id",
            "manager_id",
            "partner_id",
            "state",
            "subject",
            "unit_id",
            "user_id",
        ],
        "key.account.inquiry": [
            "cost",
            "currency_id",
            "day",
            "line_id",
            "manager_id",
            "partner_id",
            "question",
            "unit_id",
            "user_id",
        ],
        "key.account.request": [
            "cost",
            "currency_id",
            "date_accepted",
            "handler_id",
            "kind_id",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "state",
            "unit_id",
        ],
    }

    @property
    def _table_query(self) -> SQL:
        return SQL(" UNION ALL ").join(self._get_selects().values())

    def _get_parts(self):
        """Map a source to (model, its columns, its condition), of the table as
        ``fact``. Hook: a part for every other model whose records are services.

        The columns are day, reference, kind_id and user_id; customer, line, unit,
        manager, currency and cost are those of every fact unless given.
        """
        return {
            "activity": self._get_activity_part(),
            "care": self._get_care_part(),
            "complaint": self._get_complaint_part(),
            "contact": self._get_contact_part(),
            "inquiry": self._get_inquiry_part(),
            "request": self._get_request_part(),
        }

    def _get_activity_part(self):
        """Each guest who came; guests of one activity share what it cost."""
        name = self.env["key.account.activity"]._field_to_sql("activity", "name")
        columns = {
            "day": self._get_day(self._select_of_activity(SQL("activity.date_begin"))),
            "reference": self._select_of_activity(name),
            "user_id": SQL("NULL"),
        }
        condition = SQL(
            "fact.state = 'attended' AND %s = 'held'",
            self._select_of_activity(SQL("activity.state")),
        )
        return "key.account.activity.guest", columns, condition

    def _select_of_activity(self, column):
        return SQL(
            "(SELECT %s FROM key_account_activity AS activity"
            " WHERE activity.id = fact.activity_id)",
            column,
        )

    def _get_care_part(self):
        columns = {
            "day": self.env["key.account.care"]._get_day_done(),
            "reference": SQL("fact.name"),
            "user_id": SQL("fact.user_id"),
            "cost": SQL("COALESCE(fact.amount, 0)"),
        }
        return "key.account.care", columns, SQL("fact.state = 'done'")

    def _get_complaint_part(self):
        """A month is read by everybody of the unit: secret complaints are in none."""
        columns = {
            "day": self._get_day(SQL("fact.date_accepted")),
            "reference": SQL("fact.name"),
            "kind_id": SQL("fact.kind_id"),
            "user_id": SQL("fact.handler_id"),
            "cost": SQL("COALESCE(fact.cost_total, 0)"),
        }
        condition = SQL(
            "fact.state <> 'withdrawn' AND fact.is_secret IS NOT TRUE "
            "AND fact.partner_id IS NOT NULL"
        )
        return "key.account.complaint", columns, condition

    def _get_contact_part(self):
        columns = {
            "day": SQL("fact.day"),
            "reference": SQL("fact.subject"),
            "kind_id": SQL("fact.kind_id"),
            "user_id": SQL("fact.user_id"),
        }
        return "key.account.contact.event", columns, SQL("fact.state = 'done'")

    def _get_inquiry_part(self):
        columns = {
            "day": SQL("fact.day"),
            "reference": SQL("fact.question"),
            "user_id": SQL("fact.user_id"),
        }
        return "key.account.inquiry", columns, SQL("fact.partner_id IS NOT NULL")

    def _get_request_part(self):
        columns = {
            "day": self._get_day(SQL("fact.date_accepted")),
            "reference": SQL("fact.name"),
            "kind_id": SQL("fact.kind_id"),
            "user_id": SQL("fact.handler_id"),
        }
        condition = SQL("fact.state <> 'cancelled' AND fact.partner_id IS NOT NULL")
        return "key.account.request", columns, condition

    def _get_day(self, moment):
        return self.env["key.account.month"]._get_local_day_sql(moment)

    def _get_selects(self):
        """Map a source to its SELECT; all have the same columns in the same order."""
        return {
            source: self._make_select(source, *part)
            for source, part in sorted(self._get_parts().items())
        }

    def _make_select(self, source, model, columns, condition) -> SQL:
        shared = ("partner_id", "line_id", "unit_id", "manager_id", "currency_id")
        places = self._fields["source"].get_values(self.env)
        values = {
            "id": SQL("fact.id::bigint * %s + %s", PLACES, places.index(source)),
            "source": SQL("%s", source),
            **{name: SQL.identifier("fact", name) for name in shared},
            "cost": SQL("COALESCE(fact.cost, 0)"),
            "res_model": SQL("%s", model),
            "res_id": SQL("fact.id"),
            "kind_id": SQL("NULL"),
            **columns,
        }
        selected = [
            SQL(
                "(%s)::%s AS %s",
                values[name],
                # the ORM names the type
                SQL(field.column_type[0]),  # pylint: disable=sql-injection
                SQL.identifier(name),
            )
            for name, field in self._fields.items()
            if field.store and name != "id"
        ]
        return SQL(
            "SELECT %s AS id, %s FROM %s AS fact WHERE %s",
            values["id"],
            SQL(", ").join(selected),
            SQL.identifier(self.env[model]._table),
            condition,
        )

    def action_open(self):
        """The contact, request or whatever else this row is."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(False, "form")],
        }
