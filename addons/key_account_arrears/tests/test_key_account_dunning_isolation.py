# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from lxml import html

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import html2plaintext

from .common import ArrearsCommon

REPORT = "key_account_arrears.report_key_account_dunning_letter"
PHONE, MAIL = "+8675512345678", "office@shared.example.com"
# Texts that try to reach other rows: by every template language Odoo knows.
HOSTILE = """{customer} {code} {amount} {count}
{customer.env} {0.__class__.__mro__} {amount!r:>99} {partner_id} {bill_ids}
${object.env['key.account.bill'].search([]).mapped('name')}
{{ object.env['key.account.bill'].search([]).mapped('name') }}
% for bill in object.env['key.account.bill'].search([]): ${bill.name} % endfor
<t t-out="env['key.account.bill'].search([]).mapped('name')"/>
<t t-foreach="docs.env['res.partner'].search([])" t-as="p"><t t-out="p.name"/></t>
%(amount)s %s {{}} {}"""
CHANNELS = ("sms", "mail", "letter", "call", "visit", "head")


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestDunningIsolation(ArrearsCommon):
    """What reaches anybody holds its own customer's rows and no others, by each
    channel, whatever the texts and the data try (ARR-03, design 3.12).

    All customers share one address and one number; one of them is filed as the other's
    contact for bills; one is served by two companies.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "Asia/Shanghai"
        cls.post_1.head_id = cls.head
        cls.parcel_1.head_id = cls.head_b
        cls.customers = cls.acme | cls.far
        names = ("Twin {amount}", "<b>Bold</b> {{env}}", "Line\r\nBcc: spy@x.example")
        for name in names:
            cls.customers |= cls._create_customer(name, cls.manager)
        cls.below = cls._create_customer(
            "Below", cls.manager, is_company=True, parent_id=cls.acme.id, type="invoice"
        )
        cls.customers |= cls.below
        cls.customers.write({"phone": PHONE, "email": MAIL, "lang": "en_US"})
        cls._create_line_file(cls.acme, cls.express, cls.manager_b)
        cls._pay(cls.bill, 100, "2026-02-20")
        cls.bills = cls.env["key.account.bill"]
        for place, customer in enumerate(cls.customers):
            for number in range(2):
                cls._bill(customer, 1000.01 + place * 111 + number)
        cls._bill(cls.acme, 9876.54, cls.express)

    @classmethod
    def _bill(cls, customer, amount, line=None):
        name = f"BILL-{len(cls.bills) + 1:03}-END"
        cls.bills |= cls._create_bill(
            customer, amount, line, name=name, date_due="2026-02-27"
        )

    @classmethod
    def _policy(cls, channel, body=HOSTILE, **step):
        """Approved, and its text broken in past every check."""
        policy = cls.env["key.account.dunning.policy"].create(
            {
                "name": channel,
                "kind": "group",
                "date_from": "2026-03-01",
                "quiet_from": 0,
                "quiet_to": 0,
                "step_ids": [
                    (0, 0, {"days": 1, "channel": channel, "body": "x", **step})
                ],
            }
        )
        policy.action_approve()
        policy.step_ids.flush_recordset()
        cls.env.cr.execute(
            "UPDATE key_account_dunning_step SET subject = jsonb_build_object("
            "'en_US', %(text)s), body = jsonb_build_object('en_US', %(text)s) "
            "WHERE id = %(id)s",
            {"text": body, "id": policy.step_ids.id},
        )
        policy.step_ids.invalidate_recordset()
        return policy

    def _dun(self, channel, **step):
        self._policy(channel, **step)
        run = self.env["key.account.dunning.run"].with_user(self.director).create({})
        run.action_preview()
        lines = run.sudo().line_ids.filtered(
            lambda line: line.partner_id in self.customers
        )
        self.assertEqual(len(lines), len(self.customers) + 1)
        run.action_confirm()
        self.assertEqual(set(lines.mapped("state")), {"sent"})
        return lines

    def _own(self, line):
        return self.bills.filtered(
            lambda bill: bill.partner_id == line.partner_id
            and bill.unit_id == line.unit_id
        )

    def _assert_own(self, line, text, with_bills=False):
        """Own name and sum stand in the text, and nothing of anybody else's."""
        own = self._own(line)
        currency = line.currency_id
        text = " ".join(text.replace("\xa0", " ").split())
        said = currency.format(sum(own.mapped("amount"))).replace("\xa0", " ")
        self.assertIn(said, text)
        self.assertIn(" ".join(line.partner_id.name.split()), text)
        for bill in self.bills:
            is_told = with_bills and bill in own
            self.assertEqual(bill.name in text, is_told, bill.name)
            amount = currency.format(bill.amount).replace("\xa0", " ")
            if bill not in own:
                self.assertNotIn(amount, text)
        for other in self.customers - line.partner_id:
            code = other.key_account_code
            self.assertFalse(code and code in text, code)
            self.assertNotIn(" ".join(other.name.split()), text)

    def test_sms(self):
        lines = self._dun("sms")
        for line in lines:
            sms = self.env["sms.sms"].browse(line.notification_id.sms_id_int)
            self.assertEqual(sms.number, PHONE)
            self.assertEqual(sms.partner_id, line.partner_id)
            self._assert_own(line, sms.body)
            self.assertEqual(sms.mail_message_id.res_id, line.id)
            self._assert_own(line, html2plaintext(sms.mail_message_id.body))
        self.assertEqual(len(set(lines.notification_id.mapped("sms_id_int"))), 7)

    def test_mail(self):
        lines = self._dun("mail")
        for line in lines:
            mail = line.notification_id.mail_mail_id
            self.assertEqual(mail.email_to, MAIL)
            self.assertFalse(mail.email_cc or mail.recipient_ids)
            self.assertEqual((mail.model, mail.res_id), (line._name, line.id))
            self._assert_own(line, html2plaintext(mail.body_html))
            self._assert_own(line, mail.subject)
            self.assertNotRegex(mail.subject, r"[\r\n]")
            self.assertNotIn("<b>", mail.body_html)
            self.assertNotIn("<t ", mail.body_html)
        self.assertEqual(len(lines.notification_id.mail_mail_id), 7)

    def test_letter(self):
        """Also of several customers on one print, whoever prints it."""
        lines = self._dun("letter")
        report = self.env["ir.actions.report"]
        for user in (self.director, self.office):
            content, _kind = report.with_user(user)._render_qweb_html(REPORT, lines.ids)
            pages = html.fromstring(content).xpath("//div[@class='page']")
            for line, page in zip(lines, pages, strict=True):
                self._assert_own(line, page.text_content(), with_bills=True)
                [total] = page.xpath(".//tfoot//th[last()]")
                self.assertEqual(
                    total.text_content(), line.currency_id.format(line.amount)
                )
        mine = lines.filtered(lambda line: line.partner_id == self.far)
        content, _kind = report.with_user(self.manager_b)._render_qweb_html(
            REPORT, mine.ids
        )
        self._assert_own(mine, html.fromstring(content).text_content(), with_bills=True)

    def test_call(self):
        self._assert_tasks("call", manager=True)

    def test_visit(self):
        self._assert_tasks("visit", manager=True)

    def test_tell_the_head(self):
        self._assert_tasks("head", manager=False)

    def _assert_tasks(self, channel, manager):
        for line in self._dun(channel):
            task = line.activity_ids
            self.assertEqual(len(task), 1)
            wanted = line.manager_id if manager else line.unit_id.head_id
            self.assertEqual(task.user_id, wanted)
            line.with_user(task.user_id).check_access("read")
            self._assert_own(line, html2plaintext(task.note))
            self._assert_own(line, task.summary)

    def test_a_contact_that_is_a_customer_gets_nothing_about_another(self):
        self.acme.write({"phone": False, "email": False})
        self._policy("sms", fallback="mail")
        run = self.env["key.account.dunning.run"].create({"unit_id": self.post_1.id})
        run.action_preview()
        line = run.line_ids.filtered(lambda line: line.partner_id == self.acme)
        self.assertRecordValues(line, [{"reason": "address", "contact_id": False}])
        self.assertFalse(line._get_fallback_contact("mail"))

    def test_a_text_with_unknown_places_is_refused(self):
        policy = self.env["key.account.dunning.policy"].create(
            {
                "name": "Bad",
                "kind": "group",
                "date_from": "2026-03-01",
                "step_ids": [
                    (0, 0, {"days": 1, "channel": "sms", "body": "{customer.env}"})
                ],
            }
        )
        with self.assertRaisesRegex(UserError, "customer.env"):
            policy.action_approve()

    def test_other_way_takes_the_same_text(self):
        """The fall-back of one customer says nothing of those at the same number."""
        lines = self._dun("sms", fallback="mail")
        line = lines[0]
        line.notification_id.write(
            {"notification_status": "exception", "failure_reason": "unknown number"}
        )
        line._fall_back()
        line._send_queued()
        mail = line.notification_id.mail_mail_id
        self._assert_own(line, html2plaintext(mail.body_html))
        self.assertEqual(set((lines - line).mapped("channel")), {"sms"})

    def test_merged_customers(self):
        """What went out stays under the former code; what waits does not go out."""
        lines = self._dun("letter")
        twin = self.customers[2]
        code = twin.key_account_code
        sent = lines.filtered(lambda line: line.partner_id == twin)
        body = sent.body
        again = self.env["key.account.dunning.run"].create(
            {"unit_id": self.post_1.id, "partner_ids": [(6, 0, twin.ids)]}
        )
        self._pay(self._own(sent)[0], 500, "2026-03-02")
        self._policy_again()
        again.action_preview()
        waiting = again.line_ids
        self.assertEqual(waiting.state, "ready")
        self.acme.with_user(self.company)._key_account_merge(twin, "The same company")
        self.assertRecordValues(
            waiting, [{"state": "left_out", "reason": "merged", "former_code": code}]
        )
        self.assertRecordValues(
            sent,
            [{"partner_id": self.acme.id, "state": "sent", "former_code": code}],
        )
        self.assertEqual(sent.body, body)
        letter = sent._get_letter()
        self.assertFalse(letter["rows"])
        self.assertNotIn("Acme", letter["body"])
        sent.write({"state": "sent"})
        sent._take_other_way()
        self.assertEqual(sent.state, "failed")

    def _policy_again(self):
        """The step of another day, as if the policy had another one."""
        policy = self.env["key.account.dunning.policy"].search(
            [("kind", "=", "group"), ("state", "=", "approved")]
        )
        self.env.cr.execute(
            "UPDATE key_account_dunning_step SET days = 2 WHERE rule_id = %s",
            [policy.id],
        )
        self.env.invalidate_all()

    def test_a_letter_adds_up_to_what_it_asks_for(self):
        """Without what is contested, less the credits: to the cent (ARR-12)."""
        own = self.bills.filtered(lambda bill: bill.partner_id == self.far)
        self.env["key.account.dispute"].create(
            {
                "bill_id": own[0].id,
                "amount": 0.5,
                "date": "2026-03-01",
                "reason": "Too much",
            }
        )
        self._create_bill(self.far, -100.25)
        lines = self._dun("letter")
        line = lines.filtered(lambda line: line.partner_id == self.far)
        letter = line._get_letter()
        currency = line.currency_id
        self.assertAlmostEqual(line.amount, sum(own.mapped("amount")) - 0.5 - 100.25)
        self.assertEqual(letter["credit"], currency.format(-100.25))
        self.assertEqual(letter["total"], currency.format(line.amount))
        self.assertEqual(
            [row["open"] for row in letter["rows"]],
            [currency.format(own[0].amount - 0.5), currency.format(own[1].amount)],
        )

    def test_a_disputed_bill_is_not_counted(self):
        own = self.bills.filtered(lambda bill: bill.partner_id == self.far)
        self.env["key.account.dispute"].create(
            {
                "bill_id": own[0].id,
                "amount": own[0].amount,
                "date": "2026-03-01",
                "reason": "Never ordered",
            }
        )
        lines = self._dun("sms")
        line = lines.filtered(lambda line: line.partner_id == self.far)
        self.assertRecordValues(line, [{"bill_count": 1, "amount": own[1].amount}])

    def test_two_managers_of_a_customer_one_message(self):
        line = self._create_line("T-OTHER", self.post)
        self._create_line_file(self.acme, line, self.colleague)
        self._create_bill(self.acme, 55.5, line, date_due="2026-02-27")
        self._dun("sms")
