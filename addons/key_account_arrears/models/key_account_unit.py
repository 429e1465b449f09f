# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountUnit(models.Model):
    """A unit whose customers are not dunned for the time being: the emergency stop."""

    _inherit = "key.account.unit"

    is_dunning_stopped = fields.Boolean(
        string="Dunning Stopped",
        tracking=True,
        help="Nothing goes out to customers of this unit and those below, also not "
        "what was confirmed already.",
    )

    @api.model
    def _get_dunning_stopped(self):
        """Ids of the units that are stopped, by themselves or from above."""
        # sudo: whether something goes out is the same whoever asks.
        units = self.sudo().with_context(active_test=False)
        stopped = units.search([("is_dunning_stopped", "=", True)])
        return set(units.search([("id", "child_of", stopped.ids)]).ids)

    @api.model
    def _get_dunning_incomplete(self, day):
        """Map the ids of units whose bills up to a day are not all there to what is
        missing. Hook of whoever knows what is expected."""
        return {}
