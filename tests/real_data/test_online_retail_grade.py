"""A real wholesaler's year graded by the product: by rank, month after month (GRD-15).

The rule: gross revenue of the six months up to the ninth of a month, the ninth of the
first one excluded and that of the last one included; by rank, highest first, ties by
customer number ascending; A to the first 5 %, B to 20 %, C to 50 %, rounded down, D the
rest. It is drafted by the administrator, approved by the centre, and run by the centre.
"""

import configparser
from collections import Counter
from contextlib import closing
from datetime import date
from decimal import Decimal

import psycopg2
import published
import pytest
from rpc import RpcError

RULE = "key.account.grade.rule"
RUN = "key.account.grade.run"
MOVE = "key.account.grade.move"
SHARES = {"OR-A": 5, "OR-B": 20, "OR-C": 50}
RANKS = {"OR-A": 4, "OR-B": 3, "OR-C": 2, "OR-D": 1}
# The days graded: the ninth of each month; the last one is that of the published table.
DAYS = [date(2011, month, 9) for month in range(2, 13)]


class Graded:
    """The year in the product, and what its screens say."""

    def __init__(self, retail, suite):
        self.retail = retail
        self.client = retail.as_role("centre")
        self.mine = retail.of_customers("partner_id.")
        self.make_room(suite)
        self.grades = self.create_grades()
        self.rule = self.create_rule()
        self.runs = [self.run(day) for day in DAYS]

    def make_room(self, suite):
        """The demonstration city's rules hold since 2000 and have decided: in this
        database they begin later, so that there is room for those of 2011."""
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(suite.config)
        options = settings["options"]
        connection = psycopg2.connect(
            dbname=suite.database, host=options["db_host"], user=options["db_user"]
        )
        with closing(connection), connection, connection.cursor() as cursor:
            cursor.execute(
                "UPDATE key_account_grade_rule SET date_from = '2013-01-01' "
                "WHERE kind = 'group' AND state = 'approved' "
                "AND date_from < '2013-01-01'"
            )

    def create_grades(self):
        admin = self.retail.as_role("admin")
        vals_list = [
            {"code": code, "name": code[-1], "rank": rank}
            for code, rank in RANKS.items()
        ]
        ids = admin.call("key.account.grade", "create", vals_list)
        return dict(zip(RANKS, ids, strict=True))

    def create_rule(self):
        admin = self.retail.as_role("admin")
        [pound] = admin.call("res.currency", "search", [("name", "=", "GBP")])
        thresholds = [
            {"criterion": "rank", "grade_id": self.grades[code], "share": share}
            for code, share in SHARES.items()
        ]
        rest = {"criterion": "rank", "grade_id": self.grades["OR-D"], "is_rest": True}
        criterion = {
            "code": "rank",
            "name": "Place by gross revenue of six months",
            "method": "rank",
            "basis": "date",
            "months": 6,
            "is_gross": True,
            "population": "billed",
        }
        [rule] = admin.call(
            RULE,
            "create",
            [
                {
                    "name": "Online retail",
                    "kind": "group",
                    "date_from": "2010-12-01",
                    "date_to": "2012-12-31",
                    "currency_id": pound,
                    "up_periods": 1,
                    "down_periods": 1,
                    "validity_months": 0,
                    "criterion_ids": [(0, 0, criterion)],
                    "threshold_ids": [(0, 0, row) for row in [*thresholds, rest]],
                }
            ],
        )
        admin.call(RULE, "action_propose", [rule])
        with pytest.raises(RpcError):
            admin.call(RULE, "action_approve", [rule])
        self.client.call(RULE, "action_approve", [rule])
        return rule

    def run(self, day):
        """As the centre does it on the screen; the figures of the run."""
        month = day.replace(month=day.month - 1, day=1)
        vals = {"month": str(month), "date": str(day), "scope": "all", "kind": "group"}
        [run] = self.client.call(RUN, "create", [vals])
        self.client.call(RUN, "action_start", [run])
        [figures] = self.client.call(
            RUN,
            "read",
            [run],
            ["state", "date", "new_count", "up_count", "down_count", "proposed_count"],
        )
        return figures

    def customers(self):
        """Customer → code of its grade, as the list of customers shows it."""
        rows = self.client.call(
            "res.partner",
            "web_search_read",
            domain=self.retail.of_customers(),
            specification={"key_account_grade_id": {"fields": {"code": {}}}},
            limit=100_000,
        )["records"]
        return {
            row["id"]: (row["key_account_grade_id"] or {}).get("code") for row in rows
        }

    def moves(self):
        fields = ["partner_id", "grade_from_id", "grade_to_id", "date", "direction"]
        return self.client.call(
            MOVE, "search_read", [*self.mine, ("state", "=", "applied")], fields
        )


@pytest.fixture(scope="module")
def graded(retail, suite):
    return Graded(retail, suite)


def test_the_year_is_graded_as_published(graded):
    """Customers, revenue and lowest revenue of each grade."""
    revenue = {
        group["partner_id"][0]: Decimal(str(round(group["amount:sum"], 2)))
        for group in graded.client.groups(
            "key.account.bill",
            [
                *graded.mine,
                ("kind", "=", "bill"),
                ("date_bill", ">", "2011-06-09"),
                ("date_bill", "<=", "2011-12-09"),
            ],
            "partner_id",
            ["amount:sum"],
        )
    }
    found = {}
    for customer, code in graded.customers().items():
        if code:
            found.setdefault(code, []).append(revenue.get(customer, Decimal(0)))
    table = {
        code[-1]: (len(amounts), sum(amounts), min(amounts))
        for code, amounts in found.items()
    }
    for grade, (count, total, lowest) in published.GRADES.items():
        assert table[grade][:2] == (count, total), grade
        if lowest is not None:
            assert table[grade][2] == lowest, grade
    assert found["OR-D"].count(Decimal(0)) == published.GRADES_WITHOUT_REVENUE
    assert sum(map(len, found.values())) == published.GROSS_CUSTOMERS


def test_every_month_shows_its_moves(graded):
    """The runs' counts are those of the moves, and moves follow each other."""
    assert [run["state"] for run in graded.runs] == ["done"] * len(DAYS)
    moves = graded.moves()
    by_day = Counter((move["date"], move["direction"]) for move in moves)
    for run in graded.runs:
        found = [by_day[run["date"], way] for way in ("new", "up", "down")]
        wanted = [run["new_count"], run["up_count"], run["down_count"]]
        assert found == wanted, run["date"]
    assert all(run["up_count"] and run["down_count"] for run in graded.runs[1:])
    held = {}
    for move in sorted(moves, key=lambda move: (move["date"], move["id"])):
        customer = move["partner_id"][0]
        assert (move["grade_from_id"] or [None])[0] == held.get(customer)
        held[customer] = (move["grade_to_id"] or [None])[0]
    codes = {grade_id: code for code, grade_id in graded.grades.items()}
    now = graded.customers()
    assert {c: codes.get(grade) for c, grade in held.items()} == {
        c: code for c, code in now.items() if c in held
    }


def test_a_second_run_changes_nothing(graded):
    before = len(graded.moves())
    again = graded.run(DAYS[-1])
    assert [again[name] for name in ("new_count", "up_count", "down_count")] == [0] * 3
    assert len(graded.moves()) == before


def test_the_matrix_adds_up_to_the_moves(graded):
    """GRD-10: for the centre, and for the companies together."""
    report = "key.account.grade.report"
    total = len(graded.moves())
    assert graded.client.sums(report, graded.mine, ["__count"]) == [total]
    companies = [graded.retail.as_role("company", number) for number in range(3)]
    counts = [client.sums(report, graded.mine, ["__count"])[0] for client in companies]
    assert sum(counts) == total and all(counts)
