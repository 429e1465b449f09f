# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountDepartureMixin(models.AbstractModel):
    """What is asked about a customer that leaves: it goes into the churned file."""

    _name = "key.account.departure.mixin"
    _description = "How a Customer Leaves"

    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Churn Kind",
        domain=[("category", "=", "churn_kind")],
    )
    cause_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Churn Cause",
        domain=[("category", "=", "churn_cause")],
    )
    competitor_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Destination",
        domain=[("category", "=", "competitor")],
        help="The competitor the customer goes to.",
    )
    win_back_chance = fields.Integer(string="Win-Back Chance", help="0 to 100.")
    date_last_contact = fields.Date(string="Last Contact")
    retention = fields.Text(string="Retention Attempts")
    retention_cost = fields.Monetary()
    currency_id = fields.Many2one(related="partner_id.key_account_currency_id")
    partner_id = fields.Many2one(comodel_name="res.partner", string="Customer")

    _chance_range = models.Constraint(
        "CHECK (win_back_chance BETWEEN 0 AND 100)", "A chance lies in 0 to 100."
    )
    _retention_cost_positive = models.Constraint(
        "CHECK (retention_cost >= 0)", "A cost is zero or more."
    )

    def _prepare_churn_vals(self):
        self.ensure_one()
        names = self._get_departure_fields()
        values = self.read(names, load=None)[0]
        return {name: values[name] for name in names}

    def _get_departure_fields(self):
        return [
            "kind_id",
            "cause_id",
            "competitor_id",
            "win_back_chance",
            "date_last_contact",
            "retention",
            "retention_cost",
        ]
