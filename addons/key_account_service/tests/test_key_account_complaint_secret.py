# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountComplaintSecret(ComplaintCommon):
    """A secret complaint exists for the people concerned only, wherever one looks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.open = cls._complaint(subject="Open matter")
        cls.secret = cls._complaint(
            user=cls.agent, subject="Secret matter", is_secret=True, cost=7
        )
        with freeze_time("2026-01-15 09:00:00"):
            cls.secret.message_post(body="Secret note")
        cls.deputy = cls._create_user("ka_deputy", "agent", cls.centre)
        cls.knowing = cls.agent | cls.manager | cls.head | cls.director
        # They read the open one of the same customer, or no complaint at all.
        cls.others = cls.company | cls.office | cls.deputy
        cls.strangers = cls.colleague | cls.manager_2 | cls.head_b | cls.finance

    def _see(self, model, user, domain=()):
        self.env.invalidate_all()
        rows = self.env[model].with_user(user)
        if not rows.has_access("read"):
            return rows.browse()
        return rows.search([("partner_id", "=", self.acme.id), *domain])

    def test_the_people_concerned_read_it(self):
        for user in self.knowing:
            with self.subTest(user.login):
                found = self._see("key.account.complaint", user)
                self.assertEqual(found, self.open | self.secret)
                self.assertEqual(
                    found[0].with_user(user).step_ids.complaint_id, found[0]
                )

    def test_nobody_else_does(self):
        for user in self.others:
            with self.subTest(user.login):
                self.assertEqual(self._see("key.account.complaint", user), self.open)
                with self.assertRaises(AccessError):
                    self.secret.with_user(user).read(["subject"])
        for user in self.strangers:
            with self.subTest(user.login):
                self.assertFalse(self._see("key.account.complaint", user))

    def test_neither_counted_nor_told_of(self):
        """Counts, reports, attainment, time line, steps, clock, chatter, export."""
        with freeze_time("2026-01-16 07:00:00"):
            self.secret.with_user(self.agent)._reply("Said in private.")
            self.open._reply("Said openly.")
        compensations = self.env["key.account.compensation"]
        compensations.create(
            {
                "complaint_id": self.secret.id,
                "kind_id": self.refund.id,
                "amount": 5,
                "reason": "Secret reason",
            }
        )
        tells = {
            "key.account.complaint.report": "complaint_id",
            "key.account.complaint.step": "complaint_id",
            "key.account.compensation": "complaint_id",
            "key.account.attainment": "res_id",
            "key.account.timeline": "res_id",
            "key.account.clock.event": "res_id",
        }
        for model, fname in tells.items():
            rows = self.env[model]
            domain = []
            if "res_model" in rows._fields:
                domain = [("res_model", "=", "key.account.complaint")]
            for user in self.knowing | self.others | self.strangers:
                with self.subTest(f"{model} {user.login}"):
                    found = self._see(model, user, domain).mapped(fname)
                    ids = set(found.ids if fname == "complaint_id" else found)
                    is_knowing = user in self.knowing
                    self.assertEqual(self.secret.id in ids, is_knowing)
                    if user in self.strangers:
                        self.assertFalse(ids, "of other units, or finance")
        for user in self.others:
            partner = self.acme.with_user(user)
            partner.invalidate_recordset()
            self.assertEqual(partner.key_account_complaint_count, 1)
        for user in self.others | self.strangers:
            messages = self.env["mail.message"].with_user(user)
            found = messages.search(
                [
                    ("model", "=", "key.account.complaint"),
                    ("res_id", "=", self.secret.id),
                ]
            )
            self.assertFalse(found, user.login)
        with self.assertRaises(AccessError):
            self.secret.with_user(self.company).export_data(["name"])

    def test_months_leave_it_out(self):
        """A month is read by everybody of the unit."""
        self.open.cost = 3
        self.env.flush_all()
        months = self.env["key.account.month"].search(
            [("partner_id", "=", self.acme.id), ("complaint_count", ">", 0)]
        )
        self.assertEqual((months.complaint_count, months.amount_cost), (1, 3))

    def test_alarms_reach_the_people_concerned_only(self):
        with freeze_time("2026-01-20 08:00:00"):
            self.env["key.account.complaint"]._clock_raise_alarms()
        users = self.secret.activity_ids.user_id
        self.assertTrue(users)
        self.assertFalse(users & (self.others | self.strangers))

    def test_made_secret_it_is_forgotten(self):
        self.open._dispatch(self.post_1, self.colleague)
        self.open.message_subscribe(partner_ids=self.company.partner_id.ids)
        self.open.activity_schedule(
            "mail.mail_activity_data_todo", user_id=self.company.id
        )
        self.open.with_user(self.head).action_make_secret()
        self.assertNotIn(self.company.partner_id, self.open.message_partner_ids)
        self.assertNotIn(self.company, self.open.activity_ids.user_id)
        self.assertTrue(self.open.with_user(self.colleague).has_access("write"))
        self.assertFalse(self.open.with_user(self.company).has_access("read"))
        events = self._see("key.account.clock.event", self.company)
        self.assertFalse(events)

    def test_the_escalated_head_learns_of_it(self):
        self.secret.with_user(self.agent)._escalate("Too delicate for us")
        self.assertTrue(self.secret.with_user(self.company).has_access("read"))
        self.assertIn(self.company, self.secret.activity_ids.user_id)

    def test_who_makes_it_open_again(self):
        secret = self.secret.with_user(self.manager)
        with self.assertRaises(AccessError):
            secret._lift_secrecy("Why not")
        with self.assertRaises(UserError):
            secret.is_secret = False
        self.secret.with_user(self.head)._lift_secrecy("Settled")
        self.assertFalse(self.secret.is_secret)
        self.assertTrue(self.secret.with_user(self.company).has_access("read"))
        self.assertEqual(self.secret.step_ids[-1].kind, "open")
        events = self._see("key.account.clock.event", self.company)
        self.assertIn(self.secret.id, events.mapped("res_id"))

    def test_totals_are_sums_of_rows(self):
        """Every total equals the rows that its reader may open."""
        for user in self.knowing | self.others:
            self.env.invalidate_all()
            report = self.env["key.account.complaint.report"].with_user(user)
            domain = [("partner_id", "=", self.acme.id)]
            [[count, cost]] = report._read_group(
                domain, [], ["count:sum", "cost_total:sum"]
            )
            rows = self._see("key.account.complaint", user)
            self.assertEqual(count, len(rows))
            self.assertEqual(cost, sum(rows.mapped("cost_total")))
