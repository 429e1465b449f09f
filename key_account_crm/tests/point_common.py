# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon


class PointCommon(KeyAccountCommon):
    """The small city with one points rule in force and one reward in the catalogue.

    The rule: a point per unit paid on time; tenure 10 % from 13 months on, 20 % from
    25; credit 10 % from 3 months on time in a row; data service 30 points from 10.00.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._retire_rules()
        cls.entries = cls.env["key.account.point.entry"]
        cls.balances = cls.env["key.account.point.balance"]
        cls.data = cls._create_line("T-DATA", cls.post)
        cls.rule = cls._create_rule()
        cls.goods = cls.env.ref("key_account_crm.key_account_term_redemption_1100")
        cls.reward = cls.env["key.account.point.reward"].create(
            {
                "name": "Lamp",
                "code": "T-LAMP",
                "class_id": cls.goods.id,
                "points": 100,
                "date_from": "2020-01-01",
            }
        )

    @classmethod
    def _retire_rules(cls):
        """Whatever rule the database has ends before those of the tests begin."""
        cls.env.cr.execute("UPDATE key_account_point_rule SET state = 'withdrawn'")
        cls.env.invalidate_all()

    @classmethod
    def _create_rule(cls, bands=None, **vals):
        if bands is None:
            bands = [
                {"kind": "tenure", "value_from": 13, "percent": 10},
                {"kind": "tenure", "value_from": 25, "percent": 20},
                {"kind": "credit", "value_from": 3, "percent": 10},
                {"kind": "data", "value_from": 10, "points": 30},
            ]
        rule = cls.env["key.account.point.rule"].create(
            {
                "name": "Points",
                "date_from": "2020-01-01",
                "data_line_ids": [(6, 0, cls.data.ids)],
                "band_ids": [(0, 0, band) for band in bands],
                "redemption_limit": 500,
                "adjustment_limit": 1000,
                **vals,
            }
        )
        rule.action_approve()
        return rule

    @classmethod
    def _bill_month(cls, customer, month, amount, paid=None, day=10, line=None, **vals):
        """A bill of 2026 (or of yyyy-mm), due on the 15th of the month after."""
        period = f"{month}-01" if isinstance(month, str) else f"2026-{month:02}-01"
        year, number = int(period[:4]), int(period[5:7])
        following = f"{year + number // 12}-{number % 12 + 1:02}"
        bill = cls._create_bill(
            customer,
            amount,
            line,
            period=period,
            date_bill=f"{following}-01",
            date_due=f"{following}-15",
            **vals,
        )
        if paid is None:
            paid = amount
        if paid:
            cls._pay(bill, paid, f"{following}-{day:02}")
        return bill

    @classmethod
    def _run_month(cls, month):
        """Compute a month of 2026 (or yyyy-mm), again where it was computed."""
        day = f"{month}-01" if isinstance(month, str) else f"2026-{month:02}-01"
        runs = cls.env["key.account.point.run"]
        run = runs.search([("month", "=", day)]) or runs.create({"month": day})
        run.action_start()
        return run

    @classmethod
    def _give(cls, customer, quantity, year=2026, line=None, number=None, **vals):
        """Points of a year of origin."""
        return cls.entries.create(
            {
                "partner_id": customer.id,
                "line_id": line.id if line else False,
                "number_id": number.id if number else False,
                "kind": "reward",
                "quantity": quantity,
                "origin_year": year,
                **vals,
            }
        )

    def _left(self, customer):
        """Points left by year of origin, checked against the sums of the ledger."""
        self.env.invalidate_all()
        rows = self.balances.search([("partner_id", "=", customer.id)])
        left = {}
        for row in rows:
            left[row.origin_year] = left.get(row.origin_year, 0) + row.quantity
        groups = self.entries._read_group(
            [("partner_id", "=", customer.id)], ["origin_year"], ["quantity:sum"]
        )
        self.assertEqual(left, dict(groups))
        return {year: quantity for year, quantity in left.items() if quantity}

    def _earned(self, customer, **domain):
        """Points by kind."""
        self.env.invalidate_all()
        groups = self.entries._read_group(
            [
                ("partner_id", "=", customer.id),
                *((name, "=", value) for name, value in domain.items()),
            ],
            ["kind"],
            ["quantity:sum"],
        )
        return {kind: quantity for kind, quantity in groups if quantity}
