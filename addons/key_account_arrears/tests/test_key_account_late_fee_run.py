# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-04-10")
class TestLateFeeRun(ArrearsCommon):
    """Late fees become bills of their own, once a bill and month (ARR-12)."""

    def _look(self, date="2026-03-31", user=None, **vals):
        runs = self.env["key.account.late.fee.run"].with_user(user or self.finance)
        run = runs.create(
            {"unit_id": self.post.id, "date": date, "date_from": "2026-01-01", **vals}
        )
        run.action_preview()
        return run

    def test_it_shows_then_charges_and_the_next_month_brings_the_rest(self):
        run = self._look("2026-02-28")
        # 100 for 13 days at 3 per mille, due on 15 February
        self.assertRecordValues(
            run.fee_ids,
            [{"bill_id": self.bill.id, "amount": 3.9, "state": "proposed"}],
        )
        run.action_charge()
        charge = run.fee_ids.charge_id
        self.assertRecordValues(
            charge,
            [
                {
                    "name": f"{self.bill.name}-LF202602",
                    "amount": 3.9,
                    "unit_id": self.post_1.id,
                    "kind": "bill",
                }
            ],
        )
        self.assertEqual(str(charge.date_due), "2026-04-25")
        march = self._look()
        self.assertRecordValues(march.fee_ids, [{"amount": 9.3, "amount_total": 13.2}])
        march.action_charge()
        self.assertFalse(self._look().fee_ids)
        # a bill of a late fee bears none, and what is charged is not shown again
        items = self._items("2026-06-30")
        fees = {item.bill_id: item.amount_late_fee for item in items}
        self.assertEqual(fees[charge], 0)
        self.assertAlmostEqual(fees[self.bill], 135 * 0.3 - 13.2)

    def test_paid_late_it_bears_the_fee_of_the_days_before(self):
        self._pay(self.bill, 100, "2026-02-25")
        run = self._look()
        self.assertRecordValues(run.fee_ids, [{"amount": 2.7}])

    def test_a_fee_is_waived_with_a_reason_by_a_head_or_finance(self):
        run = self._look()
        fee = run.fee_ids
        with self.assertRaises(AccessError):
            fee.with_user(self.manager).action_waive()
        with self.assertRaisesRegex(UserError, "why"):
            fee.with_user(self.head).action_waive()
        fee.with_user(self.head).reason = "Our mistake"
        fee.with_user(self.head).action_waive()
        run.action_charge()
        self.assertRecordValues(
            fee,
            [{"state": "waived", "charge_id": False, "decided_by_id": self.head.id}],
        )
        self.assertFalse(self._look().fee_ids)

    def test_charged_already_a_credit_note_takes_it_back(self):
        run = self._look()
        run.action_charge()
        fee = run.fee_ids
        fee.with_user(self.finance).reason = "Goodwill"
        fee.with_user(self.finance).action_waive()
        self.assertEqual(fee.charge_id.amount_open, 0)
        self.assertEqual(fee.charge_id.correction_ids.amount, -fee.amount)

    def test_a_preview_is_of_the_day_and_of_ones_own_units(self):
        run = self._look()
        with freeze_time("2026-04-11"), self.assertRaisesRegex(UserError, "of today"):
            run.action_charge()
        with self.assertRaises(AccessError):
            self._look(unit_id=self.parcel.id)
        with self.assertRaises(AccessError):
            self._look(user=self.manager)
        run.action_cancel()
        self.assertFalse(run.fee_ids)
