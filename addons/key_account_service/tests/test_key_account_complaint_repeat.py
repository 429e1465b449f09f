# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.tests import tagged

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountComplaintRepeat(ComplaintCommon):
    """The same matter again: recognised, counted, escalated by rule (CMP-07)."""

    def _rule(self, **vals):
        rule = self.rule.copy({"date_from": "2026-01-10", **vals})
        rule.action_approve()
        return rule

    def test_the_same_matter_within_the_days(self):
        first = self._complaint("2026-01-11 08:00:00")
        second = self._complaint("2026-01-20 08:00:00")
        other = self._complaint("2026-01-20 09:00:00", type_id=self.bill.id)
        third = self._complaint("2026-02-09 08:00:00")
        late = self._complaint("2026-04-20 08:00:00")
        self.assertRecordValues(
            first | second | other | third | late,
            [
                {"repeat_of_id": False, "repeat_count": 0},
                {"repeat_of_id": first.id, "repeat_count": 1},
                {"repeat_of_id": False, "repeat_count": 0},
                {"repeat_of_id": second.id, "repeat_count": 2},
                {"repeat_of_id": False, "repeat_count": 0},
            ],
        )
        self.assertEqual(second.escalation_level, 0)
        self.assertEqual(third.escalation_level, 1, "by rule at the second repeat")
        self.assertEqual(first.related_count, 3)

    def test_before_the_top_unit_nothing_goes_higher(self):
        ours = self._create_customer("Ours", unit=self.centre)
        days = ("11", "12", "13")
        found = [self._complaint(f"2026-01-{day} 08:00:00", ours) for day in days]
        self.assertEqual(found[2].repeat_count, 2)
        self.assertEqual(found[2].escalation_level, 0)
        self._settle(found[2], "2026-01-13 12:00:00", mark="1", is_solved=False)
        self.assertEqual(found[2].state, "handling")

    def test_another_customer_repeats_nothing(self):
        self._complaint("2026-01-11 08:00:00")
        other = self._complaint("2026-01-12 08:00:00", customer=self.far)
        self.assertFalse(other.repeat_of_id)

    def test_what_was_withdrawn_is_not_repeated(self):
        first = self._complaint("2026-01-11 08:00:00")
        first._withdraw("A mistake")
        self.assertFalse(self._complaint("2026-01-12 08:00:00").repeat_of_id)

    def test_one_entered_later_comes_before(self):
        """Files bring complaints in any order: the link follows the dates."""
        second = self._complaint("2026-01-20 08:00:00")
        first = self._complaint(
            "2026-01-21 08:00:00", date_accepted="2026-01-12 08:00:00"
        )
        second.invalidate_recordset()
        self.assertEqual(second.repeat_of_id, first)
        self.assertFalse(first.repeat_of_id)

    def test_by_number_and_main_type(self):
        self._rule(repeat_whose="number", repeat_match="branch", repeat_days=5)
        numbers = self.env["key.account.number"].create(
            [{"name": name, "partner_id": self.acme.id} for name in ("111", "222")]
        )
        first = self._complaint("2026-01-11 08:00:00", number_id=numbers[0].id)
        other = self._complaint("2026-01-12 08:00:00", number_id=numbers[1].id)
        again = self._complaint(
            "2026-01-13 08:00:00", number_id=numbers[0].id, type_id=self.speed.id
        )
        late = self._complaint("2026-01-19 08:00:00", number_id=numbers[0].id)
        self.assertFalse(other.repeat_of_id)
        self.assertEqual(again.repeat_of_id, first)
        self.assertFalse(late.repeat_of_id)

    def test_a_correction_of_the_type_is_looked_at_again(self):
        self._complaint("2026-01-11 08:00:00")
        second = self._complaint("2026-01-12 08:00:00", type_id=self.bill.id)
        self.assertFalse(second.repeat_of_id)
        second.type_id = self.outage
        second.invalidate_recordset()
        self.assertTrue(second.repeat_of_id)

    def test_rules_are_versions(self):
        """RULE-01: what was registered by a version keeps it."""
        before = self._complaint("2026-01-09 08:00:00")
        new = self._rule(repeat_days=0)
        after = self._complaint("2026-01-11 08:00:00")
        self.assertEqual((before.rule_id, after.rule_id), (self.rule, new))
        self.assertFalse(after.repeat_of_id, "zero days: never")
        bad = self.rule.copy({"date_from": "2027-01-10", "head_limit": 1})
        self.assertIn("rise from", bad.problems)
