# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .common import ArrearsCommon

REPORT = "key_account_arrears.report_key_account_arrears_statement"


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestStatement(ArrearsCommon):
    """The customer's statement, of the rows its reader may open (ARR-01)."""

    def _statement(self, user=None, **vals):
        statements = self.env["key.account.arrears.statement"]
        return statements.with_user(user or self.manager).create(
            {
                "partner_id": self.acme.id,
                "date_from": "2026-02-01",
                "date_to": "2026-03-31",
                **vals,
            }
        )

    def test_figures_follow_the_ledgers(self):
        later = self._create_bill(
            self.acme, 50, date_bill="2026-03-01", date_due="2026-04-01"
        )
        self._pay(self.bill, 30, "2026-02-20")
        self._pay(later, 5, "2026-04-02")
        self.assertRecordValues(
            self._statement(),
            [
                {
                    "opening": 100,
                    "billed": 50,
                    "paid": 30,
                    "closing": 120,
                    "overdue": 70,
                    "bill_ids": later.ids,
                }
            ],
        )
        self.assertRecordValues(
            self._statement(date_from="2026-04-01", date_to="2026-04-30"),
            [{"opening": 120, "billed": 0, "paid": 5, "closing": 115, "overdue": 115}],
        )

    def test_allocated_credits_are_no_payments(self):
        note = self._create_bill(self.acme, -40)
        self.env["key.account.allocation"].create(
            {
                "credit_id": note.id,
                "bill_id": self.bill.id,
                "amount": 40,
                "date": "2026-02-20",
            }
        )
        statement = self._statement()
        self.assertRecordValues(statement, [{"opening": 60, "paid": 0, "closing": 60}])
        self.assertEqual(statement._get_items().mapped("amount_open"), [60])

    def test_only_rows_of_its_reader(self):
        self._create_line_file(self.acme, self.express, self.manager_b)
        self._create_bill(self.acme, 1000, self.express)
        self.assertEqual(self._statement().closing, 100)
        self.assertEqual(self._statement(self.manager_b).closing, 1000)
        self.assertEqual(self._statement(self.director).closing, 1100)

    def test_it_speaks_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        for lang, title in (("en_US", "Statement of Account"), ("zh_CN", "对账单")):
            self.acme.lang = lang
            statement = self._statement()
            content, _kind = self.env["ir.actions.report"]._render_qweb_html(
                REPORT, statement.ids
            )
            page = html.fromstring(content)
            self.assertEqual(page.xpath("//h2/text()")[0].strip(), title)
            text = page.text_content()
            self.assertIn("Acme", text)
            self.assertIn("100.00", text)
            self.assertNotIn("Far", text)

    def test_ages_add_up(self):
        self._create_bill(self.acme, 50, date_bill="2026-03-01", date_due="2026-04-01")
        self._create_bill(self.acme, -5)
        statement = self._statement()
        ages = statement._get_ages(statement._get_items())
        self.assertEqual(sum(amount for _name, amount in ages), statement.closing)
        self.assertEqual(len(ages), 3)

    def test_a_period_ends_after_it_begins(self):
        with self.assertRaisesRegex(UserError, "ends after"):
            self._statement(date_to="2026-01-01")

    def test_from_a_row_of_the_list(self):
        item = self._items("2026-03-05", self.manager)
        action = item.with_context(key_account_as_of="2026-03-05").action_statement()
        form = Form(
            self.env["key.account.arrears.statement"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        self.assertEqual(form.partner_id, self.acme)
        self.assertEqual(str(form.date_to), "2026-03-05")
