# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.key_account_clock_mixin_customer import MARKS


class KeyAccountPortal(CustomerPortal):
    """The pages on which a customer's contact sees and makes requests."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "request_count" in counters:
            requests = request.env["key.account.request"]
            # sudo: counted within the user's own company.
            found = requests.sudo().search_count(requests._portal_domain())
            values["request_count"] = found
        return values

    @http.route(
        ["/my/requests", "/my/requests/page/<int:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_requests(self, page=1, search="", which="all", **_kwargs):
        # sudo: portal users have no access line; the domain is their own company.
        requests = request.env["key.account.request"].sudo()
        search = search.strip()[:200]
        domain = request.env["key.account.request"]._portal_search(search, which)
        total = requests.search_count(domain)
        shown = pager(
            "/my/requests",
            url_args={"search": search, "which": which},
            total=total,
            page=page,
            step=self._items_per_page,
        )
        found = requests.search(
            domain, limit=self._items_per_page, offset=shown["offset"]
        )
        return self._render(
            "portal_requests",
            requests=found,
            pager=shown,
            total=total,
            search=search,
            which=which,
        )

    @http.route(
        "/my/requests/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def portal_request_new(self, subject="", text="", kind="", **_kwargs):
        error = None
        requests = request.env["key.account.request"]
        if request.httprequest.method == "POST":
            try:
                made = requests._portal_create(subject, text, kind, self._get_files())
                return request.redirect(f"/my/requests/{made.id}")
            except (AccessError, UserError) as problem:
                error = str(problem)
        return self._render(
            "portal_request_new",
            kinds=requests._portal_kinds(),
            subject=subject,
            text=text,
            kind=kind,
            error=error,
        )

    @http.route("/my/requests/<int:request_id>", type="http", auth="user", website=True)
    def portal_request(self, request_id, error=None, **_kwargs):
        try:
            found = request.env["key.account.request"]._portal_find(request_id)
        except AccessError:
            return request.redirect("/my/requests")
        return self._render(
            "portal_request",
            service_request=found,
            messages=found._portal_messages(),
            marks=self._get_marks(found),
            error=error,
        )

    @http.route(
        "/my/requests/<int:request_id>/answer",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_answer(self, request_id, text="", **_kwargs):
        files = self._get_files()
        return self._act(request_id, lambda found: found._portal_answer(text, files))

    @http.route(
        "/my/requests/<int:request_id>/rate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_request_rate(self, request_id, mark="", note="", **kwargs):
        is_solved = kwargs.get("solved") != "no"
        return self._act(
            request_id, lambda found: found._portal_rate(mark, note, is_solved)
        )

    def _act(self, request_id, step):
        """Take a step with a request of the user's company, and show it again."""
        try:
            step(request.env["key.account.request"]._portal_find(request_id))
        except AccessError:
            return request.redirect("/my/requests")
        except UserError as problem:
            return self.portal_request(request_id, error=str(problem))
        return request.redirect(f"/my/requests/{request_id}")

    def _get_files(self):
        """(name, content) of what was sent along."""
        sent = request.httprequest.files.getlist("files")
        return [(file.filename, file.read()) for file in sent if file.filename]

    def _get_marks(self, found):
        labels = dict(found._fields["mark"]._description_selection(request.env))
        return [(mark, labels[mark]) for mark, _label in MARKS]

    def _render(self, template, **values):
        layout = self._prepare_portal_layout_values()
        page = f"key_account_service.{template}_template"
        return request.render(page, {**layout, **values, "page_name": "requests"})
