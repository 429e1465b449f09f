# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestKeyAccountTask(KeyAccountCommon):
    """Tasks, each step of them in the ledger (TASK-01 to TASK-06)."""

    def _issue(self, user=None, **vals):
        vals = {"user_ids": [Command.set(self.manager.ids)]} if not vals else vals
        wizard = (
            self.env["key.account.task.issue"]
            .with_user(user or self.head)
            .create({"name": "Visit", "date_due": "2026-03-20", **vals})
        )
        return self.env["key.account.task"].search(wizard.action_issue()["domain"])

    def _kinds(self, task):
        return task.sudo().step_ids.sorted("id").mapped("kind")

    def test_from_issue_to_closing(self):
        """TASK-06: accepted, reported on, submitted, evaluated with a comment."""
        task = self._issue()
        self.assertRecordValues(
            task, [{"state": "issued", "holder_id": self.manager.id}]
        )
        self.assertRegex(task.number, r"^T2026-\d{5}$")
        mine = task.with_user(self.manager)
        mine.action_accept()
        mine._report(40, "Half of them")
        mine._submit("All visited")
        self.assertRecordValues(
            task,
            [{"state": "submitted", "progress": 100, "holder_id": self.head.id}],
        )
        boss = task.with_user(self.head)
        boss._evaluate(85, "Well done")
        boss.action_close()
        self.assertRecordValues(
            task,
            [
                {
                    "state": "closed",
                    "score": 85,
                    "evaluator_id": self.head.id,
                    "holder_id": False,
                }
            ],
        )
        self.assertEqual(
            self._kinds(task),
            ["issue", "accept", "progress", "submit", "evaluate", "close"],
        )
        self.assertFalse(task.activity_ids, "nobody is reminded any more")

    def test_returned_with_a_reason(self):
        """TASK-05: what cannot be done goes back, is corrected, comes again."""
        task = self._issue()
        mine = task.with_user(self.manager)
        with self.assertRaisesRegex(UserError, "Say why"):
            mine._return(" ")
        mine._return("Two of them moved away")
        self.assertEqual(task.holder_id, self.head)
        boss = task.with_user(self.head)
        boss.goal = "18 visits"
        boss.action_issue()
        self.assertEqual(task.state, "issued")
        with self.assertRaises(UserError):
            boss.goal = "5 visits"

    def test_extension_is_asked_for_and_granted(self):
        task = self._issue()
        mine, boss = task.with_user(self.manager), task.with_user(self.head)
        mine.action_accept()
        with self.assertRaises(UserError):
            mine._ask_extension(task.date_due, "More time")
        mine._ask_extension(task.date_due.replace(day=25), "Half of them are away")
        self.assertEqual(task.holder_id, self.head)
        with self.assertRaises(AccessError):
            mine.action_extend()
        boss.action_extend()
        self.assertEqual(str(task.date_due), "2026-03-25")
        self.assertEqual(task.holder_id, self.manager)
        mine._ask_extension(task.date_due.replace(day=30), "Again")
        boss._grant(False, "No")
        self.assertRecordValues(task, [{"date_asked": False, "state": "accepted"}])
        self.assertEqual(self._kinds(task)[-4:], ["ask", "extend", "ask", "refuse"])

    def test_transferred_and_urged(self):
        task = self._issue()
        task.with_user(self.head).action_urge()
        self.assertEqual(task.urge_count, 1)
        task.with_user(self.head)._transfer(self.colleague, "He is ill")
        self.assertRecordValues(
            task, [{"state": "issued", "manager_id": self.colleague.id}]
        )
        self.assertFalse(
            task.with_user(self.manager).search([("id", "=", task.id)]),
            "who had it before does not read it any more",
        )
        with self.assertRaises(AccessError):
            task.with_user(self.head)._transfer(self.manager_b, "Elsewhere")

    def test_nobody_evaluates_himself(self):
        task = self._issue(user=self.company, unit_ids=[Command.set(self.post_1.ids)])
        self.assertEqual(task.holder_id, self.head, "the unit's head has it")
        own = task.with_user(self.head)
        own.action_accept()
        own._submit("Done")
        with self.assertRaises(AccessError):
            own._evaluate(100, "I am great")
        task.with_user(self.company)._evaluate(60, "Late")
        handed = self._issue(user=self.company, unit_ids=[Command.set(self.post_1.ids)])
        handed.with_user(self.head)._transfer(self.manager, "You do it")
        handed.with_user(self.manager).action_accept()
        with self.assertRaises(AccessError):
            handed.with_user(self.manager)._evaluate(100, "I am great")
        handed.with_user(self.manager)._submit("Done")
        handed.with_user(self.head)._evaluate(90, "Good")

    def test_steps_are_for_whom_they_are(self):
        task = self._issue()
        for user in (self.head, self.company, self.colleague, self.head_b):
            with mute_logger("odoo.addons.base"), self.assertRaises(AccessError):
                task.with_user(user).action_accept()
        for user in (self.manager, self.colleague, self.head_b, self.finance):
            with mute_logger("odoo.addons.base"), self.assertRaises(AccessError):
                task.with_user(user)._cancel("No")
        mine = task.with_user(self.manager)
        for vals in ({"state": "closed"}, {"score": 100}, {"progress": 100}):
            with self.assertRaises(AccessError):
                mine.write(vals)
        with self.assertRaises(UserError):
            mine.write({"date_due": "2026-12-31"})
        step = task.step_ids[0]
        with self.assertRaises(UserError):
            step.sudo().write({"note": "Other"})
        with self.assertRaises(UserError):
            step.sudo().unlink()

    def test_for_those_who_look_after_customers(self):
        """One task for each manager, each with his own customers, under one number."""
        customers = [
            self._create_customer(f"Of {one.login}", one)
            for one in (self.manager, self.manager, self.colleague, self.manager_2)
        ]
        ids = [one.id for one in customers]
        wizard = Form(
            self.env["key.account.task.issue"]
            .with_user(self.company)
            .with_context(active_model="res.partner", active_ids=ids)
        )
        wizard.name = "Complete the files"
        self.assertEqual(wizard.executor_count, 3)
        domain = wizard.save().action_issue()["domain"]
        tasks = self.env["key.account.task"].search(domain)
        found = {one.manager_id: one.partner_ids.ids for one in tasks}
        self.assertEqual(
            {user: sorted(some) for user, some in found.items()},
            {
                self.manager: ids[:2],
                self.colleague: ids[2:3],
                self.manager_2: ids[3:],
            },
        )
        self.assertEqual(len(set(tasks.mapped("number"))), 1)

    def test_target_groups_hook_in(self):
        """What another addon chooses as a group is issued to its managers."""
        customer = self._create_customer("Member", self.manager)
        wizard = self.env["key.account.task.issue"].with_user(self.head)
        self.patch(
            type(wizard),
            "_get_group_members",
            lambda self: self.env["res.partner"].browse(customer.id),
        )
        record = wizard.create({"name": "Visit", "date_due": "2026-03-20"})
        self.assertEqual(record.executor_count, 1)

    def test_overdue_goes_up_level_by_level_once(self):
        """Domain 2.13: after one day to the head, then each day one level up."""
        self.post_1.head_id = self.head
        self.post.head_id = self.company
        self.centre.head_id = self.director
        task = self._issue()
        task.with_user(self.manager).action_accept()
        levels = []
        for day in range(20, 26):
            with freeze_time(f"2026-03-{day} 04:00:00"):
                self.env["key.account.task"]._escalate_some()
                self.env["key.account.task"]._escalate_some()
                levels.append(task.escalation_level)
        self.assertEqual(levels, [0, 1, 2, 3, 3, 3])
        asked = task.activity_ids.filtered(lambda one: "overdue" in one.summary)
        self.assertEqual(asked.user_id, self.head | self.company | self.director)
        self.assertEqual(self._kinds(task).count("escalate"), 3)

    def test_overdue_is_found_as_it_is_shown(self):
        late = self._issue()
        done = self._issue()
        done.with_user(self.manager).action_accept()
        done.with_user(self.manager)._submit("Done")
        tasks = late | done
        for moment, wanted in (
            ("2026-03-20 04:00:00", tasks.browse()),
            ("2026-03-21 04:00:00", late),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(tasks.filtered("is_overdue"), wanted)
                domain = [("id", "in", tasks.ids)]
                for value in (True, False):
                    found = tasks.search([*domain, ("is_overdue", "=", value)])
                    self.assertEqual(found, wanted if value else tasks - wanted)

    def test_query_count_of_the_list(self):
        fields = ["name", "manager_id", "holder_id", "days_waiting", "elapsed"]
        counts = []
        for size in (3, 15):
            tasks = self.env["key.account.task"]
            for _number in range(size):
                tasks |= self._issue()
            tasks.with_user(self.head).read(fields)
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            tasks.with_user(self.head).read(fields)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
