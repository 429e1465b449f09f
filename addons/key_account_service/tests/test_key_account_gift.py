# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .care_common import CareCommon


@tagged("post_install", "-at_install")
class TestKeyAccountGift(CareCommon):
    """Gifts are a ledger per unit: balances are sums, never below none (SVC-15)."""

    def _stock(self, unit=None):
        return self.env["key.account.gift.stock"].search(
            [
                ("gift_id", "=", self.cakes.id),
                ("unit_id", "=", (unit or self.post_1).id),
            ]
        )

    def _give(self, quantity=1, **vals):
        care = self._care(gift_id=self.cakes.id, gift_quantity=quantity, **vals)
        care.action_issue_gift()
        return care

    def test_average_cost_to_the_cent(self):
        """Three pieces for 100.00: 33.33, 33.34 and 33.33, and nothing stays behind."""
        self._receive(3, 100)
        costs = [self._give().gift_cost for _number in range(3)]
        self.assertEqual(round(sum(costs), 2), 100)
        self.assertEqual(sorted(costs), [33.33, 33.33, 33.34])
        self.assertRecordValues(self._stock(), [{"quantity": 0, "value": 0}])

    def test_never_below_none(self):
        self._receive(1, 10)
        with self.assertRaisesRegex(UserError, "has only 1"):
            self._give(2)
        with (
            self.assertRaises(IntegrityError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute("UPDATE key_account_gift_stock SET quantity = -1")

    def test_taken_from_the_nearest_stock_above(self):
        """The department has too few, its company has enough."""
        self._receive(1, 10)
        self._receive(5, 60, unit=self.post)
        care = self._give(3)
        self.assertEqual(care.sudo().gift_move_ids.unit_id, self.post)
        self.assertEqual(care.gift_cost, 36)
        self.assertEqual(self._stock().quantity, 1)

    def test_given_back_at_what_it_was_worth(self):
        self._receive(2, 10)
        care = self._give()
        self._receive(1, 100)
        care.action_return_gift()
        self.assertEqual(care.gift_cost, 0)
        self.assertRecordValues(self._stock(), [{"quantity": 3, "value": 110}])
        care.action_issue_gift()
        self.assertTrue(care.gift_cost)

    def test_counted(self):
        """A count books the difference, worth the average."""
        self._receive(10, 100)
        move = self.env["key.account.gift.move"].create(
            {
                "gift_id": self.cakes.id,
                "unit_id": self.post_1.id,
                "kind": "counted",
                "counted": 8,
            }
        )
        self.assertEqual((move.quantity, move.cost), (-2, -20))
        self.assertRecordValues(self._stock(), [{"quantity": 8, "value": 80}])

    def test_done_takes_the_gift(self):
        self._receive(1, 30)
        care = self._care(gift_id=self.cakes.id, cost=5)
        care._finish(date=self._day("2026-01-15"))
        self.assertEqual((care.gift_cost, care.amount), (30, 35))
        self.assertEqual(self._stock().quantity, 0)

    def test_movements_are_kept_and_given_with_care_only(self):
        move = self._receive(2, 10)
        moves = self.env["key.account.gift.move"].with_user(self.head)
        with self.assertRaisesRegex(AccessError, "act of care"):
            moves.create(
                {"gift_id": self.cakes.id, "kind": "issued", "quantity": -1},
            )
        with self.assertRaises(AccessError):
            moves.create(
                {
                    "gift_id": self.cakes.id,
                    "unit_id": self.parcel_1.id,
                    "quantity": 1,
                }
            )
        with self.assertRaisesRegex(UserError, "count the stock"):
            move.with_user(self.head).write({"quantity": 5})
        with self.assertRaisesRegex(UserError, "kept"):
            move.unlink()
        mine = moves.create({"gift_id": self.cakes.id, "quantity": 4, "cost": 8})
        self.assertRecordValues(
            mine, [{"unit_id": self.post_1.id, "user_id": self.head.id, "cost": 8}]
        )
        with self.assertRaises(UserError):
            moves.create({"gift_id": self.cakes.id, "quantity": 0})

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(("receive", "give", "return", "count")),
                st.integers(1, 6),
                st.decimals(0, 500, places=2),
            ),
            max_size=12,
        )
    )
    def test_the_stock_is_the_sum_of_its_movements(self, steps):
        """Whatever is done, in whatever order: pieces and cents agree."""
        gift = self.env["key.account.gift"].create(
            {
                "name": "Any",
                "code": f"T-{self.env['key.account.gift'].search_count([])}",
            }
        )
        given = []
        for step, quantity, cost in steps:
            if step == "receive":
                self._receive(quantity, float(cost), gift=gift)
            elif step == "count":
                self.env["key.account.gift.move"].create(
                    {
                        "gift_id": gift.id,
                        "unit_id": self.post_1.id,
                        "kind": "counted",
                        "counted": quantity,
                    }
                )
            elif step == "return" and given:
                given.pop().action_return_gift()
            elif step == "give":
                care = self._care(gift_id=gift.id, gift_quantity=quantity)
                try:
                    with self.env.cr.savepoint():
                        care.action_issue_gift()
                    given.append(care)
                except UserError:
                    self.assertLess(gift.quantity, quantity)
        [[quantity, cost]] = self.env["key.account.gift.move"]._read_group(
            [("gift_id", "=", gift.id)], [], ["quantity:sum", "cost:sum"]
        )
        stock = gift.stock_ids
        stock.invalidate_recordset()
        self.assertEqual(quantity, sum(stock.mapped("quantity")))
        self.assertEqual(round(cost or 0, 2), round(sum(stock.mapped("value")), 2))
        if not quantity:
            self.assertEqual(round(cost or 0, 2), 0)
