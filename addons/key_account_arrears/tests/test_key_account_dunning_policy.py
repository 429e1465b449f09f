# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-01")
class TestDunningPolicy(ArrearsCommon):
    """Steps by days late, as versioned data (ARR-02, RULE-03)."""

    def _policy(self, *steps, **vals):
        return self.env["key.account.dunning.policy"].create(
            {"name": "P", "step_ids": [(0, 0, step) for step in steps], **vals}
        )

    def test_the_shipped_policy_is_in_force_from_the_start(self):
        """Domain 2.7, up to the review of removal (ARR-05)."""
        shipped = self.env.ref("key_account_arrears.key_account_dunning_policy_default")
        found = shipped._get_in_force(
            "2026-03-01", self.post_1, kind=False, grade_id=False
        )
        self.assertEqual(found, shipped)
        self.assertEqual(
            shipped.step_ids.mapped(lambda step: (step.days, step.channel)),
            [
                *((1, "sms"), (5, "sms"), (10, "call"), (15, "letter"), (20, "head")),
                *((30, "one_way"), (60, "two_way"), (90, "removal")),
            ],
        )

    def test_what_cannot_be_filled_in_is_refused(self):
        for step, message in (
            ({"body": "{customer}: {balance}"}, r"\{balance\}"),
            ({"body": " "}, "write the text"),
            ({"body": "x", "channel": "sms", "fallback": "sms"}, "something else"),
        ):
            policy = self._policy({"days": 3, **step}, kind="individual")
            with (
                self.subTest(step=step),
                self.assertRaisesRegex(UserError, message),
                self.env.cr.savepoint(),
            ):
                policy.action_propose()

    def test_a_text_is_filled_in_and_never_evaluated(self):
        step = self.env["key.account.dunning.step"]
        text = "{customer} {customer.__class__} {0} {unknown} {amount}"
        values = {"customer": "{amount} Ltd", "amount": "5"}
        self.assertEqual(
            step._fill_in(text, values),
            "{amount} Ltd {customer.__class__} {0} {unknown} 5",
        )

    def test_quiet_hours_over_midnight_and_in_the_day(self):
        night = self._policy(quiet_from=20, quiet_to=8)
        noon = self._policy(quiet_from=12, quiet_to=14)
        for hour, at_night, at_noon in ((3, 1, 0), (8, 0, 0), (13, 0, 1), (20, 1, 0)):
            moment = datetime(2026, 3, 1, hour)
            self.assertEqual(night._is_quiet(moment), bool(at_night), hour)
            self.assertEqual(noon._is_quiet(moment), bool(at_noon), hour)
