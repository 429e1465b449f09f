# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import doctest
import io

import openpyxl

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import assignment_file
from .common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountHandoverUpload(ManagerCommon):
    """Customers are assigned by file; what cannot be is said row by row (ASG-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.files[cls.colleague].number = "0042"
        cls.one = cls._create_customer("One", cls.manager, key_account_code="000101")
        cls.two = cls._create_customer("Two", cls.manager, key_account_code="000102")
        cls.far = cls._create_customer("Far", cls.manager_b, key_account_code="000201")
        cls.file = cls._create_line_file(cls.one, cls.letter, cls.manager)

    def _upload(self, content, name="rows.csv", user=None):
        wizard = (
            self.env["key.account.handover.upload"]
            .with_user(user or self.head)
            .create({"file": base64.b64encode(content), "file_name": name})
        )
        action = wizard.action_upload()
        return self.env["key.account.handover"].browse(action["res_id"])

    def test_good_rows_go_and_others_are_named(self):
        rows = [
            "customer,line,manager",
            "000101,,ka_colleague",
            "000102,,",
            "000101,T-LETTER,0042",
            "000201,,ka_colleague",
            "999999,,ka_colleague",
            "000102,T-EXPRESS,ka_colleague",
            "000102,,nobody",
            "000101,,ka_manager_2",
        ]
        order = self._upload("\n".join(rows).encode())
        self.assertRecordValues(
            order, [{"line_count": 3, "refused_count": 5, "state": "prepared"}]
        )
        refused = base64.b64decode(order.refused_file).decode("utf-8-sig")
        for number, text in (
            (5, "000201"),
            (6, "999999"),
            (7, "T-EXPRESS"),
            (8, "nobody"),
            (9, "ka_manager_2"),
        ):
            row = next(r for r in refused.splitlines() if r.startswith(f"{number},"))
            self.assertIn(text, row)
        order.with_user(self.head).action_confirm()
        self.assertEqual(self.one.key_account_manager_id, self.colleague)
        self.assertFalse(self.two.key_account_manager_id)
        self.assertEqual(self.file.manager_id, self.colleague)
        self.assertEqual(self.far.key_account_manager_id, self.manager_b)

    def test_a_row_that_stands_twice(self):
        order = self._upload(b"c,l,m\n000101,,ka_colleague\n000101,,0042\n")
        self.assertRecordValues(order, [{"line_count": 1, "refused_count": 1}])

    def test_workbooks(self):
        book = openpyxl.Workbook()
        book.active.append(["客户", "专业", "经理"])
        book.active.append(["000101", None, "ka_colleague"])
        content = io.BytesIO()
        book.save(content)
        order = self._upload(content.getvalue(), "rows.xlsx")
        self.assertEqual(order.line_count, 1)

    def test_what_is_no_table_is_refused(self):
        for content in (b"PK\x03\x04 broken", b"\x00\xff\x00\xff", b"", b"a,b,c\n"):
            with self.subTest(content), self.assertRaises(UserError):
                self._upload(content)

    def test_examples(self):
        self.assertFalse(doctest.testmod(assignment_file).failed)

    def test_a_thousand_rows_cost_no_more_queries_than_ten(self):
        def count(number):
            customers = self.env["res.partner"].create(
                [
                    {
                        "name": f"N{index}",
                        "key_account_kind": "group",
                        "key_account_unit_id": self.post_1.id,
                    }
                    for index in range(number)
                ]
            )
            rows = [f"{one.key_account_code},,ka_colleague" for one in customers]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self._upload("\n".join(["c,l,m", *rows]).encode()).action_confirm()
            return self.env.cr.sql_log_count - before

        count(2)
        self.assertLessEqual(count(300), count(10) + 5)
