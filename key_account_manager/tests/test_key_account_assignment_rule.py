# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import Command
from odoo.tests import tagged

from .common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountAssignmentRule(ManagerCommon):
    """Customers are assigned by rule: industry, region, grade, load (ASG-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.industry = cls.env["res.partner.industry"].create({"name": "Police"})
        cls.police = cls._create_customer("Police", industry_id=cls.industry.id)
        cls.town = cls._create_customer("Town", city="Hangzhou")
        cls.rest = cls.env["res.partner"].browse()
        for number in range(5):
            cls.rest |= cls._create_customer(f"R{number}")
        cls.rule = cls.env["key.account.assignment.rule"].create(
            {
                "name": "Post 1",
                "date_from": "2020-01-01",
                "row_ids": [
                    Command.create(
                        {
                            "code": "police",
                            "sequence": 1,
                            "industry_id": cls.industry.id,
                            "user_id": cls.manager_2.id,
                        }
                    ),
                    Command.create(
                        {
                            "code": "town",
                            "sequence": 2,
                            "city": "hangzhou",
                            "user_id": cls.colleague.id,
                        }
                    ),
                    Command.create(
                        {"code": "rest", "sequence": 3, "target_unit_id": cls.post_1.id}
                    ),
                ],
            }
        )

    def _approve(self):
        self.rule.action_propose()
        self.rule.action_approve()

    def test_the_first_row_that_fits(self):
        """The rest is shared by room: colleague has one, then both in turn, and none
        beyond the limit of three."""
        self._approve()
        order = self._order(self.company, kind="rule", unit_id=self.post.id)
        order.action_confirm()
        self.assertEqual(self.police.key_account_manager_id, self.manager_2)
        self.assertEqual(self.police.key_account_unit_id, self.post_2)
        self.assertEqual(self.town.key_account_manager_id, self.colleague)
        self.env.invalidate_all()
        self.assertEqual(self.files[self.manager].load, 3)
        self.assertLessEqual(self.files[self.colleague].load, 4)
        given = self.rest.filtered("key_account_manager_id")
        self.assertEqual(given.key_account_manager_id, self.manager | self.colleague)
        again = self._order(self.company, kind="rule", unit_id=self.post.id)
        self.assertFalse(again.line_count)

    def test_the_dry_run_shows_and_moves_nothing(self):
        """RULE-03."""
        self.env.flush_all()
        rows = self.env.execute_query_dict(self.rule._get_trial_query(False))
        shown = {row["partner_id"]: row["after"] for row in rows}
        self.assertEqual(shown[self.police.id], "ka_manager_2")
        self.assertEqual(shown[self.town.id], "ka_colleague")
        self.assertFalse(self.police.key_account_manager_id)

    def test_who_has_a_manager_stays_unless_asked(self):
        self.police.key_account_manager_id = self.manager
        self._approve()
        vals = {"kind": "rule", "unit_id": self.post.id}
        order = self._order(self.company, **vals)
        self.assertNotIn(self.police, order.line_ids.partner_id)
        order = self._order(self.company, **vals, is_unassigned_only=False)
        self.assertIn(self.police, order.line_ids.partner_id)

    def test_a_row_names_somebody(self):
        self.rule.row_ids[0].user_id = False
        self.assertTrue(any("police" in text for text in self.rule._rule_problems()))
