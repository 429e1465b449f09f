"""Two years of real receivables: open items and arrears as of the published days."""

from datetime import timedelta

import published
import pytest
from roles import READERS, check_levels, total_of

BILLS = "key.account.bill"
ITEMS = "key.account.open.item"
DAYS = list(published.AR_DAYS)


def as_of(day):
    return {"context": {"key_account_as_of": str(day)}}


def test_the_loader_says_that_all_figures_agree(receivable):
    assert "all figures agree" in receivable.output


def test_invoices_and_their_sum(receivable):
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    aggregates = ["amount:sum", "amount_open:sum", "partner_id:count_distinct"]
    sums = client.sums(BILLS, mine, [*aggregates, "__count"])
    assert [round(figure, 2) for figure in sums] == [
        float(published.AR_TOTAL),
        0,
        published.AR_CUSTOMERS,
        published.AR_INVOICES,
    ]


def test_countries_and_codes_are_text(receivable):
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    for country, count in published.AR_COUNTRIES.items():
        domain = [*mine, ("partner_id.city", "=", country)]
        assert client.call(BILLS, "search_count", domain) == count
    zeros = [*mine, ("name", "=like", "0%")]
    assert client.call(BILLS, "search_count", zeros) == 266
    [bill] = client.rows(
        BILLS, [*mine, ("name", "=", "0000611365")], ["name", "amount"]
    )
    assert bill["amount"] == 55.94


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_open_and_arrears_of_the_day(receivable, day):
    client = receivable.as_role("finance", 0), receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    late = [*mine, ("is_overdue", "=", True)]
    expected = published.AR_DAYS[day]
    found = client[1].sums(ITEMS, mine, ["__count", "amount_open:sum"], **as_of(day))
    found += client[1].sums(
        ITEMS,
        late,
        ["__count", "amount_overdue:sum", "partner_id:count_distinct"],
        **as_of(day),
    )
    assert [round(figure, 2) for figure in found] == [float(f) for f in expected]
    own = client[0].rows(ITEMS, mine, ["date_bill", "date_due"], **as_of(day))
    assert all(row["date_bill"] <= str(day) for row in own)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_departments_add_up_to_the_centre(receivable, day):
    total = check_levels(receivable, ITEMS, "amount_open", **as_of(day))
    assert total == float(published.AR_DAYS[day][1])
    arrears = check_levels(receivable, ITEMS, "amount_overdue", **as_of(day))
    assert arrears == float(published.AR_DAYS[day][3])


@pytest.mark.parametrize("who", READERS, ids=lambda who: who[0])
def test_totals_are_the_sums_of_the_rows(receivable, who):
    for day in DAYS:
        total_of(receivable, who, ITEMS, "amount_open", "partner_id.", **as_of(day))
    billed = total_of(receivable, who, BILLS, "amount", "partner_id.")
    paid = total_of(receivable, who, "key.account.payment", "amount", "partner_id.")
    assert billed == paid  # every invoice of the data was settled in full


def test_the_ages_of_a_day_add_up(receivable):
    day = DAYS[3]
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    groups = client.groups(ITEMS, mine, "bucket", ["amount_open:sum"], **as_of(day))
    ages = {group["bucket"]: group["amount_open:sum"] for group in groups}
    expected = published.AR_DAYS[day]
    assert round(sum(ages.values()), 2) == float(expected[1])
    late = sum(amount for age, amount in ages.items() if age != "not_due")
    assert round(late, 2) == float(expected[3])


def test_the_export_of_the_arrears(receivable):
    day = DAYS[0]
    client = receivable.as_role("centre")
    late = [*receivable.of_customers("partner_id."), ("is_overdue", "=", True)]
    ids = client.call(ITEMS, "search", late, **as_of(day))
    fields = ["name", "partner_id/key_account_code", "amount_overdue", "days_overdue"]
    rows = client.call(ITEMS, "export_data", ids, fields, **as_of(day))["datas"]
    assert len(rows) == published.AR_DAYS[day][2]
    assert round(sum(float(row[2]) for row in rows), 2) == float(
        published.AR_DAYS[day][3]
    )
    assert len({row[1] for row in rows}) == published.AR_DAYS[day][4]
    assert all(int(row[3]) > 0 for row in rows)


def test_a_day_before_everything_has_no_items(receivable):
    day = min(DAYS) - timedelta(days=400)
    client = receivable.as_role("centre")
    mine = receivable.of_customers("partner_id.")
    assert client.call(ITEMS, "search_count", mine, **as_of(day)) == 0
