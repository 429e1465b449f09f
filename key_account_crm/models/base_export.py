# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from lxml import etree

from odoo import api, models
from odoo.exceptions import AccessError
from odoo.models import fix_import_export_id_paths

# What a list of names and keys gives away is seen on every screen that links there.
NAMES = {"id", ".id", "name", "display_name", "key_account_code"}
# Statistics and analyses, revenue and arrears among them.
FIGURE_ROLES = ("centre", "office", "company", "head", "finance")


class Base(models.AbstractModel):
    """Exporting is a right of its own, by role and kind of data (ORG-21, domain 3.2).

    Odoo's group to export opens every model; of the suite's models a role then exports
    those only that name it in ``_key_account_export_roles``, whatever way is taken: the
    dialog, the whole list, a call, or a path from another model.
    """

    _inherit = "base"
    # None: what is about customers, and the logs, leaves through the centre; batches,
    # dictionaries and rules also with the administrator.
    _key_account_export_roles = None

    @api.model
    def _key_account_get_export_roles(self):
        """Roles that export rows of this model; None for models of others."""
        if not self._name.startswith("key.account."):
            return None
        if self._key_account_export_roles is not None:
            return self._key_account_export_roles
        return ("centre",) if "partner_id" in self._fields else ("centre", "admin")

    @api.model
    def _key_account_may_export(self):
        """Whether the user's role exports rows of this model at all."""
        roles = self._key_account_get_export_roles()
        return self.env.su or roles is None or self.env.user.key_account_role in roles

    def _key_account_check_export(self):
        """Refuse to let these rows out, where the role may not."""
        if self._key_account_may_export():
            return
        roles = self._key_account_get_export_roles()
        labels = dict(
            self.env["res.users"]
            ._fields["key_account_role"]
            ._description_selection(self.env)
        )
        raise AccessError(
            self.env._(
                "Your role reads %(what)s but does not export it: ask %(roles)s.",
                what=self.env["ir.model"]._get(self._name).name or self._description,
                roles=", ".join(labels[role] for role in roles),
            )
        )

    def _key_account_check_export_path(self, path):
        """Follow a path of an export to the rows whose content it shows."""
        records = self
        *links, leaf = fix_import_export_id_paths(path)
        for link in links:
            field = records._fields.get(link)
            if field is None or not field.relational:
                return  # the export itself says what is wrong
            records = records[link]
        if links and leaf not in NAMES:
            records._key_account_check_export()

    def export_data(self, fields_to_export):
        if not self.env.su:
            self._key_account_check_export()
            for path in fields_to_export:
                self._key_account_check_export_path(path)
        result = super().export_data(fields_to_export)
        events = self.env["key.account.event"]
        events._log_export(self._name, fields_to_export, len(self))
        return result

    @api.model
    def get_view(self, view_id=None, view_type="form", **options):
        """Lists and cards do not offer what would be refused."""
        result = super().get_view(view_id, view_type, **options)
        if view_type in ("list", "kanban") and not self._key_account_may_export():
            arch = etree.fromstring(result["arch"])
            arch.set("export_xlsx", "0")
            result["arch"] = etree.tostring(arch, encoding="unicode")
        return result
