# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

PREFIX = "key_account_"


class IrModuleModule(models.Model):
    """The words of our mixins on the models of an addon that is installed later.

    The labels of a selection belong to the addon that declares it: those of a rule's
    phases on a model of another addon are in the catalogue of this one, which was read
    before there was such a model.
    """

    _inherit = "ir.module.module"

    @api.model
    def _load_module_terms(self, modules, langs, overwrite=False):
        result = super()._load_module_terms(modules, langs, overwrite=overwrite)
        if any(name.startswith(PREFIX) for name in modules):
            present = self.search(
                [
                    ("name", "=like", f"{PREFIX}%"),
                    ("name", "not in", modules),
                    ("state", "in", ("installed", "to upgrade")),
                ]
            )
            super()._load_module_terms(present.mapped("name"), langs)
        return result
