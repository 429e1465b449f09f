# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import ormcache


class KeyAccountUnit(models.Model):
    """The tree as a map that is kept until the tree changes: who reads what, and which
    version of a rule holds for whom, is decided by it at every request."""

    _inherit = "key.account.unit"

    @api.model
    @ormcache()
    def _get_paths(self):
        """Map the ids of all units, closed ones too, to those from the top down to
        each of them; in the order of the tree."""
        # sudo: the tree itself is no secret.
        units = self.sudo().with_context(active_test=False).search_fetch([])
        return {
            unit.id: tuple(int(part) for part in unit.parent_path.split("/")[:-1])
            for unit in units
        }

    @api.model
    @ormcache()
    def _get_centre_company_id(self):
        """The company of the top unit; None where there is no unit yet."""
        # sudo: which company the centre belongs to is no secret.
        centre = self.sudo().search([("parent_id", "=", False)], limit=1)
        return centre.company_id.id or None

    def _get_below(self):
        """These units and every unit below them, closed ones included."""
        # sudo: the tree itself is no secret; scope is computed from it.
        units = self.sudo().with_context(active_test=False)
        top = set(self.ids)
        paths = self._get_paths() if top else {}
        return units.browse(
            unit_id for unit_id, path in paths.items() if not top.isdisjoint(path)
        )

    def _parent_store_create(self):
        super()._parent_store_create()
        self.env.registry.clear_cache()

    def _parent_store_update(self):
        super()._parent_store_update()
        self.env.registry.clear_cache()
