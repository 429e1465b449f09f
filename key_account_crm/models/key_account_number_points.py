# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountNumber(models.Model):
    """Points of a number: they go with it to a new owner, and are cleared when it is
    closed or changes its brand, as the rule says (PTS-05)."""

    _inherit = "key.account.number"

    points = fields.Integer(
        compute="_compute_points", help="Points left on the lines you may read."
    )

    @api.depends_context("uid")
    def _compute_points(self):
        groups = self.env["key.account.point.balance"]._read_group(
            [("number_id", "in", self.ids)], ["number_id"], ["quantity:sum"]
        )
        sums = {number.id: quantity for number, quantity in groups}
        for number in self:
            number.points = sums.get(number.id, 0)

    @api.onchange("state", "brand_id")
    def _onchange_clears_points(self):
        """Say beforehand what the change costs the customer."""
        origin = self._origin
        closes = self.state == "closed" and origin.state not in (False, "closed")
        rebrands = origin.brand_id and self.brand_id != origin.brand_id
        if origin.points and (closes or rebrands):
            message = self.env._(
                "%(points)s points of %(number)s may be cleared by this, as the points "
                "rule says: redeem them before you save.",
                points=origin.points,
                number=origin.name,
            )
            return {"warning": {"title": self.env._("Points"), "message": message}}
        return None

    def write(self, vals):
        closing = self.browse()
        if vals.get("state") == "closed":
            closing = self.filtered(lambda number: number.state != "closed")
        rebranded = self.browse()
        if "brand_id" in vals:
            rebranded = self.filtered(
                lambda n: n.brand_id and n.brand_id.id != vals["brand_id"]
            )
        result = super().write(vals)
        # sudo: the ledger is written by the system; the number was just written.
        entries = self.env["key.account.point.entry"].sudo()
        if "partner_id" in vals:
            entries._move_pots(self.ids)
        if closing:
            entries._clear_numbers("leaving", closing.ids)
        if rebranded - closing:
            entries._clear_numbers("brand", (rebranded - closing).ids)
        return result
