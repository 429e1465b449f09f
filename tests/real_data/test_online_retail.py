"""A year of a real wholesaler in the product: the published figures, role by role."""

from decimal import Decimal

import published
import pytest
from roles import READERS, check_levels, total_of
from rpc import RpcError

BILLS = "key.account.bill"
AMOUNT = ["amount:sum", "partner_id:count_distinct", "__count"]


def test_the_loader_says_that_all_figures_agree(retail):
    assert "all figures agree" in retail.output
    assert "135,080 lines without customer" in retail.output


def test_the_same_files_again_change_nothing(retail, load_dataset):
    again = load_dataset("online-retail")
    assert again.returncode == 0, again.stdout + again.stderr
    loads = [line for line in again.stdout.splitlines() if " loading " in line]
    assert len(loads) == 6
    assert all("0 created, 0 changed" in line for line in loads), loads


def test_gross_and_net_in_the_list_of_bills(retail):
    client = retail.as_role("centre")
    mine = retail.of_customers("partner_id.")
    gross = client.sums(BILLS, [*mine, ("kind", "=", "bill")], AMOUNT)
    assert gross == [
        float(published.GROSS),
        published.GROSS_CUSTOMERS,
        published.GROSS_INVOICES,
    ]
    net, *_rest = client.sums(BILLS, mine, AMOUNT)
    assert round(net, 2) == float(published.NET)


def test_customers_and_those_below_zero(retail):
    client = retail.as_role("centre")
    mine = retail.of_customers()
    count = client.call("res.partner", "search_count", mine)
    assert count == published.CUSTOMERS
    below = [*mine, ("key_account_total", "<", 0)]
    assert client.call("res.partner", "search_count", below) == (
        published.NET_NEGATIVE_CUSTOMERS
    )


def test_the_top_ten_gross_and_net(retail):
    client = retail.as_role("office")
    mine = retail.of_customers("partner_id.")

    def top(domain):
        groups = client.groups(
            BILLS,
            domain,
            "partner_id",
            ["amount:sum"],
            order="amount:sum desc",
            limit=10,
        )
        names = [group["partner_id"][1].rpartition(" ")[2] for group in groups]
        return names, [round(group["amount:sum"], 2) for group in groups]

    names, amounts = top([*mine, ("kind", "=", "bill")])
    assert dict(zip(names, amounts, strict=True)) == {
        code: float(amount) for code, amount in published.TOP_GROSS.items()
    }
    assert tuple(top(mine)[0]) == published.TOP_NET


def test_the_shares_of_the_largest_customers(retail):
    groups = retail.as_role("centre").groups(
        BILLS,
        [*retail.of_customers("partner_id."), ("kind", "=", "bill")],
        "partner_id",
        ["amount:sum"],
        order="amount:sum desc",
    )
    amounts = [group["amount:sum"] for group in groups]
    for percent, share in published.SHARES.items():
        top = sum(amounts[: len(amounts) * percent // 100])
        assert round(100 * top / float(published.GROSS), 1) == share


def test_the_months_add_up_to_the_bills(retail):
    billed, count = retail.as_role("centre").sums(
        "key.account.month",
        retail.of_customers("partner_id."),
        ["amount_billed:sum", "bill_count:sum"],
    )
    assert round(billed, 2) == float(published.NET)
    assert count == 22_186


def test_the_export_of_the_bills(retail):
    """What a user takes out as a file is the same, and its numbers are text."""
    client = retail.as_role("head", 3)
    ids = client.call(BILLS, "search", retail.of_customers("partner_id."))
    fields = ["name", "partner_id/key_account_code", "kind", "amount"]
    try:
        rows = client.call(BILLS, "export_data", ids, fields)["datas"]
    except RpcError as error:
        pytest.fail(f"a head may not export: {error}")
    total = total_of(retail, ("head", 3), BILLS, "amount", "partner_id.")
    assert len(rows) == len(ids)
    assert sum(Decimal(str(row[3])) for row in rows) == Decimal(str(total))
    assert all(isinstance(row[0], str) and row[0] for row in rows)
    assert all(row[1].startswith("OR") for row in rows)


@pytest.mark.parametrize("who", READERS, ids=lambda who: who[0])
def test_totals_are_the_sums_of_the_rows(retail, who):
    """For every role: the foot of each list is the sum of the rows one may open."""
    bills = total_of(retail, who, BILLS, "amount", "partner_id.")
    months = total_of(retail, who, "key.account.month", "amount_billed", "partner_id.")
    assert bills == months
    client = retail.as_role(*who)
    customers = client.rows("res.partner", retail.of_customers(), ["key_account_total"])
    assert round(sum(row["key_account_total"] for row in customers), 2) == bills


def test_departments_add_up_to_the_centre(retail):
    assert check_levels(retail, BILLS, "amount") == float(published.NET)


@pytest.mark.parametrize("role", ["operator", "admin"])
def test_who_does_not_read_bills_reads_none(retail, role):
    client = retail.as_role(*((role, 0) if role == "operator" else (role,)))
    with pytest.raises(RpcError, match="not allowed to access"):
        client.sums(BILLS, [], AMOUNT)
