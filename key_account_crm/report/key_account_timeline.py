# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL, html2plaintext

TEXT_LENGTH = 300
# Rows of a part get the ids n * PARTS + its place, so that ids are unique and stay.
PARTS = 64


class KeyAccountTimeline(models.Model):
    """One thing that happened with a customer: a bill, a payment, a step of the
    life-cycle, a change of the file, a message (table 1.2.7).

    Every row carries unit and manager of what it tells, so that the same rule holds
    as for the facts themselves: nobody reads here what he could not open there.
    Addons add what happens with them by overriding ``_get_parts`` and ``kind``.
    """

    _name = "key.account.timeline"
    _description = "Customer Time Line"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "reference"

    date = fields.Date(readonly=True)
    kind = fields.Selection(
        selection=[
            ("bill", "Bill"),
            ("payment", "Payment"),
            ("allocation", "Allocated Credit"),
            ("move", "Life-Cycle Move"),
            ("change", "Change of the File"),
            ("message", "Message"),
        ],
        readonly=True,
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
    reference = fields.Char(readonly=True)
    text = fields.Text(readonly=True)
    currency_id = fields.Many2one(comodel_name="res.currency", readonly=True)
    amount = fields.Monetary(readonly=True)
    user_id = fields.Many2one(comodel_name="res.users", string="By", readonly=True)
    res_model = fields.Char(string="Model", readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", readonly=True
    )
    summary = fields.Char(
        compute="_compute_summary", help="What happened, in one line."
    )

    _depends = {
        "key.account.allocation": [
            "amount",
            "currency_id",
            "date",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "unit_id",
        ],
        "key.account.bill": [
            "amount",
            "currency_id",
            "date_bill",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "unit_id",
        ],
        "key.account.change": [
            "date_decided",
            "date_proposed",
            "decided_by_id",
            "line_id",
            "manager_id",
            "partner_id",
            "proposed_by_id",
            "reason",
            "unit_id",
        ],
        "key.account.payment": [
            "allocation_id",
            "amount",
            "currency_id",
            "date_payment",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "unit_id",
        ],
        "key.account.state.move": [
            "date",
            "document",
            "line_id",
            "manager_id",
            "partner_id",
            "reason",
            "unit_id",
            "user_id",
        ],
        "mail.message": [
            "author_id",
            "body",
            "date",
            "message_type",
            "model",
            "res_id",
            "subject",
        ],
        "res.partner": [
            "key_account_kind",
            "key_account_manager_id",
            "key_account_unit_id",
        ],
    }

    @api.depends("kind", "reference", "text", "res_model", "res_id")
    @api.depends_context("lang")
    def _compute_summary(self):
        for model, rows in self.grouped("res_model").items():
            records = self.env[model].browse(rows.mapped("res_id"))
            for row, record in zip(rows, records, strict=True):
                row.summary = row._get_summary(record)

    def _get_summary(self, record):
        """What happened, in one line. Hook: a branch for every kind that is added.

        :param record: what the row is about; those of all rows are read at once
        """
        self.ensure_one()
        if self.kind == "message":
            return html2plaintext(self.text or "").strip()[:TEXT_LENGTH]
        if self.kind == "move":
            return self._join(self._get_move_text(record), self.reference, self.text)
        if self.kind == "change":
            return self._join(self._get_change_text(record), self.text)
        if self.kind == "allocation":
            return self._join(self.reference, record.bill_id.name)
        return self._join(self.reference)

    def _join(self, *texts):
        return " · ".join(text for text in texts if text)

    def _get_move_text(self, move):
        states = dict(move._fields["state_to"]._description_selection(self.env))
        steps = [states.get(move.state_from), states[move.state_to]]
        return " → ".join(step for step in steps if step)

    def _get_change_text(self, change):
        states = dict(change._fields["state"]._description_selection(self.env))
        kinds = dict(change._fields["kind"]._description_selection(self.env))
        state = "" if change.state == "applied" else f"({states[change.state]})"
        if change.kind != "field":
            return " ".join(filter(None, [kinds[change.kind], change.new_text, state]))
        values = f"{change.old_text or '–'} → {change.new_text or '–'}"
        return f"{change.field_label}: {values} {state}".strip()

    @property
    def _table_query(self) -> SQL:
        parts = self._get_parts()
        return SQL(" UNION ALL ").join(
            self._complete(place, columns, source)
            for place, (_kind, (columns, source)) in enumerate(sorted(parts.items()))
        )

    def _complete(self, place, columns, source):
        """The SELECT of one part: every column of the model, empty where not given."""
        id_column = SQL("%s::bigint * %s + %s", columns["id"], PARTS, place)
        selected = [SQL("%s AS id", id_column)]
        for name, cast in self._get_columns().items():
            value = columns.get(name, SQL("NULL"))
            selected.append(SQL("(%s)::%s AS %s", value, cast, SQL.identifier(name)))
        return SQL("SELECT %s FROM %s", SQL(", ").join(selected), source)

    @api.model
    def _get_columns(self):
        """Map the columns to their types: those of all parts must be the same, or
        PostgreSQL would read whole ledgers before it looks for one customer."""
        return {
            # the ORM names the type
            name: SQL(field.column_type[0])  # pylint: disable=sql-injection
            for name, field in self._fields.items()
            if field.store and name != "id"
        }

    @api.model
    def _get_parts(self):
        """Map a kind to its columns and FROM clause. Hook for whatever else happens.

        Columns that are not named are empty. ``id`` is the id in its own table.
        """
        return {
            "allocation": self._get_allocation_part(),
            "bill": self._get_bill_part(),
            "change": self._get_change_part(),
            "message": self._get_message_part(),
            "move": self._get_move_part(),
            "payment": self._get_payment_part(),
        }

    def _get_fact_columns(self, model, kind, **columns):
        """The columns that every fact about a customer has, and the given ones."""
        shared = ("id", "partner_id", "unit_id", "manager_id")
        return {
            **{name: SQL.identifier("fact", name) for name in shared},
            "kind": SQL("%s", kind),
            "res_model": SQL("%s", model),
            "res_id": SQL.identifier("fact", "id"),
            **columns,
        }

    def _get_bill_part(self):
        columns = self._get_fact_columns(
            "key.account.bill",
            "bill",
            date=SQL("fact.date_bill"),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.name"),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("fact.amount"),
        )
        return columns, SQL("key_account_bill AS fact")

    def _get_payment_part(self):
        columns = self._get_fact_columns(
            "key.account.payment",
            "payment",
            date=SQL("fact.date_payment"),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.name"),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("fact.amount"),
        )
        return columns, SQL("key_account_payment AS fact WHERE allocation_id IS NULL")

    def _get_allocation_part(self):
        columns = self._get_fact_columns(
            "key.account.allocation",
            "allocation",
            date=SQL("fact.date"),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.name"),
            currency_id=SQL("fact.currency_id"),
            amount=SQL("fact.amount"),
            user_id=SQL("fact.create_uid"),
        )
        return columns, SQL("key_account_allocation AS fact")

    def _get_move_part(self):
        columns = self._get_fact_columns(
            "key.account.state.move",
            "move",
            date=SQL("fact.date"),
            line_id=SQL("fact.line_id"),
            reference=SQL("fact.document"),
            text=SQL("fact.reason"),
            user_id=SQL("fact.user_id"),
        )
        return columns, SQL("key_account_state_move AS fact")

    def _get_change_part(self):
        columns = self._get_fact_columns(
            "key.account.change",
            "change",
            date=self._to_local_date(
                SQL("COALESCE(fact.date_decided, fact.date_proposed)")
            ),
            line_id=SQL("fact.line_id"),
            text=SQL("fact.reason"),
            user_id=SQL("COALESCE(fact.decided_by_id, fact.proposed_by_id)"),
        )
        return columns, SQL("key_account_change AS fact")

    def _get_message_part(self):
        """What was written to or about the customer: whoever may open the customer
        may read it, so it carries the customer's own unit and manager."""
        columns = {
            "id": SQL("message.id"),
            "kind": SQL("%s", "message"),
            "date": self._to_local_date(SQL("message.date")),
            "partner_id": SQL("partner.id"),
            "unit_id": SQL("partner.key_account_unit_id"),
            "manager_id": SQL("partner.key_account_manager_id"),
            "reference": SQL("message.subject"),
            "text": SQL("message.body"),
            "user_id": SQL(
                "SELECT MIN(id) FROM res_users "
                "WHERE res_users.partner_id = message.author_id"
            ),
            "res_model": SQL("%s", "res.partner"),
            "res_id": SQL("partner.id"),
        }
        source = SQL(
            """
            res_partner AS partner
            JOIN mail_message AS message
              ON message.model = 'res.partner'
             AND message.res_id = partner.id
             AND message.message_type IN ('comment', 'email', 'email_outgoing')
           WHERE partner.key_account_kind IS NOT NULL
            """
        )
        return columns, source

    def _to_local_date(self, moment):
        """The day of a moment where the reader is."""
        zone = str(self.env.tz)
        return SQL("(%s AT TIME ZONE 'UTC' AT TIME ZONE %s)", moment, zone)
