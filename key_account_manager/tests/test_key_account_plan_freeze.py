# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

import psycopg2
from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .plan_common import PlanCommon

DURING = "2026-03-20 04:00:00"
AFTER = "2026-03-31 16:40:00"  # half past midnight on 1 April in Shanghai
LATER = "2026-05-20 04:00:00"


@tagged("post_install", "-at_install")
class TestKeyAccountPlanFreeze(PlanCommon):
    """Measured once more at the due date, and kept for ever (TRK-02, TRK-05)."""

    def _run_plan(self, **vals):
        vals.setdefault("manager", self.manager)
        plan = self._create_plan(**vals)
        plan.action_submit()
        plan.action_approve()
        return plan

    def _freeze(self, moment=AFTER):
        with freeze_time(moment):
            self.env["key.account.plan"]._begin_due_plans()
            while self.env["key.account.plan"]._freeze_some()[0]:
                pass

    @freeze_time(DURING)
    def test_due_in_the_companys_time_zone(self):
        """Month end in Shanghai is 16:00 the day before in Greenwich."""
        plan = self._run_plan()
        self._freeze("2026-03-31 15:59:59")
        self.assertEqual(plan.state, "running")
        self._freeze("2026-03-31 16:00:00")
        self.assertEqual(plan.state, "archived")
        self.env.company.partner_id.tz = "America/New_York"
        plan = self._run_plan(manager=self.colleague)
        self._freeze("2026-04-01 03:59:59")
        self.assertEqual(plan.state, "running")
        self._freeze("2026-04-01 04:00:00")
        self.assertEqual(plan.state, "archived")

    def test_moments_count_in_the_month_they_have_in_the_companys_time_zone(self):
        """What is proposed half past midnight on the first of April in Shanghai is none
        of March, though Greenwich says 31 March; the last minute of March is."""
        changes = self.env["key.account.indicator"].create(
            {
                "code": "changes",
                "name": "Changes",
                "res_model": "key.account.change",
                "date_field": "date_proposed",
            }
        )
        with freeze_time(DURING):
            plan = self._run_plan(targets={changes: 1})
        for moment in ("2026-03-31 15:59:00", "2026-03-31 16:30:00"):
            self.env["key.account.change"].create(
                {
                    "partner_id": self.owned[self.manager].id,
                    "field_name": "name",
                    "state": "refused",
                    "date_proposed": moment,
                }
            )
        self.env.invalidate_all()
        for zone in ("UTC", "Asia/Shanghai", "America/New_York"):
            reader = plan.with_context(tz=zone)
            self.assertEqual(reader.target_ids.actual, 1, zone)
        self._freeze()
        self.assertEqual(plan.target_ids.actual, 1)

    @freeze_time(DURING)
    def test_frozen_and_again_from_the_ledgers(self):
        """The freeze equals what the ledgers give as of that time, also when later
        facts arrive, are corrected, and customers go to somebody else."""
        targets = {self.revenue: 200, self.recovery: 90}
        plan = self._run_plan(targets=targets)
        above = self._run_plan(manager=None, unit=self.post_1, targets=targets)
        first = self._bill(self.manager, 120)
        second = self._bill(self.manager, 30)
        self._bill(self.colleague, 70)
        paid = self._pay(first, 60, "2026-03-15")
        # The clock of the database is not that of the test.
        for rows in (self.env["key.account.bill"].search([]), paid):
            self._enter(rows, DURING)
        self._freeze()
        results = (plan | above).target_ids.result_ids
        frozen = {result: result.actual for result in results}
        self.assertEqual(sorted(frozen.values()), [27.27, 40, 150, 220])
        self.assertEqual(set(results.mapped("date_measured")), {plan.date_archived})
        with freeze_time(LATER):
            # Later facts, with the dates of March; one corrected; one customer moved.
            self._bill(self.manager, 1000)
            self._pay(second, 30, "2026-03-31")
            self.env.cr.execute(
                "UPDATE key_account_bill SET amount = 500 WHERE id = %s", [first.id]
            )
            self.env["key.account.month"]._refresh(self.owned[self.manager].ids)
            self.owned[self.manager].key_account_manager_id = self.colleague
            self.env.invalidate_all()
            live = self._create_plan(manager=self.colleague, targets=targets)
            self.assertEqual(live.target_ids[0].actual, 1600)
            for result, actual in frozen.items():
                self.assertEqual(result.actual, actual)
                self.assertAlmostEqual(result._recompute(), actual, 2)
                self.assertEqual(result.action_recompute()["params"]["type"], "success")
            self.assertEqual(plan.target_ids[0].actual, 150, "the archive is shown")

    @freeze_time(DURING)
    def test_evidence_names_the_rows(self):
        plan = self._run_plan()
        self._bill(self.manager, 120)
        self._freeze()
        result = plan.target_ids.result_ids
        evidence = result._get_evidence()
        month = self.env["key.account.month"].search(
            [
                ("partner_id", "=", self.owned[self.manager].id),
                ("month", "=", "2026-03-01"),
            ]
        )
        self.assertEqual(evidence._get_row_ids(), {month.id: 120})
        self.assertRecordValues(
            evidence, [{"row_count": 1, "value": 120, "manager_id": self.manager.id}]
        )
        action = result.with_user(self.manager).action_view_rows()
        self.assertEqual(action["domain"], [("id", "in", [month.id])])

    @freeze_time(DURING)
    def test_the_archive_is_never_edited(self):
        """TRK-05: neither by the ORM, the superuser, an import, nor SQL."""
        plan = self._run_plan()
        self._bill(self.manager, 120)
        self._freeze()
        result = plan.target_ids.result_ids
        evidence = result._get_evidence()
        for user in (self.manager, self.head, self.director):
            for row in (result, evidence):
                with self.assertRaises(UserError):
                    row.with_user(user).write({"date_to": "2026-01-01"})
                with self.assertRaises(UserError):
                    row.with_user(user).unlink()
            with self.assertRaises(UserError):
                plan.with_user(user).target_ids.write({"remark": "Better"})
        for refused in (
            lambda: result.sudo().write({"actual": 1}),
            lambda: result.sudo().unlink(),
            lambda: evidence.sudo().write({"value": 1}),
            lambda: evidence.sudo().unlink(),
            lambda: plan.unlink(),
            lambda: result.load([".id", "actual"], [[str(result.id), "5"]])["ids"]
            or self._raise(),
        ):
            with self.assertRaises(UserError):
                refused()
        for query in (
            "UPDATE key_account_plan_result SET actual = 1 WHERE id = %s",
            "DELETE FROM key_account_plan_result WHERE id = %s",
            "UPDATE key_account_plan_evidence SET value = 1 WHERE run_id = %s",
            "DELETE FROM key_account_plan_evidence WHERE run_id = %s",
        ):
            with (
                mute_logger("odoo.sql_db"),
                self.assertRaisesRegex(psycopg2.Error, "append-only"),
                self.env.cr.savepoint(),
            ):
                self.env.cr.execute(query, [result.id])
        self.assertEqual(result.actual, 120)

    def _enter(self, rows, moment):
        """Say when the rows came into the ledger."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE %s SET create_date = %s WHERE id = ANY(%s)",
                SQL.identifier(rows._table),
                moment,
                rows.ids,
            )
        )

    def _raise(self):
        raise UserError("refused")

    @freeze_time(DURING)
    def test_resumed_and_repeated(self):
        """What a broken night left is done by the next; a second run does nothing."""
        plans = self._run_plan() | self._run_plan(manager=self.colleague)
        plans |= self._run_plan(manager=self.manager_b)
        self.env["key.account.plan.result"].search([("is_frozen", "=", False)])
        with freeze_time(AFTER):
            model = self.env["key.account.plan"]
            model._begin_due_plans()
            self.assertEqual(set(plans.mapped("state")), {"due"})
            done, left = model._freeze_some(limit=2)
            self.assertEqual(done, 2)
            self.assertEqual(
                plans.mapped("state").count("archived"), 2, "one is left for later"
            )
            while model._freeze_some(limit=2)[0]:
                pass
            self.assertEqual(set(plans.mapped("state")), {"archived"})
            count = len(plans.target_ids.result_ids)
            runs = self.env["key.account.run"].search_count([("kind", "=", "plan")])
            model._begin_due_plans()
            self.assertEqual(model._freeze_some(), (0, 0))
            self.assertEqual(len(plans.target_ids.result_ids), count)
            self.assertEqual(
                self.env["key.account.run"].search_count([("kind", "=", "plan")]), runs
            )

    @freeze_time(DURING)
    def test_running_plans_are_browsed(self):
        """TRK-03: rows of running plans follow the measuring, then are frozen."""
        plan = self._run_plan(targets={self.revenue: 200})
        self._bill(self.manager, 50)
        plan._cron_measure()
        result = plan.target_ids.result_ids
        self.assertRecordValues(
            result,
            [
                {
                    "actual": 50,
                    "completion": 25,
                    "rest": 150,
                    "is_frozen": False,
                    "period": "month",
                    "date_to": date(2026, 3, 31),
                }
            ],
        )
        self._bill(self.manager, 50)
        plan.with_user(self.manager).action_measure()
        self.assertEqual(result.actual, 100)
        self._freeze()
        self.assertEqual(plan.target_ids.result_ids, result)
        self.assertTrue(result.is_frozen)
        results = self.env["key.account.plan.result"].with_user(self.head)
        [[completion]] = results._read_group(
            [("plan_id", "=", plan.id)], [], ["completion:avg"]
        )
        self.assertEqual(completion, 50)
