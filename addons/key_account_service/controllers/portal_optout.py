# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import http
from odoo.exceptions import AccessError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class KeyAccountOptoutPortal(CustomerPortal):
    """The page on which a customer's contact says how not to be contacted."""

    @http.route(
        "/my/contact-choices",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_optouts(self, saved=False, **ticked):
        optouts = request.env["key.account.optout"]
        try:
            if request.httprequest.method == "POST":
                wanted = [name.partition("-")[::2] for name in ticked if "-" in name]
                optouts._portal_save(wanted)
                return request.redirect("/my/contact-choices?saved=1")
            rows = optouts._portal_rows()
        except AccessError:
            return request.redirect("/my")
        values = self._prepare_portal_layout_values()
        return request.render(
            "key_account_service.portal_optouts_template",
            {**values, "rows": rows, "saved": saved, "page_name": "optouts"},
        )
