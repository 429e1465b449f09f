"""Two years of real receivables through the ages and disputes of the arrears addon."""

import csv
from collections import Counter
from datetime import date, datetime

import published
import pytest
from roles import READERS, total_of
from sources import DATASETS

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
