"""Reads the public data sets of ../shared/data as customers, bills and payments.

What becomes what, and why the totals are the published ones:

Online retail (541,909 lines of invoices)
* a line without customer is left out and counted (135,080);
* a line at price 0 is left out and counted (40 with a customer; nothing was charged);
* the lines of one invoice number are one bill: the numbers ``5…`` hold only positive
  lines, the credit notes ``C…`` only negative ones and become credit notes below zero;
* exact duplicate lines stay: the published gross and net figures count them;
* an amount is summed exactly, then rounded to the penny per invoice (four invoices have
  a tenth of a penny in them; the total is the same to the penny);
* gross = sum of bills, net = bills and credit notes;
* the period is the month of the invoice; the data know no due date and no payments:
  due is what the feed makes of an empty due date, paid is nothing.

Accounts receivable (2,466 invoices)
* an invoice is a bill, settled in full by one payment on the day it was settled;
* invoice numbers, customer codes and country codes stay text, leading zeros and all;
* dates are m/d/yyyy.

The country, a text, is the customer's city: the feed has no field nearer to it. A
customer with several countries (8 of 4,372) keeps that of its first invoice.
"""

import csv
import lzma
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from complaints import read_complaints

PENNY = Decimal("0.01")


class Customer(NamedTuple):
    code: str
    name: str
    country: str
    since: date


class Bill(NamedTuple):
    name: str
    customer: str
    day: date
    due: date | None
    amount: Decimal


class Payment(NamedTuple):
    name: str
    customer: str
    bill: str
    day: date
    amount: Decimal


class Source(NamedTuple):
    """A data set as the product takes it in."""

    customers: list
    bills: list
    payments: list
    left_out: Counter
    """Lines of the data set that became nothing, by reason."""
    complaints: list = []


class Dataset(NamedTuple):
    """Where a data set is, how it is read, and what its codes begin with."""

    name: str
    prefix: str
    city: str
    """First three digits of the city codes of its branches."""
    currency: str
    path: str
    read: object

    def is_at(self, folder):
        return (folder / self.path).exists()

    def load(self, folder):
        return self.read(folder / self.path)


def read_online_retail(path):
    customers, lines, left_out = {}, {}, Counter()
    with lzma.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if not row["CustomerID"]:
                left_out["without customer"] += 1
                continue
            code = row["CustomerID"]
            day = datetime.fromisoformat(row["InvoiceDate"]).date()
            customers.setdefault(
                code, Customer(code, f"Customer {code}", row["Country"], day)
            )
            price = Decimal(row["UnitPrice"])
            if not price:
                left_out["at price 0"] += 1
                continue
            key = row["InvoiceNo"], code, day
            lines[key] = lines.get(key, 0) + price * int(row["Quantity"])
    bills = [
        Bill(name, code, day, None, amount.quantize(PENNY))
        for (name, code, day), amount in lines.items()
    ]
    return Source(list(customers.values()), bills, [], left_out)


def read_accounts_receivable(path):
    customers, bills, payments = {}, [], []
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, name = row["customerID"], row["invoiceNumber"]
            day, amount = _parse_day(row["InvoiceDate"]), Decimal(row["InvoiceAmount"])
            known = customers.get(code)
            since = min(day, known.since) if known else day
            customers[code] = Customer(code, code, row["countryCode"], since)
            bills.append(Bill(name, code, day, _parse_day(row["DueDate"]), amount))
            settled = _parse_day(row["SettledDate"])
            payments.append(Payment(f"S{name}", code, name, settled, amount))
    return Source(list(customers.values()), bills, payments, Counter())


def _parse_day(text):
    """A day written m/d/yyyy.

    >>> _parse_day("4/16/2013")
    datetime.date(2013, 4, 16)
    """
    month, day, year = map(int, text.split("/"))
    return date(year, month, day)


DATASETS = {
    dataset.name: dataset
    for dataset in (
        Dataset(
            name="online-retail",
            prefix="OR",
            city="901",
            currency="GBP",
            path="online_retail/online_retail.csv.xz",
            read=read_online_retail,
        ),
        Dataset(
            name="accounts-receivable",
            prefix="AR",
            city="902",
            currency="USD",
            path="accounts_receivable/WA_Fn-UseC_-Accounts-Receivable.csv",
            read=read_accounts_receivable,
        ),
        Dataset(
            name="complaints",
            prefix="CO",
            city="903",
            currency="USD",
            path="complaints/Comcast_telecom_complaints_data.csv",
            read=read_complaints,
        ),
    )
}
