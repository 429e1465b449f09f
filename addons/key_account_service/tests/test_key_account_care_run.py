# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .care_common import CareCommon


@tagged("post_install", "-at_install")
class TestKeyAccountCareRun(CareCommon):
    """Lists of care: whom, why, who is left out; planned once (SVC-06, SVC-12)."""

    def test_birthday_of_a_person_by_both_calendars(self):
        """A solar and a lunar birthday on the same day, greeted three days before."""
        lunar_person = self._person("Li", "1976-10-01", birthday_calendar="lunar")
        solar_person = self._person("Wang", "1980-09-18")
        self._plan("birthday", lead_days=3)
        run = self._run("2026-09-15", "2026-09-15", occasion="birthday")
        self.assertRecordValues(
            run.proposal_ids.sorted("id"),
            [
                {
                    "contact_id": person.id,
                    "date_occasion": fields.Date.to_date("2026-09-18"),
                    "date_planned": fields.Date.to_date("2026-09-18"),
                    "user_id": self.manager.id,
                    "verdict": "ok",
                }
                for person in run.proposal_ids.sorted("id").contact_id
            ],
        )
        self.assertEqual(run.proposal_ids.contact_id, lunar_person | solar_person)
        self.assertFalse(self._run("2026-09-14", "2026-09-14").proposal_ids)

    def test_individual_customer_needs_no_contact(self):
        person = self._create_customer(
            "Zhao", self.manager, key_account_kind="individual", is_company=False
        )
        self.env["key.account.person"].create(
            {"partner_id": person.id, "birthday": "1990-02-28"}
        )
        self._plan("birthday")
        run = self._run("2026-02-26", "2026-02-26")
        self.assertEqual(run.proposal_ids.partner_id, person)
        self.assertFalse(run.proposal_ids.contact_id)

    def test_birthday_around_the_new_year(self):
        """Born on 1 January, begun with in December."""
        person = self._person("Li", "1980-01-01")
        self._plan("birthday", lead_days=3)
        run = self._run("2026-12-29", "2026-12-29")
        self.assertEqual(run.proposal_ids.contact_id, person)
        self.assertEqual(str(run.proposal_ids.date_occasion), "2027-01-01")

    def test_festival_by_grade(self):
        """The row of the grade wins over that of all grades (SVC-05)."""
        gold = self._grade("gold")
        self.acme.key_account_standing_ids.grade_id = gold
        plan = self._plan(
            "festival",
            festival=self.mid_autumn,
            lead_days=7,
            approve=False,
            means="card",
        )
        plan.line_ids.copy(
            {"rule_id": plan.id, "grade_id": gold.id, "means": "visit", "cost": 20}
        )
        plan.action_approve()
        run = self._run("2026-09-18", "2026-09-18", occasion="festival")
        found = {row.partner_id: row.means for row in run.proposal_ids}
        self.assertEqual(found, {self.acme: "visit", self.beta: "card"})
        self.assertEqual(str(run.proposal_ids[0].date_occasion), "2026-09-25")
        self.assertEqual(run.amount, 20)

    def test_a_list_is_of_one_unit_and_those_below(self):
        self._plan("festival", festival=self.mid_autumn, means="card")
        other = self._create_customer("Far away", self.manager_b)
        run = self._run("2026-09-24", "2026-09-24", unit=self.centre)
        self.assertIn(other, run.proposal_ids.partner_id)
        run = self._run("2026-09-24", "2026-09-24", unit=self.post)
        self.assertNotIn(other, run.proposal_ids.partner_id)
        self.assertIn(self.acme, run.proposal_ids.partner_id)

    def test_contract_end_by_steps(self):
        """60, 30 and 7 days before: each step once, the last one reached (2.13)."""
        self.acme.key_account_date_contract_end = "2026-06-30"
        plan = self._plan("contract_end", lead_days=60, approve=False)
        plan.line_ids.copy({"rule_id": plan.id, "step": 2, "lead_days": 30})
        plan.line_ids[:1].copy({"rule_id": plan.id, "step": 3, "lead_days": 7})
        plan.action_approve()
        steps = []
        for day in ("2026-05-01", "2026-05-02", "2026-06-05", "2026-06-20"):
            run = self._run(day, day)
            steps += [(row.step, row.verdict) for row in run.proposal_ids]
            run.action_confirm()
        self.assertEqual(steps, [(1, "ok"), (1, "done"), (2, "ok"), (2, "done")])
        run = self._run("2026-06-23", "2026-06-23")
        self.assertEqual(run.proposal_ids.step, 3)
        self.assertEqual(str(run.proposal_ids.date_planned), "2026-06-23")

    def test_agreement_of_a_line_is_its_manager_s(self):
        self._create_line_file(
            self.acme, self.express, self.manager_b, date_agreement_end="2026-06-30"
        )
        self._plan("contract_end", lead_days=30)
        run = self._run("2026-06-01", "2026-06-01", unit=self.centre)
        self.assertRecordValues(
            run.proposal_ids,
            [
                {
                    "partner_id": self.acme.id,
                    "line_id": self.express.id,
                    "unit_id": self.parcel_1.id,
                    "user_id": self.manager_b.id,
                }
            ],
        )

    def test_no_contact_for_days(self):
        """Counted from the last request or care; the next one only after that."""
        self._plan("no_contact", interval_days=60, lead_days=0)
        (self.acme | self.beta).key_account_date_from = "2025-01-01"
        self._request(at="2026-01-15 08:00:00", customer=self.acme)
        self._care(self.beta, "2026-03-01")._finish(date=self._day("2026-03-01"))
        run = self._run("2026-03-15", "2026-03-15")
        self.assertFalse(run.proposal_ids)
        run = self._run("2026-03-16", "2026-03-16")
        self.assertEqual(run.proposal_ids.partner_id, self.acme)
        run.action_confirm()
        self.assertEqual(self._run("2026-03-20", "2026-03-20").left_out_count, 1)
        self._cares(run)._finish(date=self._day("2026-03-20"))
        self.assertFalse(
            self._run("2026-04-20", "2026-04-20").proposal_ids
            - self.env["key.account.care.proposal"].search(
                [("partner_id", "=", self.beta.id)]
            )
        )

    def test_a_contact_on_record_is_a_contact(self):
        """A visit in the log of contacts counts as well."""
        self._plan("no_contact", interval_days=60, lead_days=0)
        (self.acme | self.beta).key_account_date_from = "2025-01-01"
        with freeze_time("2026-03-06"):
            self.env["key.account.contact.event"].create(
                {
                    "partner_id": self.acme.id,
                    "kind_id": self._term("contact_kind", "visit").id,
                    "date": "2026-03-05 08:00:00",
                    "subject": "Visit",
                    "state": "done",
                }
            )
        run = self._run("2026-05-03", "2026-05-03")
        self.assertEqual(run.proposal_ids.partner_id, self.beta)

    def test_anniversary_every_fifth_year(self):
        """Loyalty is rewarded in the fifth, tenth … year (SVC-13)."""
        self.acme.key_account_date_from = "2016-05-10"
        self.beta.key_account_date_from = "2017-05-10"
        self._plan("joining", means="reward", years_from=5, years_every=5, lead_days=7)
        run = self._run("2026-05-03", "2026-05-03")
        self.assertEqual(run.proposal_ids.partner_id, self.acme)

    def test_founding_day_of_29_february(self):
        self.acme.key_account_date_founded = "2020-02-29"
        self._plan("founding")
        run = self._run("2026-02-28", "2026-02-28")
        self.assertEqual(run.proposal_ids.partner_id, self.acme)

    def test_periodic_visits(self):
        """SVC-14: every 90 days, counted from the last one done."""
        self.acme.key_account_date_from = "2026-01-01"
        self.beta.key_account_date_from = "2026-06-01"
        self._plan("periodic", interval_days=90, lead_days=0, means="visit")
        run = self._run("2026-04-01", "2026-04-01")
        self.assertEqual(run.proposal_ids.partner_id, self.acme)
        run.action_confirm()
        self._cares(run)._finish(date=self._day("2026-04-03"))
        self.assertFalse(
            self._run("2026-07-01", "2026-07-01").proposal_ids.filtered(
                lambda row: row.partner_id == self.acme
            )
        )
        late = self._run("2026-07-02", "2026-07-02").proposal_ids
        self.assertIn(self.acme, late.partner_id)

    def test_who_is_left_out_and_why(self):
        """Opted out, suspended, budget used up, nobody to do it (SVC-06)."""
        customers = {
            name: self._create_customer(name, self.manager)
            for name in ("optout", "suspended", "budget")
        }
        customers["nobody"] = self._create_customer("nobody", unit=self.post_2)
        self.env["key.account.optout"].create(
            {
                "partner_id": customers["optout"].id,
                "purpose": "care",
                "date_from": "2026-01-01",
            }
        )
        customers["suspended"].write({"key_account_state": "suspended"})
        self._care(customers["budget"], "2026-02-01", cost=90)
        self._plan("festival", festival=self.mid_autumn, cost=20, budget_year=100)
        run = self._run("2026-09-24", "2026-09-24")
        found = {row.partner_id: row.verdict for row in run.proposal_ids}
        for verdict, customer in customers.items():
            self.assertEqual(found[customer], verdict)
        self.assertEqual(found[self.acme], "ok")
        self.assertEqual((run.proposed_count, run.left_out_count), (2, 4))
        self.assertEqual(run.amount, 40)

    def test_budget_takes_the_earlier_ones(self):
        """Two people of one customer, money for one of them."""
        first = self._person("Early", "1980-09-15")
        self._person("Late", "1980-09-16")
        self._plan("birthday", cost=60, budget_year=100, lead_days=5)
        run = self._run("2026-09-15", "2026-09-16")
        taken = run.proposal_ids.filtered(lambda row: row.verdict == "ok")
        self.assertEqual(taken.contact_id, first)

    def test_confirmed_once_repeated_nothing(self):
        self._plan("festival", festival=self.mid_autumn)
        run = self._run("2026-09-24", "2026-09-24")
        run.proposal_ids.filtered(
            lambda row: row.partner_id == self.beta
        ).is_chosen = False
        run.action_confirm()
        cares = self._cares(run)
        self.assertRecordValues(
            cares,
            [
                {
                    "partner_id": self.acme.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "user_id": self.manager.id,
                    "state": "planned",
                    "occasion": "festival",
                }
            ],
        )
        self.assertEqual(cares.activity_ids.user_id, self.manager)
        self.assertEqual(run.batch_id.created_count, 1)
        with self.assertRaisesRegex(UserError, "reload"):
            run.action_confirm()
        again = self._run("2026-09-24", "2026-09-24")
        found = {row.partner_id: row.verdict for row in again.proposal_ids}
        self.assertEqual(found, {self.acme: "done", self.beta: "ok"})

    def test_two_lists_plan_an_occasion_once(self):
        """What another list planned since the preview is left out at confirming."""
        self._plan("festival", festival=self.mid_autumn)
        first, second = (self._run("2026-09-24", "2026-09-24") for _number in range(2))
        first.action_confirm()
        second.action_confirm()
        self.assertEqual(len(self._cares(first)), 2)
        self.assertFalse(self._cares(second))
        self.assertEqual(set(second.proposal_ids.mapped("verdict")), {"done"})

    def test_opt_out_after_the_preview(self):
        self._plan("festival", festival=self.mid_autumn)
        run = self._run("2026-09-24", "2026-09-24")
        self.env["key.account.optout"].create(
            {"partner_id": self.acme.id, "date_from": "2026-01-01"}
        )
        run.action_confirm()
        self.assertEqual(self._cares(run).partner_id, self.beta)

    def test_a_head_lists_his_own_units(self):
        self._plan("festival", festival=self.mid_autumn)
        runs = self.env["key.account.care.run"].with_user(self.head)
        with self.assertRaises(AccessError):
            runs.create({"unit_id": self.parcel_1.id})
        run = runs.create({"date": "2026-09-24", "date_until": "2026-09-24"})
        run.action_preview()
        self.assertEqual(run.proposal_ids.partner_id, self.acme | self.beta)
        run.action_confirm()
        self.assertEqual(run.care_count, 2)
        with self.assertRaises(AccessError):
            self.env["key.account.care.run"].with_user(self.manager).create({})

    def test_rows_are_taken_or_left_nothing_else(self):
        self._plan("festival", festival=self.mid_autumn)
        run = self._run("2026-09-24", "2026-09-24")
        row = run.proposal_ids[0].with_user(self.head)
        row.is_chosen = False
        with self.assertRaisesRegex(UserError, "nothing else"):
            row.verdict = "ok"

    def test_every_morning_a_list_waits_for_each_head(self):
        """REM-02: prepared, never planned by itself; nobody is asked for nothing."""
        self._plan("festival", festival=self.mid_autumn)
        runs = self.env["key.account.care.run"]
        self.env["key.account.unit"].search(
            [("head_id", "!=", False), ("id", "!=", self.post_1.id)]
        ).head_id = False
        cron = self.env.ref("key_account_service.ir_cron_care_prepare")
        known = runs.search([])
        with freeze_time("2026-09-23"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        first = runs.search([]) - known
        self.assertRecordValues(
            first, [{"unit_id": self.post_1.id, "state": "previewed"}]
        )
        self.assertEqual(first.activity_ids.user_id, self.head)
        self.assertFalse(self._cares(first))
        with freeze_time("2026-09-24"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        second = runs.search([]) - known - first
        self.assertEqual(first.state, "cancelled")
        self.assertFalse(first.activity_ids)
        second.with_user(self.head).action_confirm()
        self.assertEqual(len(self._cares(second)), 2)
        self.assertFalse(second.activity_ids)
        with freeze_time("2026-09-25"), self.enter_registry_test_mode():
            cron.method_direct_trigger()
        self.assertFalse(runs.search([]) - known - first - second)

    def test_without_a_plan(self):
        self.env["key.account.care.plan"].search([])._write_decision(
            {"state": "withdrawn"}
        )
        run = self.env["key.account.care.run"].create({"unit_id": self.post.id})
        with self.assertRaisesRegex(UserError, "No care plan"):
            run.action_preview()

    def test_dry_run_of_a_plan(self):
        """RULE-03: whom a new version would treat differently, before it holds."""
        plan = self._plan("festival", festival=self.mid_autumn, means="card")
        new = plan.browse(plan.action_new_version()["res_id"])
        new.line_ids.write({"means": "visit", "cost": 10})
        trial = (
            self.env["key.account.rule.trial"]
            .sudo()
            ._run(new.sudo(), fields.Date.to_date("2026-09-24"))
        )
        rows = trial.line_ids.filtered(lambda row: row.partner_id == self.acme)
        self.assertRecordValues(
            rows,
            [
                {
                    "before": "card",
                    "after": "visit",
                    "amount_after": 10,
                    "direction": "up",
                }
            ],
        )

    def test_queries_do_not_grow_with_customers(self):
        """A list of many customers costs as many statements as one of two."""
        self._plan("festival", festival=self.mid_autumn)
        counts = []
        for _number in range(2):
            run = self.env["key.account.care.run"].create(
                {
                    "unit_id": self.post.id,
                    "date": "2026-09-24",
                    "date_until": "2026-09-24",
                }
            )
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            run.action_preview()
            counts.append(self.env.cr.sql_log_count - before)
            for one in range(30):
                self._create_customer(f"Many {one}", self.manager)
            self.env.flush_all()
        self.assertLessEqual(counts[1], counts[0] + 2)
