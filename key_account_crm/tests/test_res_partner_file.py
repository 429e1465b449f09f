# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestResPartnerFile(KeyAccountCommon):
    """The printed customer file shows what its reader may read (FILE-21)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.shared = cls._create_customer(
            "Shared & Sons <b>", cls.manager, key_account_legal_person="Ada Shared"
        )
        cls._create_line_file(
            cls.shared, cls.letter, cls.manager, agreement_number="AGREE-LETTER"
        )
        cls._create_line_file(
            cls.shared, cls.express, cls.manager_b, agreement_number="AGREE-EXPRESS"
        )
        cls._create_bill(cls.shared, 11.5, cls.letter, name="BILL-LETTER")
        cls._create_bill(cls.shared, 22.5, cls.express, name="BILL-EXPRESS")

    def _print(self, user, partner=None):
        self.env.invalidate_all()  # a request serves one user and starts empty
        report = self.env["ir.actions.report"].with_user(user)
        html, _kind = report._render_qweb_html(
            "key_account_crm.report_res_partner_file", (partner or self.shared).ids
        )
        return html.decode()

    def test_each_company_prints_its_own_line(self):
        for user, own, foreign in (
            (self.manager, "LETTER", "EXPRESS"),
            (self.manager_b, "EXPRESS", "LETTER"),
        ):
            with self.subTest(user=user.login):
                text = self._print(user)
                self.assertIn("Ada Shared", text)
                self.assertIn(f"AGREE-{own}", text)
                self.assertIn(f"BILL-{own}", text)
                self.assertNotIn(f"AGREE-{foreign}", text)
                self.assertNotIn(f"BILL-{foreign}", text)

    def test_hostile_names_are_escaped(self):
        text = self._print(self.manager)
        self.assertIn("Shared &amp; Sons &lt;b&gt;", text)
        self.assertNotIn("Sons <b>", text)

    def test_an_ordinary_contact_has_no_file(self):
        partner = self.env["res.partner"].create({"name": "Nobody"})
        with self.assertRaisesRegex(UserError, "no key account"):
            partner._key_account_file_fields()
