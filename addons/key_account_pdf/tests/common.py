# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A report made for the test, rendered for real and read back."""

import io

from PyPDF2 import PdfReader

from odoo.tests import TransactionCase

PAGE = """
<t t-name="key_account_pdf.report_test">
    <t t-call="web.html_container">
        <t t-foreach="docs" t-as="o">
            <t t-call="web.external_layout">
                <div class="page">%s</div>
            </t>
        </t>
    </t>
</t>
"""


class PaperCommon(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("key_account_pdf.engine", "weasyprint")
        # What a header shows is the company's; a logo would only cost time.
        cls.env.company.write({"name": "Letterhead", "logo": False})
        cls.view = cls.env["ir.ui.view"].create(
            {
                "type": "qweb",
                "name": "report_test",
                "key": "key_account_pdf.report_test",
                "arch": PAGE % "<h2 t-field='o.name'/>",
            }
        )
        cls.report = cls.env["ir.actions.report"].create(
            {
                "name": "Test Paper",
                "model": "res.partner",
                "report_type": "qweb-pdf",
                "report_name": "key_account_pdf.report_test",
            }
        )
        cls.partners = cls.env["res.partner"].create(
            [{"name": "滨江市商业银行"}, {"name": "Second Customer"}]
        )

    def _render(self, records=None, body=None, user=None, **context):
        if body:
            self.view.arch = PAGE % body
        records = records or self.partners[:1]
        report = self.env["ir.actions.report"].with_user(user or self.env.user)
        report = report.with_context(force_report_rendering=True, **context)
        content, kind = report._render_qweb_pdf(self.report.id, records.ids)
        self.assertEqual((kind, content[:5]), ("pdf", b"%PDF-"))
        return content

    def _read(self, content):
        return PdfReader(io.BytesIO(content))

    def _texts(self, content):
        return [page.extract_text() for page in self._read(content).pages]

    def _pictures(self, content):
        return [
            name
            for page in self._read(content).pages
            for name, thing in page["/Resources"].get("/XObject", {}).items()
            if thing.get_object()["/Subtype"] == "/Image"
        ]
