# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_actions_report import _wkhtml

from .. import engine
from ..resource import Resources
from ..sheet import get_sheet

ENGINES = ("auto", "weasyprint", "wkhtmltopdf")


class IrActionsReport(models.Model):
    """Renders papers by WeasyPrint where wkhtmltopdf is not there or not wanted."""

    _inherit = "ir.actions.report"

    @api.model
    def get_wkhtmltopdf_state(self):
        """What the web client asks before it downloads a paper."""
        return "ok" if self._is_weasyprint_used() else super().get_wkhtmltopdf_state()

    @api.model
    def _is_weasyprint_used(self):
        wanted = self._get_pdf_engine()
        if wanted != "auto":
            return wanted == "weasyprint"
        other = _wkhtml()
        if other.state == "ok" and other.is_patched_qt:
            return False
        # Where neither is there the person is told how to get this one.
        return engine.is_there() or other.state == "install"

    @api.model
    def _get_pdf_engine(self):
        # sudo: a setting of the system, which whoever prints goes by
        parameters = self.env["ir.config_parameter"].sudo()
        wanted = parameters.get_param("key_account_pdf.engine") or "auto"
        if wanted not in ENGINES:
            raise UserError(
                self.env._(
                    "The system parameter key_account_pdf.engine is “%(value)s”; "
                    "set it to one of: %(engines)s.",
                    value=wanted,
                    engines=", ".join(ENGINES),
                )
            )
        return wanted

    @api.model
    def _run_wkhtmltopdf(
        self,
        bodies,
        report_ref=False,
        header=None,
        footer=None,
        landscape=False,
        specific_paperformat_args=None,
        set_viewport_size=False,
    ):
        if not self._is_weasyprint_used():
            return super()._run_wkhtmltopdf(
                bodies,
                report_ref=report_ref,
                header=header,
                footer=footer,
                landscape=landscape,
                specific_paperformat_args=specific_paperformat_args,
                set_viewport_size=set_viewport_size,
            )
        report = self._get_report(report_ref) if report_ref else self
        sheet = get_sheet(
            report.get_paperformat(), landscape, specific_paperformat_args
        )
        paper = self._load_pdf_engine().Paper(
            sheet,
            self._get_report_url(),
            self._get_pdf_resource,
            title=(report_ref and report.name) or self.env.company.name,
            lang=self.env.lang,
        )
        return paper.render(bodies, header, footer)

    @api.model
    def _load_pdf_engine(self):
        try:
            return engine.load()
        except engine.EngineMissing as error:
            raise UserError(
                self.env._(
                    "No PDF can be made on this server: %(reason)s\n"
                    "Its administrator types, as root: %(remedy)s",
                    reason=str(error),
                    remedy=error.remedy,
                )
            ) from error

    @api.model
    def _get_pdf_resource(self, path, query):
        """The bytes a paper shows from a path of this Odoo, or None. Hook for routes
        that an addon adds: what is given back is printed for the current user."""
        # A portal's paper is rendered by the superuser; its pictures are not.
        return Resources(self.env(su=False)).read(path, query)
