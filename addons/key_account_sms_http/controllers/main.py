# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.http import Controller, request, route

from ..models.key_account_sms_gateway_report import Incoming

MAX_BYTES = 1024 * 1024


class ReportController(Controller):
    """Where gateways tell what became of messages.

    By POST only and never with the secret in the address, which logs keep.
    """

    @route(
        "/key_account_sms_http/report/<string:code>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        save_session=False,
    )
    def report(self, code, **_fields):
        if (request.httprequest.content_length or 0) > MAX_BYTES:
            return request.make_response("too large", status=413)
        # sudo: a gateway has no user; its report is authenticated by its own secret
        gateway = (
            request.env["key.account.sms.gateway"]
            .sudo()
            .search([("report_code", "=", code), ("report_auth", "!=", "none")])
        )
        if not gateway:
            return request.make_response("unknown", status=404)
        status, text = gateway._receive(self._read())
        kind = "application/json" if text.startswith("{") else "text/plain"
        headers = [("Content-Type", f"{kind}; charset=utf-8")]
        return request.make_response(text, headers, status=status)

    def _read(self):
        httprequest = request.httprequest
        return Incoming(
            headers={name.lower(): value for name, value in httprequest.headers},
            body=httprequest.get_data(),
            form=tuple(httprequest.form.items()),
            sender=httprequest.remote_addr or "",
        )
