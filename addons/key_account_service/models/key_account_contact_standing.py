# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain

from odoo.addons.key_account_crm.models.base_export import FIGURE_ROLES

# Whom contacts are owed.
SERVED = ("potential", "qualified", "active", "suspended", "won_back")


class KeyAccountContactStanding(models.Model):
    """How fresh the contact with a customer is, or with one of its key persons.

    A narrow row that follows from the contacts. A customer has one where its file is
    kept, and one on each line that another unit serves: each is read by who may open
    the contacts it is drawn from. Important contacts, which all may open, count in all.
    """

    _name = "key.account.contact.standing"
    _description = "Contact Freshness"
    _inherit = ["key.account.fact.mixin"]
    _order = "date_due, id"
    _rec_name = "partner_id"
    _key_account_export_roles = FIGURE_ROLES
    _key_account_logged = False

    partner_id = fields.Many2one(index=False, readonly=True, ondelete="cascade")
    person_id = fields.Many2one(
        comodel_name="res.partner",
        string="Key Person",
        readonly=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: the customer as a whole.",
    )
    date_last = fields.Date(string="Last Contact", readonly=True, aggregator="max")
    last_id = fields.Many2one(
        comodel_name="key.account.contact.event",
        string="Last",
        readonly=True,
        ondelete="set null",
    )
    date_next = fields.Datetime(
        string="Next Planned", readonly=True, aggregator="min", help="The earliest."
    )
    date_due = fields.Date(
        string="Due",
        readonly=True,
        aggregator="min",
        help="By which day the rule asks for a contact.",
    )
    due_kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Due Kind",
        readonly=True,
        ondelete="set null",
        help="Empty: a contact of whatever kind.",
    )
    rule_id = fields.Many2one(
        comodel_name="key.account.contact.rule",
        string="Contact Rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    date_reminded = fields.Date(
        string="Reminded for", readonly=True, help="The due day somebody was told of."
    )
    date_reminded_on = fields.Date(string="Reminded on", readonly=True)
    days_since = fields.Integer(
        string="Days since",
        compute="_compute_days",
        aggregator=None,
        help="The last contact.",
    )
    days_over = fields.Integer(
        string="Days Overdue", compute="_compute_days", aggregator=None
    )
    is_overdue = fields.Boolean(
        string="Overdue", compute="_compute_days", search="_search_is_overdue"
    )

    _standing_uniq = models.UniqueIndex(
        "(partner_id, line_id, person_id) NULLS NOT DISTINCT",
        "The freshness of this contact is kept already.",
    )
    _due_idx = models.Index("(date_due) WHERE date_due IS NOT NULL")
    _last_idx = models.Index("(date_last)")

    @api.depends("date_last", "date_due")
    @api.depends_context("tz")
    def _compute_days(self):
        today = fields.Date.context_today(self)
        for standing in self:
            last, due = standing.date_last, standing.date_due
            standing.days_since = (today - last).days if last else 0
            standing.is_overdue = bool(due and due < today)
            standing.days_over = (today - due).days if standing.is_overdue else 0

    def _search_is_overdue(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        today = fields.Date.context_today(self)
        late = Domain("date_due", "<", today)
        return Domain.OR(
            late if wanted else Domain("date_due", "=", False) | ~late
            for wanted in value
        )

    def action_log(self):
        """Log that the contact took place, with the kind that is due."""
        self.ensure_one()
        context = {
            "default_partner_id": self.partner_id.id,
            "default_line_id": self.line_id.id,
            "default_person_ids": self.person_id.ids,
        }
        if self.due_kind_id:
            context["default_kind_id"] = self.due_kind_id.id
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Log a Contact"),
            "res_model": "key.account.contact.event",
            "views": [(False, "form")],
            "context": context,
        }
