# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class KeyAccountMemberPortal(CustomerPortal):
    """The page for members: service outlets, benefits, invitations to activities."""

    @http.route("/my/membership", type="http", auth="user", website=True)
    def portal_membership(self, error=None, **_kwargs):
        guests = request.env["key.account.activity.guest"]
        try:
            values = {
                "outlets": guests._portal_outlets(),
                "invitations": guests._portal_invitations(),
            }
        except AccessError:
            return request.redirect("/my")
        layout = self._prepare_portal_layout_values()
        return request.render(
            "key_account_service.portal_membership_template",
            {**layout, **values, "error": error, "page_name": "membership"},
        )

    @http.route(
        "/my/membership/<int:guest_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_membership_answer(self, guest_id, answer="", **_kwargs):
        guests = request.env["key.account.activity.guest"]
        try:
            guests._portal_find(guest_id)._portal_answer(answer)
        except AccessError:
            return request.redirect("/my/membership")
        except UserError as problem:
            return self.portal_membership(error=str(problem))
        return request.redirect("/my/membership")
