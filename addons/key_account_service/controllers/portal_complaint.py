# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.key_account_clock_mixin_customer import MARKS


class KeyAccountComplaintPortal(CustomerPortal):
    """The pages on which a customer's contact sees and makes complaints."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            complaints = request.env["key.account.complaint"]
            # sudo: counted within the user's own company.
            found = complaints.sudo().search_count(complaints._portal_domain())
            values["complaint_count"] = found
        return values

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_complaints(self, page=1, **_kwargs):
        # sudo: portal users have no access line; the domain is their own company.
        complaints = request.env["key.account.complaint"].sudo()
        domain = request.env["key.account.complaint"]._portal_domain()
        shown = pager(
            "/my/complaints",
            total=complaints.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = complaints.search(
            domain, limit=self._items_per_page, offset=shown["offset"]
        )
        return self._render_complaint("complaints", complaints=found, pager=shown)

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_complaint_new(self, subject="", text="", kind="", **_kwargs):
        error = None
        complaints = request.env["key.account.complaint"]
        if request.httprequest.method == "POST":
            try:
                made = complaints._portal_create(subject, text, kind)
                return request.redirect(f"/my/complaints/{made.id}")
            except (AccessError, UserError) as problem:
                error = str(problem)
        return self._render_complaint(
            "complaint_new",
            types=complaints._portal_types(),
            subject=subject,
            text=text,
            kind=kind,
            error=error,
        )

    @http.route(
        "/my/complaints/<int:complaint_id>", type="http", auth="user", website=True
    )
    def portal_complaint(self, complaint_id, error=None, **_kwargs):
        try:
            found = request.env["key.account.complaint"]._portal_find(complaint_id)
        except AccessError:
            return request.redirect("/my/complaints")
        labels = dict(found._fields["mark"]._description_selection(request.env))
        return self._render_complaint(
            "complaint",
            complaint=found,
            messages=found._portal_messages(),
            marks=[(mark, labels[mark]) for mark, _label in MARKS],
            error=error,
        )

    @http.route(
        "/my/complaints/<int:complaint_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_answer(self, complaint_id, text="", **_kwargs):
        return self._act_on(complaint_id, lambda found: found._portal_answer(text))

    @http.route(
        "/my/complaints/<int:complaint_id>/rate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_complaint_rate(self, complaint_id, mark="", note="", **kwargs):
        is_solved = kwargs.get("solved") != "no"
        return self._act_on(
            complaint_id, lambda found: found._portal_rate(mark, note, is_solved)
        )

    def _act_on(self, complaint_id, step):
        """Take a step with a complaint of the user's company, and show it again."""
        try:
            step(request.env["key.account.complaint"]._portal_find(complaint_id))
        except AccessError:
            return request.redirect("/my/complaints")
        except UserError as problem:
            return self.portal_complaint(complaint_id, error=str(problem))
        return request.redirect(f"/my/complaints/{complaint_id}")

    def _render_complaint(self, template, **values):
        layout = self._prepare_portal_layout_values()
        page = f"key_account_service.portal_{template}_template"
        return request.render(page, {**layout, **values, "page_name": "complaints"})
