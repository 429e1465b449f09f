"""The data sets as read are the published ones; needs no database."""

from collections import Counter
from decimal import Decimal

import published
import pytest
from sources import DATASETS
from spread import DEPARTMENTS, department_of, manager_of


@pytest.fixture(scope="module", params=["online-retail"])
def retail(request, data):
    return _read(request.param, data)


@pytest.fixture(scope="module", params=["accounts-receivable"])
def receivable(request, data):
    return _read(request.param, data)


def _read(name, data):
    dataset = DATASETS[name]
    if not dataset.is_at(data):
        pytest.skip(f"{dataset.path} is not in {data}")
    return dataset.load(data)


def test_every_line_of_online_retail_is_accounted_for(retail):
    assert retail.left_out == {
        "without customer": published.LINES_WITHOUT_CUSTOMER,
        "at price 0": 40,
    }
    assert len(retail.customers) == published.CUSTOMERS
    assert len({bill.name for bill in retail.bills}) == len(retail.bills)


def test_gross_and_net_are_the_published_ones(retail):
    gross = [bill for bill in retail.bills if bill.amount > 0]
    assert sum(bill.amount for bill in gross) == published.GROSS
    assert len(gross) == published.GROSS_INVOICES
    assert len({bill.customer for bill in gross}) == published.GROSS_CUSTOMERS
    assert all((bill.amount < 0) == bill.name.startswith("C") for bill in retail.bills)
    assert sum(bill.amount for bill in retail.bills) == published.NET


def test_the_top_customers_are_the_published_ones(retail):
    gross, net = Counter(), Counter()
    for bill in retail.bills:
        net[bill.customer] += bill.amount
        if bill.amount > 0:
            gross[bill.customer] += bill.amount
    assert dict(gross.most_common(10)) == published.TOP_GROSS
    assert tuple(code for code, _amount in net.most_common(10)) == published.TOP_NET
    assert sum(amount < 0 for amount in net.values()) == (
        published.NET_NEGATIVE_CUSTOMERS
    )
    assert net["18072"] == 0
    ranked = sorted(gross.values(), reverse=True)
    for percent, share in published.SHARES.items():
        top = ranked[: len(ranked) * percent // 100]
        assert round(float(100 * sum(top) / published.GROSS), 1) == share


def test_receivables_are_the_published_ones(receivable):
    assert len(receivable.customers) == published.AR_CUSTOMERS
    assert len(receivable.bills) == published.AR_INVOICES
    assert sum(bill.amount for bill in receivable.bills) == published.AR_TOTAL
    country = {customer.code: customer.country for customer in receivable.customers}
    counts = Counter(country[bill.customer] for bill in receivable.bills)
    assert counts == published.AR_COUNTRIES
    paid = {payment.bill: payment for payment in receivable.payments}
    late = [bill for bill in receivable.bills if paid[bill.name].day > bill.due]
    assert len(late) == published.AR_LATE
    days = [(paid[bill.name].day - bill.day).days for bill in receivable.bills]
    assert round(sum(days) / len(days), 2) == published.AR_DAYS_TO_SETTLE


def test_arrears_of_the_five_days_are_the_published_ones(receivable):
    paid = {payment.bill: payment.day for payment in receivable.payments}
    for day, expected in published.AR_DAYS.items():
        items = [b for b in receivable.bills if b.day <= day < paid[b.name]]
        late = [bill for bill in items if bill.due < day]
        assert expected == (
            len(items),
            sum(bill.amount for bill in items),
            len(late),
            sum((bill.amount for bill in late), Decimal(0)),
            len({bill.customer for bill in late}),
        )


def test_codes_are_text(receivable):
    assert sum(bill.name.startswith("0") for bill in receivable.bills) == 266
    assert {len(bill.name) for bill in receivable.bills} == {10}


def test_customers_are_spread_over_all_departments_always_alike(retail, receivable):
    for source in retail, receivable:
        departments = Counter(department_of(c.code) for c in source.customers)
        assert set(departments) == set(range(DEPARTMENTS))
        managers = {
            (department_of(c.code), manager_of(c.code)) for c in source.customers
        }
        assert len(managers) == 2 * DEPARTMENTS
    assert (department_of("17850"), manager_of("17850")) == (1, 0)
