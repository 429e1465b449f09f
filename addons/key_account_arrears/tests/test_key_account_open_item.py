# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.fields import Date
from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-06-30")
class TestArrears(ArrearsCommon):
    """Arrears by age, number, grade and what is agreed, as of any day (ARR-01)."""

    def test_every_day_late_has_its_age(self):
        ages = self.env["key.account.ageing.bucket"].search([])
        self.assertEqual(ages.mapped("days_from"), [1, 31, 61, 91, 181, 366])
        self.assertEqual(ages.mapped("days_to"), [30, 60, 90, 180, 365, 0])
        for days, expected in (
            (0, False),
            (1, 1),
            (30, 1),
            (31, 31),
            (60, 31),
            (61, 61),
            (90, 61),
            (91, 91),
            (180, 91),
            (181, 181),
            (365, 181),
            (366, 366),
            (4000, 366),
        ):
            with self.subTest(days=days):
                day = Date.add(self.bill.date_due, days=days)
                self.assertEqual(self._items(day).bucket_id.days_from, expected or 0)

    def test_ages_are_data(self):
        """An operator with other ages enters them; every row still has exactly one."""
        ages = self.env["key.account.ageing.bucket"].with_user(self.director)
        ages.search([("days_from", ">", 31)]).write({"active": False})
        ages.create({"name": "Over 45", "days_from": 46})
        for days, name in ((45, "31 to 60 Days"), (46, "Over 45"), (900, "Over 45")):
            day = Date.add(self.bill.date_due, days=days)
            self.assertEqual(self._items(day).bucket_id.name, name)

    def test_what_is_not_overdue_has_no_age(self):
        self._create_bill(self.acme, -5)
        items = self._items("2026-02-15")
        self.assertEqual(len(items), 2)
        self.assertFalse(items.bucket_id)

    def test_query_by_code_number_state_and_grade(self):
        """ARR-01: number, customer code, period, amount, suspended, grade, manager."""
        grade = self.env["key.account.grade"].search([], limit=1)
        number = self.env["key.account.number"].create(
            {"name": "0755001", "partner_id": self.acme.id, "state": "one_way"}
        )
        self.acme.key_account_code = "007"
        standing = self.env["key.account.standing"]
        standing.search([("partner_id", "=", self.acme.id)]).grade_id = grade
        self._create_bill(self.acme, 40, number_id=number.id, period="2025-12-01")
        items = self.env["key.account.open.item"].with_user(self.manager)
        for domain, amounts in (
            ([("customer_code", "=", "007")], [40, 100]),
            ([("number_state", "in", ["one_way", "two_way"])], [40]),
            ([("number_id.name", "=", "0755001")], [40]),
            ([("period", "=", "2025-12-01")], [40]),
            ([("amount_overdue", ">=", 50)], [100]),
            ([("grade_id", "=", grade.id), ("customer_kind", "=", "group")], [40, 100]),
            ([("manager_id", "=", self.manager.id)], [40, 100]),
            ([("bucket_id.days_from", "=", 91)], [40, 100]),
            ([("bucket_id.days_from", "=", 1)], []),
        ):
            with self.subTest(domain=domain):
                mine = [("partner_id", "=", self.acme.id), *domain]
                found = items.search(mine).mapped("amount_open")
                self.assertEqual(sorted(found), amounts)

    def test_groups_by_age_add_up_to_the_rows_of_their_reader(self):
        for user, total in ((self.manager, 100), (self.director, 107)):
            if user == self.director:
                self._create_bill(self.far, 7)
            items = self.env["key.account.open.item"].with_user(user)
            domain = [("partner_id", "in", (self.acme | self.far).ids)]
            groups = items._read_group(domain, ["bucket_id"], ["amount_overdue:sum"])
            self.assertEqual(sum(amount for _age, amount in groups), total)

    def test_disputed_and_promised_as_of_the_day(self):
        dispute = (
            self.env["key.account.dispute"]
            .with_user(self.manager)
            .create(
                {
                    "bill_id": self.bill.id,
                    "amount": 60,
                    "date": "2026-03-05",
                    "reason": "Charged twice",
                }
            )
        )
        self._promise(self.manager, 40, "2026-03-20", date="2026-03-10")
        self.env["key.account.dunning.exemption"].create(
            {
                "partner_id": self.acme.id,
                "date_from": "2026-04-01",
                "date_to": "2026-04-10",
                "reason": "Under negotiation",
            }
        )
        dispute.with_user(self.head).decision = "One bill only"
        with freeze_time("2026-04-05"):
            dispute.with_user(self.head).action_reject()
        for day, disputed, promised, exempt in (
            ("2026-03-04", 0, False, False),
            ("2026-03-05", 60, False, False),
            ("2026-03-10", 60, True, False),
            ("2026-03-20", 60, True, False),
            ("2026-03-21", 60, False, False),
            ("2026-04-01", 60, False, True),
            ("2026-04-05", 0, False, True),
            ("2026-04-11", 0, False, False),
        ):
            with self.subTest(day=day):
                item = self._items(day, self.manager)
                found = item.amount_disputed, item.is_promised, item.is_exempt
                self.assertEqual(found, (disputed, promised, exempt))
