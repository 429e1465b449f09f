# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from pypdfium2 import PdfDocument

from odoo.tests import tagged

from .common import PaperCommon

ROWS = """
<table>
    <thead><tr><th>Column</th></tr></thead>
    <tbody><tr t-foreach="range(120)" t-as="n"><td>row <t t-out="n"/></td></tr></tbody>
</table>
"""


@tagged("post_install", "-at_install")
class TestPaper(PaperCommon):
    """Pages as they come out: size, header, footer, numbers, order."""

    def _size(self, content):
        box = self._read(content).pages[0].mediabox
        return [round(float(side) / 72 * 25.4) for side in (box.width, box.height)]

    def test_chinese_is_text_and_in_a_chinese_font(self):
        content = self._render(lang="zh_CN")
        self.assertIn("滨江市商业银行", self._texts(content)[0])
        fonts = self._read(content).pages[0]["/Resources"]["/Font"].values()
        names = " ".join(font.get_object()["/BaseFont"] for font in fonts)
        self.assertIn("CJK-SC", names.replace("Noto-Sans-", "").replace(" ", "-"))

    def test_header_footer_and_columns_are_on_each_page(self):
        texts = self._texts(self._render(body=ROWS))
        self.assertGreater(len(texts), 2)
        for number, text in enumerate(texts, 1):
            self.assertIn("Letterhead", text)
            self.assertIn(f"Page {number} / {len(texts)}", text)
            self.assertIn("Column", text)
        rows = [int(n) for text in texts for n in _numbers(text)]
        self.assertEqual(rows, list(range(120)))

    def test_several_records_follow_in_order_each_with_its_own_pages(self):
        texts = self._texts(self._render(self.partners, ROWS + "<p t-out='o.name'/>"))
        half = len(texts) // 2
        self.assertEqual(len(texts), 2 * half)
        self.assertIn("滨江市商业银行", texts[half - 1])
        self.assertIn("Second Customer", texts[-1])
        for number, text in enumerate(texts):
            self.assertIn(f"Page {number % half + 1} / {half}", text)

    def test_each_record_keeps_its_own_paper_as_an_attachment(self):
        """Odoo cuts the one PDF by its outline."""
        self.report.attachment = "'Paper of ' + object.name"
        self._render(self.partners, ROWS + "<p t-out='o.name'/>")
        for partner in self.partners:
            kept = self.env["ir.attachment"].search(
                [("res_model", "=", "res.partner"), ("res_id", "=", partner.id)]
            )
            texts = self._texts(kept.raw)
            self.assertIn(partner.name, texts[-1])
            self.assertIn(f"Page 1 / {len(texts)}", texts[0])
            self.assertNotIn((self.partners - partner).name, "".join(texts))

    def test_size_and_direction_of_the_sheet(self):
        self.assertEqual(self._size(self._render()), [210, 297])
        self.assertEqual(self._size(self._render(landscape=True)), [297, 210])
        self.report.paperformat_id = self.env["report.paperformat"].create(
            {
                "name": "Label",
                "format": "custom",
                "page_width": 80,
                "page_height": 50,
                "orientation": "Portrait",
                "margin_top": 4,
                "margin_bottom": 4,
                "header_spacing": 0,
            }
        )
        self.assertEqual(self._size(self._render()), [80, 50])

    def test_what_the_template_wants_goes_before_the_paper_format(self):
        arguments = {"data-report-landscape": "1", "data-report-margin-top": "0"}
        report = self.env["ir.actions.report"]
        content = report._run_wkhtmltopdf(
            ["<p>Body</p>"], self.report.id, specific_paperformat_args=arguments
        )
        self.assertEqual(self._size(content), [297, 210])
        _left, top = self._place(content, "Body")
        self.assertLess(top, 8)

    def test_lengths_are_kept_where_shrinking_is_disabled(self):
        body = "<p style='margin: 100mm 0 0 50mm'>Mark</p>"
        paperformat = self.env.company.paperformat_id.copy({"name": "Exact"})
        self.report.paperformat_id = paperformat
        places = []
        for paperformat.disable_shrinking in (True, False):
            start = self._place(self._render(body="<p>Mark</p>"), "Mark")
            end = self._place(self._render(body=body), "Mark")
            places.append([round(b - a) for a, b in zip(start, end, strict=True)])
        self.assertEqual(places[0][0], 50)
        self.assertEqual(places[1][0], 40)

    def _place(self, content, word):
        """Millimetres from the left and the top of the sheet."""
        page = PdfDocument(content)[0]
        text = page.get_textpage()
        start, _count = text.search(word).get_next()
        left, _bottom, _right, top = text.get_charbox(start)
        return left / 72 * 25.4, (page.get_height() - top) / 72 * 25.4

    def test_columns_that_need_a_width_are_side_by_side(self):
        """Media queries on the width hold on paper too."""
        columns = "".join(f"<div class='col-md-6'>{w}</div>" for w in ("Left", "Right"))
        body = f"<div class='row'>{columns}</div>"
        content = self._render(body=body)
        left, right = (self._place(content, word) for word in ("Left", "Right"))
        self.assertAlmostEqual(left[1], right[1], delta=1)
        self.assertGreater(right[0] - left[0], 60)

    def test_a_body_without_layout_is_rendered_all_the_same(self):
        report = self.env["ir.actions.report"]
        content = report._run_wkhtmltopdf(["<p>Bare</p>", "<p>Second</p>"])
        self.assertEqual(
            [text.strip() for text in self._texts(content)], ["Bare", "Second"]
        )

    def test_pages_of_many_records_cost_no_query_per_record(self):
        """Style sheets and logo are read once, however many customers are printed."""
        many = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(12)]
        )
        self._render(many[:2])
        counts = []
        for records in (many[:2], many):
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._render(records)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1] - counts[0], 4)


def _numbers(text):
    return re.findall(r"row (\d+)", text)
