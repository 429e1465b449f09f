# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.web.controllers.json import WebJsonController


class KeyAccountWebJson(WebJsonController):
    """Lists as JSON are an export: by role, and logged, as any other (ORG-21)."""

    @route()
    def web_json_1(self, subpath, **kwargs):
        self._check_json_route_active()
        action, context, _eval_context, _record_id = self._get_action(subpath)
        model = request.env[action.res_model].with_context(**context)
        if not model._key_account_may_export():
            raise AccessError(
                request.env._("Your role reads this list but does not export it.")
            )
        response = super().web_json_1(subpath, **kwargs)
        if response.status_code == 200:
            request.env["key.account.event"]._log_export(
                model._name, ["json"], 0, condition=kwargs.get("domain")
            )
        return response
