"""Real complaints of a telecom operator: the published counts, per role and region."""

import published
import pytest
from roles import check_levels, total_of
from rpc import RpcError
from sources import DATASETS

REPORT = "key.account.complaint.report"
COMPLAINTS = "key.account.complaint"
READERS = (
    ("manager", 3, 1),
    ("head", 3),
    ("company", 1),
    ("centre",),
    ("office",),
    ("agent",),
)


@pytest.fixture(scope="module")
def source(data):
    if not DATASETS["complaints"].is_at(data):
        pytest.skip(f"{DATASETS['complaints'].path} is not in {data}")
    return DATASETS["complaints"].load(data)


def test_the_data_as_read_are_the_published_ones(source):
    """Byte order mark, dates dd-mm-yy, lost zeros, a ticket that is no number."""
    assert len(source.complaints) == sum(published.COMPLAINT_STATES.values())
    months = [one.moment.month for one in source.complaints]
    found = tuple(months.count(month) for month in range(1, 13))
    assert found == published.COMPLAINT_MONTHS
    days = [one.moment.date() for one in source.complaints]
    for day, count in published.COMPLAINT_BURST.items():
        assert days.count(day) == count
    numbers = [one.number for one in source.complaints]
    assert [number for number in numbers if not number.isdigit()] == ["comcas"]
    assert len(set(numbers)) == len(numbers)
    assert all(len(one.code) == 5 for one in source.customers)
    regions = {one.region for one in source.complaints}
    assert len({region.lower() for region in regions}) == len(regions)


def test_the_loader_says_that_all_figures_agree(complaints):
    assert "all figures agree" in complaints.output


def test_the_bad_ticket_is_named_with_row_field_and_remedy(complaints):
    """Refused by itself, downloaded, mended, loaded."""
    lines = [line for line in complaints.output.splitlines() if "comcas" in line]
    assert len(lines) == 1
    assert "row " in lines[0] and "is not a number" in lines[0]
    assert "digits only" in lines[0]
    client = complaints.as_role("centre")
    mine = complaints.of_customers("partner_id.")
    text = "nd intrenal miscommunication"
    [row] = client.rows(COMPLAINTS, [*mine, ("subject", "=", text)], ["reference"])
    assert row["reference"].isdigit()


def test_loading_again_changes_nothing(complaints, load_dataset):
    before = _fingerprint(complaints)
    again = load_dataset("complaints")
    assert again.returncode == 0, again.stdout + again.stderr
    for line in again.stdout.splitlines():
        if "loading" in line:
            assert "0 created, 0 changed" in line, line
    assert _fingerprint(complaints) == before


def _fingerprint(complaints):
    client = complaints.as_role("centre")
    mine = complaints.of_customers("partner_id.")
    names = ["name", "state", "date_due", "repeat_count", "clock_used"]
    rows = client.rows(COMPLAINTS, mine, names)
    return sorted(tuple(str(row[name]) for name in names) for row in rows)


def test_counts_by_state_and_month(complaints):
    client = complaints.as_role("centre")
    mine = complaints.of_customers("partner_id.")
    groups = client.groups(REPORT, mine, "state", ["count:sum"])
    found = {group["state"]: group["count:sum"] for group in groups}
    assert found == published.COMPLAINT_STATES
    groups = client.groups(REPORT, mine, "date_accepted:month", ["count:sum"])
    assert tuple(g["count:sum"] for g in groups) == published.COMPLAINT_MONTHS
    settled = client.sums(REPORT, mine, ["settled_count:sum", "count:sum"])
    assert round(100 * settled[0] / settled[1], 2) == 76.75


def test_georgia(complaints):
    client = complaints.as_role("centre")
    mine = complaints.of_customers("partner_id.")
    domain = [*mine, ("region", "=", "Georgia")]
    found = client.sums(REPORT, domain, ["count:sum", "open_count:sum"])
    assert tuple(found) == published.COMPLAINTS_GEORGIA
    groups = client.groups(REPORT, mine, "region", ["count:sum"])
    first = max(groups, key=lambda group: group["count:sum"])
    assert first["region"] == "Georgia"


@pytest.mark.parametrize("who", READERS, ids=lambda who: who[0])
def test_totals_are_the_sums_of_the_rows(complaints, who):
    counted = total_of(complaints, who, REPORT, "count", "partner_id.")
    total_of(complaints, who, REPORT, "open_count", "partner_id.")
    mine = complaints.of_customers("partner_id.")
    rows = complaints.as_role(*who).call(COMPLAINTS, "search_count", mine)
    assert rows == counted


def test_levels_add_up_to_the_centre(complaints):
    total = check_levels(complaints, REPORT, "count", readers=False)
    assert total == sum(published.COMPLAINT_STATES.values())
    unresolved = check_levels(complaints, REPORT, "open_count", readers=False)
    assert unresolved == 363 + 154


@pytest.mark.parametrize("role", ("finance", "operator"))
def test_who_has_nothing_to_do_with_complaints_reads_none(complaints, role):
    client = complaints.as_role(role, 1)
    with pytest.raises(RpcError):
        client.call(COMPLAINTS, "search_count", [])
    with pytest.raises(RpcError):
        client.call(REPORT, "search_count", [])


def test_repeats_are_of_the_same_customer_and_type(complaints):
    """CMP-07 on real data: each link leads to an earlier one within thirty days."""
    client = complaints.as_role("centre")
    mine = complaints.of_customers("partner_id.")
    names = ["date_accepted", "repeat_count"]
    specification = {name: {} for name in names} | {
        "partner_id": {},
        "type_id": {},
        "repeat_of_id": {"fields": {"partner_id": {}, "type_id": {}}},
    }
    rows = client.call(
        COMPLAINTS,
        "web_search_read",
        domain=[*mine, ("repeat_of_id", "!=", False)],
        specification=specification,
        limit=10_000,
    )["records"]
    assert rows
    for row in rows:
        earlier = row["repeat_of_id"]
        assert row["repeat_count"] >= 1
        assert earlier["partner_id"] == row["partner_id"]
        assert earlier["type_id"] == row["type_id"]
