# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountUnit(models.Model):
    """A branch sends its bills and payments every day: until those of the day before
    are loaded it is not known who has paid, and nobody there is dunned."""

    _inherit = "key.account.unit"

    @api.model
    def _get_dunning_incomplete(self, day):
        incomplete = super()._get_dunning_incomplete(day)
        wanted = fields.Date.subtract(fields.Date.to_date(day), days=1)
        # sudo: whether the bills of a unit are complete is the same whoever asks.
        feeds = self.env["key.account.feed"].sudo()
        loaded = {
            unit: last
            for unit, last in feeds._read_group(
                [("interface", "=", "bill"), ("state", "=", "done")],
                ["unit_id"],
                ["date_period:max"],
            )
        }
        for unit in self._get_bill_branches():
            last = loaded.get(unit)
            if not last or last < wanted:
                below = unit._get_below().ids
                incomplete.update(dict.fromkeys(below, last))
        return incomplete

    @api.model
    def _get_bill_branches(self):
        """Units that send files of bills: those that ever did."""
        # sudo: as above.
        feeds = self.env["key.account.feed"].sudo()
        groups = feeds._read_group([("interface", "=", "bill")], ["unit_id"])
        # sudo: a unit is no secret.
        units = self.sudo().browse([unit.id for (unit,) in groups])
        return units.filtered("is_branch")
