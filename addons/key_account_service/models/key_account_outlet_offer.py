# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountOutletOffer(models.Model):
    """What customers of a grade enjoy at an outlet, at a partner's too: priority,
    a discount, a lounge (SVC-04, SVC-05)."""

    _name = "key.account.outlet.offer"
    _description = "Benefit at an Outlet"
    _order = "place_id, sequence, id"

    place_id = fields.Many2one(
        comodel_name="key.account.card.place",
        string="Outlet",
        required=True,
        index=True,
        ondelete="cascade",
    )
    sequence = fields.Integer(default=10)
    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: customers of every grade.",
    )
    name = fields.Char(string="Benefit", required=True, translate=True)
    discount = fields.Float(string="Discount (%)", aggregator=None)
    date_from = fields.Date(string="From")
    date_to = fields.Date(string="Until", help="Empty: until further notice.")

    _discount_range = models.Constraint(
        "CHECK (discount BETWEEN 0 AND 100)", "A discount lies between 0 and 100 %."
    )
    _dates_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "An offer ends after it begins: correct its dates.",
    )

    @api.model
    def _get_for(self, grade, day):
        """What a customer of a grade enjoys on a day, everywhere."""
        return self.search(
            [
                ("grade_id", "in", [False, *grade.ids]),
                ("place_id.active", "=", True),
                "|",
                ("date_from", "=", False),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ]
        )
