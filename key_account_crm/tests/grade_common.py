# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from dateutil.relativedelta import relativedelta

from .common import KeyAccountCommon

FIRST = date(2025, 1, 1)
RULE_FROM = "2025-01-01"
# What the rule of these tests asks for: grade: (lower, upper).
BOUNDS = {"T-C": (100, 500), "T-B": (500, 1000), "T-A": (1000, 0)}


class GradeCommon(KeyAccountCommon):
    """Grades T-D to T-A, and a rule for groups on the revenue of a single month.

    A from 1,000, B from 500, C from 100, D all others; up after two months in a row,
    down after three; memberships of twelve months. A test changes what it is about.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.grades = {
            code: cls.env["key.account.grade"].create(
                {"code": code, "name": code, "rank": rank}
            )
            for code, rank in (("T-D", 1), ("T-C", 2), ("T-B", 3), ("T-A", 4))
        }

    @classmethod
    def _prepare_criterion(cls, method="revenue", code="revenue", **vals):
        return {
            "code": code,
            "name": code.title(),
            "method": method,
            "months": 1,
            **vals,
        }

    @classmethod
    def _prepare_thresholds(cls, criterion="revenue", bounds=None, rest="T-D"):
        rows = [
            {
                "criterion": criterion,
                "grade_id": cls.grades[code].id,
                "lower": lower,
                "upper": upper,
            }
            for code, (lower, upper) in (bounds or BOUNDS).items()
        ]
        if rest:
            grade_id = cls.grades[rest].id
            rows.append({"criterion": criterion, "grade_id": grade_id, "is_rest": True})
        return rows

    @classmethod
    def _prepare_shares(cls, shares, rest="T-D"):
        rows = [
            {"criterion": "rank", "grade_id": cls.grades[code].id, "share": share}
            for code, share in shares.items()
        ]
        grade_id = cls.grades[rest].id
        return [*rows, {"criterion": "rank", "grade_id": grade_id, "is_rest": True}]

    @classmethod
    def _create_rule(cls, criteria=None, thresholds=None, components=(), **vals):
        """A draft; of the revenue of a month unless told."""
        rows = {
            "criterion_ids": criteria or [cls._prepare_criterion()],
            "threshold_ids": thresholds or cls._prepare_thresholds(),
            "component_ids": components,
        }
        return cls.env["key.account.grade.rule"].create(
            {
                "name": "Test",
                "kind": "group",
                "date_from": RULE_FROM,
                "up_periods": 2,
                "down_periods": 3,
                **{name: [(0, 0, row) for row in rows[name]] for name in rows},
                **vals,
            }
        )

    @classmethod
    def _put_in_force(cls, rule):
        rule.action_propose()
        rule.action_approve()
        return rule

    @classmethod
    def _use_rule(cls, *args, **vals):
        return cls._put_in_force(cls._create_rule(*args, **vals))

    @classmethod
    def _get_month(cls, place):
        """The month of a place in a test's story, from 1 on."""
        return FIRST + relativedelta(months=place - 1)

    @classmethod
    def _bill_months(cls, customer, amounts, line=None, start=1):
        """A bill in each month of the story, dated on its last day."""
        for place, amount in enumerate(amounts, start):
            if not amount:
                continue
            month = cls._get_month(place)
            last = month + relativedelta(months=1, days=-1)
            cls._create_bill(
                customer,
                amount,
                line,
                period=month,
                date_bill=last,
                date_due=last + relativedelta(days=15),
            )

    @classmethod
    def _run(cls, place=1, user=None, **vals):
        """Grade a month of the story, on the fifth of the next one."""
        month = cls._get_month(place)
        runs = cls.env["key.account.grade.run"]
        run = runs.with_user(user or cls.env.user).create(
            {
                "month": month,
                "date": month + relativedelta(months=1, day=5),
                "scope": "all",
                "unit_id": cls.centre.id,
                **vals,
            }
        )
        run.action_start()
        cls.env.flush_all()
        return run.sudo()

    @classmethod
    def _grade_of(cls, customer):
        return customer.sudo().key_account_grade_id.code or None

    def _tell_story(self, customer, amounts, **vals):
        """Bill and grade month after month; the grades the customer had."""
        self._bill_months(customer, amounts)
        found = []
        for place in range(1, len(amounts) + 1):
            self._run(place, **vals)
            found.append((self._grade_of(customer) or "–").removeprefix("T-"))
        return "".join(found)
