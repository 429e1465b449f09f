# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import io

import openpyxl

from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common_card import KeyAccountCardCommon

REPORT = "key_account_crm.report_key_account_card"


@tagged("post_install", "-at_install")
class TestKeyAccountCardPrint(KeyAccountCardCommon, HttpCase):
    """The printed card, the card maker's list, the time line (CARD-03, CARD-09)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._open_card(holder_name="=SUM(1) & <b>")

    def test_the_card_is_printed_with_number_barcode_and_holder(self):
        self.env.invalidate_all()
        report = self.env["ir.actions.report"].with_user(self.head)
        html, _kind = report._render_qweb_html(REPORT, self.card.ids)
        html = html.decode()
        self.assertIn("T001 0", html)
        self.assertIn("data:image/svg+xml;base64,", html)
        self.assertIn("=SUM(1) &amp; &lt;b&gt;", html)
        self.assertNotIn("<b>", html.partition("SUM(1)")[2][:20])

    def test_the_pdf_is_made_or_says_what_is_missing(self):
        report = self.env["ir.actions.report"].with_user(self.head)
        report = report.with_context(force_report_rendering=True)
        if report.get_wkhtmltopdf_state() != "install":
            pdf, kind = report._render_qweb_pdf(REPORT, self.card.ids)
            self.assertEqual((kind, pdf[:4]), ("pdf", b"%PDF"))
        else:
            with self.assertRaisesRegex(UserError, "(?i)wkhtmltopdf"):
                report._render_qweb_pdf(REPORT, self.card.ids)

    def _download(self, user, cards):
        action = cards.with_user(user).action_maker_list()
        self.env.flush_all()
        self.authenticate(user.login, user.login)
        return self.url_open(action["url"])

    def test_the_makers_list_keeps_text_and_leaves_a_trace(self):
        answer = self._download(self.head, self.card | self._apply(number=False))
        self.assertEqual(answer.status_code, 200)
        rows = list(openpyxl.load_workbook(io.BytesIO(answer.content)).active.values)
        self.assertEqual(len(rows), 2)
        self.assertEqual(rows[1][:3], ("T0010", "Gold Card", "=SUM(1) & <b>"))
        self.assertEqual(rows[1][5], "0571800001")
        event = self.env["key.account.event"].search([], limit=1, order="id desc")
        self.assertEqual(event.user_id, self.head)

    def test_a_list_is_downloaded_by_the_one_who_chose_only(self):
        url = self.card.with_user(self.head).action_maker_list()["url"]
        self.env.flush_all()
        self.authenticate("ka_company", "ka_company")
        with mute_logger("odoo.http"):
            self.assertEqual(self.url_open(url).status_code, 404)

    def test_applications_are_not_made_and_managers_do_not_order(self):
        with self.assertRaisesRegex(UserError, "Only issued cards"):
            self._apply(number=False).with_user(self.head).action_maker_list()
        with self.assertRaises(AccessError):
            self.card.with_user(self.manager).action_maker_list()

    def test_the_time_line_tells_steps_to_those_who_read_cards(self):
        domain = [("partner_id", "=", self.customer.id), ("kind", "=", "card")]
        self.env.flush_all()
        for user, count in (
            (self.manager, 3),
            (self.head, 3),
            (self.office, 3),
            (self.manager_b, 0),
            (self.agent, 0),
            (self.finance, 0),
        ):
            with self.subTest(user=user.login):
                self.env.invalidate_all()
                lines = self.env["key.account.timeline"].with_user(user)
                self.assertEqual(lines.search_count(domain), count)
        rows = self.env["key.account.timeline"].search(domain)
        self.assertIn("Opening", " ".join(rows.mapped("summary")))
        others = [("partner_id", "=", self.customer.id), ("kind", "!=", "card")]
        ids = [
            self.env["key.account.timeline"].with_user(user).search(others).ids
            for user in (self.head, self.agent)
        ]
        self.assertEqual(ids[0], ids[1])
