"""Two years of real receivables through the ages and disputes of the arrears addon."""

import csv
import json
import subprocess
import sys
from collections import Counter
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import published
import pytest
from roles import READERS, total_of
from sources import DATASETS

HERE = Path(__file__).parent
ITEMS = "key.account.open.item"
DISPUTES = "key.account.dispute"
DAYS = list(published.AR_DAYS)
STARTS = (1, 31, 61, 91, 181, 366)


def as_of(day):
    return {"context": {"key_account_as_of": str(day)}}


def day_of(text):
    return datetime.strptime(text, "%m/%d/%Y").date()


@pytest.fixture(scope="module")
def rows(data):
    """The invoices as they were published, read here and nowhere else."""
    with (data / DATASETS["accounts-receivable"].path).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def disputes(receivable, rows):
    """Every disputed invoice, recorded in the product from the day of its bill on."""
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    bills = client.rows("key.account.bill", mine, ["name", "amount", "date_bill"])
    by_name = {bill["name"]: bill for bill in bills}
    contested = [row for row in rows if row["Disputed"] == "Yes"]
    vals_list = [
        {
            "bill_id": by_name[row["invoiceNumber"]]["id"],
            "amount": by_name[row["invoiceNumber"]]["amount"],
            "date": by_name[row["invoiceNumber"]]["date_bill"],
            "reason": "Disputed in the published data",
        }
        for row in contested
    ]
    client.call(DISPUTES, "create", vals_list)
    return contested


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_ages_add_up_to_the_published_arrears(receivable, rows, day):
    """ARR-01, ARR-08: the published arrears of the day, by ages counted here."""
    client = receivable.as_role("centre")
    late = [*receivable.of_customers("partner_id."), ("is_overdue", "=", True)]
    groups = client.groups(
        ITEMS, late, "bucket_id", ["amount_overdue:sum", "__count"], **as_of(day)
    )
    total = sum(group["amount_overdue:sum"] for group in groups)
    assert round(total, 2) == float(published.AR_DAYS[day][3])
    found = {}
    for group in groups:
        [bucket] = client.rows(
            "key.account.ageing.bucket",
            [("id", "=", group["bucket_id"][0])],
            ["days_from"],
        )
        found[bucket["days_from"]] = group["__count"]
    assert found == ages_of(rows, day)


def ages_of(rows, day):
    """Number of invoices in arrears by the first day of their age."""
    day = date.fromisoformat(str(day))
    ages = Counter()
    for row in rows:
        due, settled = day_of(row["DueDate"]), day_of(row["SettledDate"])
        if day_of(row["InvoiceDate"]) <= day < settled and due < day:
            ages[max(start for start in STARTS if start <= (day - due).days)] += 1
    return ages


def test_all_disputes_are_there(receivable, disputes):
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    assert len(disputes) == client.call(DISPUTES, "search_count", mine) == 561


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_disputed_amounts_of_the_day(receivable, disputes, day):
    wanted = sum(
        float(row["InvoiceAmount"])
        for row in disputes
        if day_of(row["InvoiceDate"])
        <= date.fromisoformat(str(day))
        < day_of(row["SettledDate"])
    )
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    [found] = client.sums(ITEMS, mine, ["amount_disputed:sum"], **as_of(day))
    assert round(found, 2) == round(wanted, 2) > 0


@pytest.mark.parametrize("who", READERS, ids=lambda who: who[0])
def test_every_reader_adds_up_his_disputes(receivable, disputes, who):
    total_of(receivable, who, DISPUTES, "amount", "partner_id.")
    for day in DAYS:
        total_of(receivable, who, ITEMS, "amount_disputed", "partner_id.", **as_of(day))


STEPS = (1, 5, 10, 15, 20)  # of the policy that is shipped
# December is not compared: in it 23 of 366 actions differ from what the dates say.
FIRST, LAST = date(2013, 1, 1), date(2013, 11, 30)


@pytest.fixture(scope="module")
def actions(receivable, disputes, suite):
    """What the product would have done on every day of a year (replay.py)."""
    command = [sys.executable, HERE / "replay.py", receivable.dataset.name]
    command += [suite.database, str(FIRST), str(LAST)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=suite.root)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def expected(rows):
    """The same year told from the published invoices, without the product."""
    owned = {}
    for row in rows:
        if row["Disputed"] == "No":
            owned.setdefault(row["customerID"], []).append(
                (
                    day_of(row["DueDate"]),
                    day_of(row["SettledDate"]),
                    Decimal(row["InvoiceAmount"]),
                )
            )
    found, taken = {}, set()
    for number in range((LAST - FIRST).days + 1):
        day = FIRST + timedelta(number)
        for customer, bills in owned.items():
            late = [bill for bill in bills if bill[0] < day < bill[1]]
            reached = late and [
                step for step in STEPS if step <= (day - min(late)[0]).days
            ]
            if reached:
                key = customer, min(late)[0], max(reached)
                if key not in taken:
                    taken.add(key)
                    amount = sum(bill[2] for bill in late)
                    found[str(day), customer, max(reached)] = amount, len(late)
    return found


def test_a_year_of_dunning_day_by_day(receivable, actions, expected):
    """ARR-02 to ARR-04: on every day of eleven months those are reminded, by the step
    and for the amount, whom the published dates say; each once."""
    prefix = receivable.dataset.prefix
    found = {
        (action["day"], action["customer"].removeprefix(prefix), action["step"]): (
            Decimal(str(action["amount"])),
            action["bills"],
        )
        for action in actions
    }
    assert len(found) == len(actions), "a step was taken twice on a day"
    assert found == expected
    by_step = Counter(action["step"] for action in actions)
    print(f"{len(actions)} actions by day late: {dict(sorted(by_step.items()))}")
    assert set(by_step) == set(STEPS)


def test_nobody_is_dunned_after_he_settled_nor_for_what_he_disputes(
    receivable, actions, rows
):
    """None after settlement, none disputed: whatever stands in a message."""
    prefix = receivable.dataset.prefix
    bills = {}
    for row in rows:
        bills.setdefault(row["customerID"], []).append(row)
    for action in actions:
        day = date.fromisoformat(action["day"])
        mine = bills[action["customer"].removeprefix(prefix)]
        open_then = [
            row
            for row in mine
            if day_of(row["DueDate"]) < day < day_of(row["SettledDate"])
        ]
        undisputed = [row for row in open_then if row["Disputed"] == "No"]
        assert undisputed, action
        owed = sum(Decimal(row["InvoiceAmount"]) for row in undisputed)
        assert Decimal(str(action["amount"])) == owed
        assert f"{owed:,.2f}" in action["body"]
        assert action["oldest"] == str(
            min(day_of(row["DueDate"]) for row in undisputed)
        )
