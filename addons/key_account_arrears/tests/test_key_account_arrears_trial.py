# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestArrearsTrial(ArrearsCommon):
    """What a version would change is seen before it takes effect, and nothing is
    written but the dry run's own rows (GRD-17, RULE-03)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._create_bill(cls.far, 50, cls.express, date_due="2026-02-27")
        cls.phone = {"phone": "+8675512345678", "email": "a@example.com"}
        (cls.acme | cls.far).write(cls.phone)

    def _draft(self, *steps, **vals):
        steps = [
            (0, 0, {"days": days, "channel": channel, "body": "x"})
            for days, channel in steps
        ]
        return (
            self.env["key.account.dunning.policy"]
            .with_user(self.director)
            .create({"name": "Draft", "step_ids": steps, **vals})
        )

    def _try(self, rule, user=None):
        action = rule.with_user(user or self.director).action_try()
        return self.env["key.account.rule.trial"].browse(action["res_id"])

    def _rows(self, trial, *names):
        names = names or ("before", "after", "direction")
        ours = trial.line_ids.filtered(
            lambda line: line.partner_id in self.acme | self.far
        )
        return {
            line.partner_id.name: tuple(line[name] for name in names) for line in ours
        }

    def test_a_policy_tells_the_step_of_each_before_and_after(self):
        """Of 15 days late (acme) and 3 days late (far), by the shipped policy."""
        trial = self._try(self._draft((1, "mail"), (2, "call")))
        rows = self._rows(trial, "before", "after", "direction", "amount_after")
        self.assertEqual(
            rows,
            {
                "Acme": ("15 · Letter", "2 · Call by the Manager", "down", 100),
                "Far": ("1 · SMS", "2 · Call by the Manager", "up", 50),
            },
        )
        rows = self._rows(self._try(self._draft((10, "call"))))
        self.assertEqual(rows["Far"], ("1 · SMS", "No step reached yet", "down"))
        self.assertEqual(
            rows["Acme"], ("15 · Letter", "10 · Call by the Manager", "down")
        )
        rows = self._rows(self._try(self._draft((1, "sms"), amount_min=60)))
        self.assertEqual(rows["Far"], ("1 · SMS", "Below the smallest amount", "down"))

    def test_a_policy_of_a_kind_moves_that_kind_alone(self):
        self.far.key_account_kind = "individual"
        rows = self._rows(self._try(self._draft((1, "mail"), kind="individual")))
        self.assertEqual(set(rows), {"Far"})
        self.assertEqual(rows["Far"], ("1 · SMS", "1 · Mail", "none"))

    def test_what_is_promised_stays_out_either_way(self):
        self._promise(self.manager, 100)
        self.assertNotIn("Acme", self._rows(self._try(self._draft((1, "mail")))))

    def test_the_late_fee_by_both_versions(self):
        """15 days of 100: 4.50 at three per mille; 7.50 at five; 0 within free days."""
        rules = self.env["key.account.late.fee.rule"].with_user(self.director)
        names = "before", "after", "direction", "amount_before", "amount_after"
        five = rules.create({"name": "Five", "rate": 5})
        rows = self._rows(self._try(five), *names)
        self.assertEqual(
            rows["Acme"], ("3 ‰ · 0 · 100 %", "5 ‰ · 0 · 100 %", "up", 4.5, 7.5)
        )
        self.assertEqual(rows["Far"][2:], ("up", 0.45, 0.75))
        free = rules.create({"name": "Free", "rate": 3, "free_days": 5})
        rows = self._rows(self._try(free), *names)
        self.assertEqual(rows["Acme"][2:], ("down", 4.5, 3.0))
        self.assertEqual(rows["Far"][2:], ("down", 0.45, 0.0))
        same = rules.create({"name": "Same", "rate": 3, "cap_percent": 90})
        self.assertFalse(self._rows(self._try(same)))

    def test_nothing_but_its_own_rows_is_written(self):
        models = ("run", "line", "policy")
        counts = [
            self.env[f"key.account.dunning.{name}"].search_count([]) for name in models
        ]
        draft = self._draft((1, "mail"))
        counts[2] += 1
        self._try(draft)
        self.env["sms.sms"].flush_model()
        self.assertEqual(
            counts,
            [
                self.env[f"key.account.dunning.{name}"].search_count([])
                for name in models
            ],
        )

    def test_each_sees_the_rows_of_his_scope(self):
        trial = self._try(self._draft((1, "mail")))
        for user, names in (
            (self.manager, {"Acme"}),
            (self.head_b, {"Far"}),
            (self.director, {"Acme", "Far"}),
        ):
            trial.invalidate_recordset()
            self.assertEqual(set(self._rows(trial.with_user(user))), names)

    def test_managers_do_not_try(self):
        with self.assertRaises(AccessError):
            self._draft((1, "mail")).with_user(self.manager).action_try()
