# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.http import request


class KeyAccountPrivateMixin(models.AbstractModel):
    """Models that show private values leave a trace when they deliver them (ORG-21).

    ``read``, ``web_read``, ``search_read`` and their like all end in ``_read_format``,
    exports in ``_export_rows``.
    """

    _name = "key.account.private.mixin"
    _description = "Shows Private Data"

    def _key_account_private_fields(self):
        """Map the fields of this model to those of ``key.account.person``."""
        return {}

    def _key_account_private_partners(self):
        """The persons whom these records show."""
        return self.env["res.partner"]

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load=load)
        self._key_account_trace(fnames, self._key_account_get_way())
        return result

    def _export_rows(self, fields, *, _is_toplevel_call=True):
        result = super()._export_rows(fields, _is_toplevel_call=_is_toplevel_call)
        self._key_account_trace([path[0] for path in fields if path], "export")
        return result

    def onchange(self, values, field_names, fields_spec):
        result = super().onchange(values, field_names, fields_spec)
        self._key_account_trace(result.get("value", {}), "form")
        return result

    def _key_account_trace(self, fnames, way):
        """Log that these fields were delivered, where they were not masked."""
        private = self._key_account_private_fields()
        shown = sorted({private[name] for name in fnames if name in private})
        if shown and self and not self.env.su:
            partners = self._origin._key_account_private_partners()
            self.env["key.account.access"]._log(partners.ids, shown, way)

    def _key_account_get_way(self):
        path = request.httprequest.path if request else ""
        if path and not path.startswith("/web/"):
            return "rpc"
        return "list" if "search_read" in path or len(self) > 1 else "form"
