# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models

# What the plain ledger offers stands among the arrears, with more of it.
REPLACED = (
    "key_account_crm.key_account_open_item_menu_overdue",
    "key_account_crm.key_account_open_item_ask_menu",
)


class IrUiMenu(models.Model):
    """Arrears have one menu: with this addon that of the ledger is not shown."""

    _inherit = "ir.ui.menu"

    def _load_menus_blacklist(self):
        found = (self.env.ref(name, raise_if_not_found=False) for name in REPLACED)
        hidden = [menu.id for menu in found if menu]
        return [*super()._load_menus_blacklist(), *hidden]
