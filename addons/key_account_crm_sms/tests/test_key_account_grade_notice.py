# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from odoo.tests import Form, tagged

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountGradeNotice(KeyAccountCommon):
    """Notices ahead (domain 2.2): looked at, then each customer gets one message."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("zh_CN")
        cls.country = cls.env.ref("base.cn")
        cls.own = cls._customer("Own", "13812345678", email="own@example.com")
        cls.chinese = cls._customer("客户", "138 1234 5679", lang="zh_CN")
        cls.silent = cls._customer("Silent", "13812345670")
        cls.wrong = cls._customer("Wrong", "12")
        cls.env["phone.blacklist"].create({"number": "+8613812345670"})
        cls.customers = cls.own + cls.chinese + cls.silent + cls.wrong

    @classmethod
    def _customer(cls, name, phone, **vals):
        customer = cls._create_customer(
            name, cls.manager, country_id=cls.country.id, **vals
        )
        customer.phone = phone
        return customer

    def _open(self):
        """The wizard as the manager opens it when these customers are due."""
        standings = type(self.env["key.account.standing"])
        due = self.customers.ids
        with patch.object(standings, "_get_grade_notices_due", lambda _self: due):
            return (
                self.env["key.account.grade.notice"].with_user(self.manager).create({})
            )

    def _sent(self):
        return self.env["sms.sms"].search([("partner_id", "in", self.customers.ids)])

    def test_a_preview_says_who_gets_what(self):
        lines = self._open().line_ids
        self.assertRecordValues(
            lines.sorted(lambda line: self.customers.ids.index(line.partner_id.id)),
            [
                {
                    "sms_number": "+8613812345678",
                    "is_sms_chosen": True,
                    "is_chosen": True,
                    "is_without_address": False,
                },
                {
                    "sms_number": "+8613812345679",
                    "is_sms_chosen": True,
                    "is_chosen": True,
                    "is_without_address": False,
                },
                {
                    "sms_number": "+8613812345670",
                    "is_sms_chosen": False,
                    "is_chosen": False,
                    "is_without_address": True,
                },
                {
                    "sms_number": False,
                    "is_sms_chosen": False,
                    "is_chosen": False,
                    "is_without_address": True,
                },
            ],
        )
        self.assertFalse(self._sent())

    def test_one_message_a_customer_in_its_language(self):
        wizard = self._open()
        wizard.line_ids.is_chosen = True
        wizard.line_ids.is_sms_chosen = True
        wizard.line_ids.copy({"wizard_id": wizard.id})
        wizard.action_send()
        sent = self._sent().sorted(
            lambda sms: self.customers.ids.index(sms.partner_id.id)
        )
        self.assertRecordValues(
            sent,
            [
                {
                    "partner_id": self.own.id,
                    "number": "+8613812345678",
                    "state": "outgoing",
                },
                {
                    "partner_id": self.chinese.id,
                    "number": "+8613812345679",
                    "state": "outgoing",
                },
            ],
        )
        self.assertIn("Dear customer", sent[0].body)
        self.assertIn("尊敬的客户", sent[1].body)
        self.assertEqual(self.own.message_ids[0].message_type, "sms")

    def test_what_was_changed_is_what_is_sent(self):
        wizard = self._open()
        with Form(wizard) as form:
            for index, line in enumerate(wizard.line_ids):
                with form.line_ids.edit(index) as row:
                    row.is_chosen = line.partner_id == self.own
                    if line.partner_id == self.own:
                        row.sms_text = "As discussed"
        wizard.action_send()
        self.assertEqual(self._sent().mapped("body"), ["As discussed"])

    def test_without_the_mark_no_message(self):
        wizard = self._open()
        wizard.line_ids.filtered(
            lambda x: x.partner_id == self.own
        ).is_sms_chosen = False
        wizard.action_send()
        self.assertEqual(self._sent().partner_id, self.chinese)

    def test_the_number_is_the_one_of_the_file(self):
        wizard = self._open()
        line = wizard.line_ids.filtered(lambda x: x.partner_id == self.own)
        line.phone = "+8613999999999"
        self.own.phone = "13812345677"
        wizard.action_send()
        numbers = self._sent().mapped("number")
        self.assertIn("+8613812345677", numbers)
        self.assertNotIn("+8613999999999", numbers)
