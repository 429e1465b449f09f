# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, tagged

from .care_common import CareCommon


@tagged("post_install", "-at_install")
class TestKeyAccountCare(CareCommon):
    """Acts of care: planned, done with a gift, refused, counted (SVC-06 to SVC-15)."""

    def test_done_with_outcome_and_cost(self):
        """SVC-07: fees collected at the premises, with what it cost."""
        care = self._care(means="collection", user_id=self.manager.id)
        self.assertEqual(care.activity_ids.user_id, self.manager)
        with freeze_time("2026-01-16"):
            care.with_user(self.manager)._finish(
                outcome="Paid", mark="5", cost=12.5, amount_collected=800
            )
        self.assertRecordValues(
            care,
            [
                {
                    "state": "done",
                    "date_done": self._day("2026-01-16"),
                    "amount": 12.5,
                    "amount_collected": 800,
                    "mark": "5",
                }
            ],
        )
        self.assertFalse(care.activity_ids)
        with self.assertRaisesRegex(UserError, "over already"):
            care._finish()

    def test_every_means_of_the_domain(self):
        """SVC-06 to SVC-13: each way of caring is a choice, and has a channel."""
        means = self.env["key.account.care"]._fields["means"].get_values(self.env)
        for one in means:
            care = self._care(means=one)
            care._finish(date=self._day("2026-01-15"))
            self.assertEqual(care.state, "done")
        self.assertLessEqual(
            {"collection", "business", "training", "bill_delivery", "recommendation"},
            set(means),
        )

    def test_many_at_once(self):
        cares = self._care() | self._care(self.beta)
        wizard = (
            self.env["key.account.care.finish"]
            .with_user(self.manager)
            .with_context(active_ids=cares.ids)
            .create({"date_done": "2026-01-15", "outcome": "Fine"})
        )
        self.assertEqual(wizard.care_count, 2)
        wizard.action_done()
        self.assertEqual(set(cares.mapped("state")), {"done"})

    def test_not_in_the_future(self):
        with freeze_time("2026-01-15"), self.assertRaisesRegex(UserError, "happened"):
            self._care()._finish(date=self._day("2026-01-16"))

    def test_refused_and_never_again(self):
        """What a customer refuses becomes an opt-out where it says so."""
        self._receive(2, 100)
        care = self._care(means="gift", gift_id=self.cakes.id)
        care.action_issue_gift()
        self.env["key.account.care.refuse"].with_user(self.manager).with_context(
            active_ids=care.ids
        ).create({"reason": "No gifts, please", "is_unwanted": True}).action_refuse()
        self.assertRecordValues(
            care, [{"state": "refused", "refusal": "No gifts, please", "amount": 0}]
        )
        self.assertEqual(self.cakes.quantity, 2)
        optout = self.env["key.account.optout"].search(
            [("partner_id", "=", self.acme.id)]
        )
        self.assertRecordValues(
            optout,
            [
                {
                    "purpose": "care",
                    "channel": "gift",
                    "source": "refusal",
                    "user_id": self.manager.id,
                }
            ],
        )
        with self.assertRaisesRegex(ValidationError, "does not want"):
            self._care(means="gift", date="2027-01-01")
        self._care(means="call", date="2027-01-01")

    def test_cancelled_may_be_proposed_again(self):
        self._plan("festival", festival=self.mid_autumn)
        run = self._run("2026-09-24", "2026-09-24")
        run.action_confirm()
        with self.assertRaisesRegex(UserError, "why"):
            self._cares(run)._cancel(" ")
        self._cares(run)._cancel("Staff is ill")
        again = self._run("2026-09-24", "2026-09-24")
        self.assertEqual(set(again.proposal_ids.mapped("verdict")), {"ok"})
        again.action_confirm()
        self.assertEqual(len(self._cares(again)), 2)

    def test_what_is_over_stays(self):
        care = self._care().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "buttons"):
            care.state = "done"
        care._finish(date=self._day("2026-01-15"))
        care.outcome = "Was glad"
        with self.assertRaisesRegex(UserError, "over"):
            care.cost = 10
        with self.assertRaisesRegex(UserError, "kept"):
            care.sudo().unlink()
        with self.assertRaisesRegex(AccessError, "head"):
            care.action_reopen()
        care.with_user(self.head).action_reopen()
        self.assertEqual(care.state, "planned")
        self.assertTrue(care.sudo().activity_ids)

    def test_manager_plans_in_the_form(self):
        form = Form(self.env["key.account.care"].with_user(self.manager))
        form.name = "Coffee"
        form.partner_id = self.acme
        care = form.save()
        self.assertRecordValues(
            care,
            [
                {
                    "user_id": self.manager.id,
                    "manager_id": self.manager.id,
                    "unit_id": self.post_1.id,
                    "occasion": "other",
                }
            ],
        )

    def test_whose_birthday_is_for_those_who_serve(self):
        """ORG-21: the day itself is not shown to the office, finance or agents."""
        care = self._care(occasion="birthday", date_occasion="2026-01-15")
        for user in (self.manager, self.head, self.company, self.director):
            self.assertTrue(care.with_user(user).date_occasion)
        for user in (self.office, self.finance, self.agent):
            with self.assertRaises(AccessError):
                care.with_user(user).read(["date_occasion"])

    def test_person_of_another_customer(self):
        stranger = self._person("Stranger", "1980-01-01", customer=self.beta)
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            self._care(contact_id=stranger.id)

    def test_month_facts(self):
        """What is done counts in its month, with all its cost, per line."""
        self._receive(3, 100)
        self._care(cost=10)._finish(date=self._day("2026-01-20"))
        self._care(gift_id=self.cakes.id)._finish(date=self._day("2026-01-31"))
        self._care(line_id=self.letter.id, cost=5)._finish(date=self._day("2026-02-01"))
        self._care(cost=99)
        self.env.flush_all()
        months = self.env["key.account.month"].search(
            [("partner_id", "=", self.acme.id), ("care_count", ">", 0)]
        )
        found = {(row.line_id.id, str(row.month)): row for row in months}
        first = found[False, "2026-01-01"]
        self.assertEqual((first.care_count, first.amount_cost), (2, 43.33))
        self.assertEqual(found[self.letter.id, "2026-02-01"].care_count, 1)
        self.assertEqual(len(months), 2)

    def test_in_the_time_line(self):
        self._care(cost=7)._finish(date=self._day("2026-01-20"), outcome="Glad")
        self.env.flush_all()
        row = self.env["key.account.timeline"].search(
            [("partner_id", "=", self.acme.id), ("kind", "=", "care")]
        )
        self.assertEqual((row.amount, str(row.date)), (7, "2026-01-20"))
        self.assertIn("Glad", row.summary)

    def test_merged_customers_keep_both(self):
        """Both were greeted on the same day: merging loses nothing, blocks nothing."""
        self._plan("festival", festival=self.mid_autumn)
        run = self._run("2026-09-24", "2026-09-24")
        run.action_confirm()
        self.env["key.account.optout"].create({"partner_id": self.beta.id})
        self.acme.with_user(self.head)._key_account_merge(self.beta, "One customer")
        self.assertEqual(self._cares(run).partner_id, self.acme)
        self.assertEqual(len(self._cares(run)), 2)
        self.assertTrue(
            self.env["key.account.optout"]._is_opted_out(
                self.acme, "care", "call", self._day("2030-01-01")
            )
        )

    def test_greeting_says_nothing_of_others(self):
        """A preview for each, from its own act; who opted out is not written to."""
        self.acme.email, self.beta.email = "acme@example.com", "beta@example.com"
        person = self._person("Secret Li", "1980-01-01")
        person.email = "li@example.com"
        self.env["key.account.optout"].create(
            {"partner_id": self.beta.id, "channel": "mail", "date_from": "2020-01-01"}
        )
        cares = self._care(means="message", contact_id=person.id)
        cares |= self._care(self.beta, means="call")
        wizard = (
            self.env["key.account.care.message"]
            .with_user(self.manager)
            .with_context(active_ids=cares.ids)
            .create({})
        )
        mine = wizard.line_ids.filtered(lambda line: line.care_id == cares[0])
        other = wizard.line_ids - mine
        self.assertEqual(mine.email, "li@example.com")
        self.assertIn("Secret Li", mine.body)
        self.assertNotIn("Secret", other.body)
        others = wizard.with_user(self.manager_b).create({})
        self.assertFalse(others.line_ids)
        self.assertFalse(other.is_chosen)
        self.assertTrue(other.problem)
        mails = self.env["mail.mail"].search_count([])
        wizard.action_send()
        sent = self.env["mail.mail"].search([], order="id desc", limit=1)
        self.assertEqual(self.env["mail.mail"].search_count([]), mails + 1)
        self.assertEqual(sent.recipient_ids, person)
        self.assertEqual(cares[0].state, "done")
        self.assertEqual(cares[1].state, "planned")
        other.is_chosen = True
        with self.assertRaisesRegex(UserError, "Does not want mail"):
            other._send()
