"""Writes a source as the files a branch would send: one pair per branch and interface.

The format is the product's: addons/key_account_feed/readme/FORMAT.md.
"""

from typing import NamedTuple

from spread import company_of, department_of, manager_of

STAMP = "%Y%m%d%H%M%S"


class Names(NamedTuple):
    """The codes and logins of the tree a data set is loaded into."""

    prefix: str
    city: str

    def company(self, number):
        return f"{self.prefix}-{number + 1}"

    def department(self, number):
        return f"{self.company(company_of(number))}-{number + 1}"

    def line(self, number):
        return f"{self.prefix}-L{number + 1}"

    def city_code(self, number):
        return f"{self.city}{number + 1:02}"

    def login(self, role, *numbers):
        return "_".join([self.prefix.lower(), role, *(str(n + 1) for n in numbers)])

    def customer(self, code):
        return f"{self.prefix}{code}"


class Files(NamedTuple):
    """A data file and its control file, and for which company and interface."""

    company: int
    interface: str
    period: str
    data: object
    control: object
    rows: int


def write_files(source, names, currency, folder):
    """Write everything, customers before bills, and say what was written."""
    days = [bill.day for bill in source.bills]
    days += [complaint.moment.date() for complaint in source.complaints]
    writer = _Writer(source, names, currency, folder, max(days))
    kind = "complaint" if source.complaints else "bill"
    return [
        writer.write(company, interface)
        for interface in ("customer", kind)
        for company in range(3)
    ]


class _Writer:
    CODES = {"customer": "01001", "bill": "05001", "complaint": "02001"}

    def __init__(self, source, names, currency, folder, last):
        self.source = source
        self.names = names
        self.currency = currency
        self.folder = folder
        self.period = last.strftime("%Y%m%d")
        self.stamp = last.strftime(STAMP)

    def write(self, company, interface):
        rows = list(getattr(self, f"_{interface}_rows")(company))
        city = self.names.city_code(company)
        stem = f"a_{city}_{self.period}_{self.CODES[interface]}_00"
        data = self.folder / f"{stem}_001.dat"
        data.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
        control = self.folder / f"{stem}.verf"
        fields = data.name, data.stat().st_size, len(rows), self.period, self.stamp
        control.write_text("|".join(map(str, fields)) + "\n")
        return Files(company, interface, self.period, data, control, len(rows))

    def _of(self, company, items, code):
        return (
            item for item in items if company_of(department_of(code(item))) == company
        )

    def _customer_rows(self, company):
        for customer in self._of(company, self.source.customers, lambda c: c.code):
            yield _join(self._customer_fields(customer, company), 37)

    def _customer_fields(self, customer, company):
        department = department_of(customer.code)
        manager = manager_of(customer.code)
        return {
            0: "C",
            1: "I",
            2: self.stamp,
            3: self.names.customer(customer.code),
            4: "I" if self.source.complaints else "G",
            5: customer.name,
            6: "A",
            7: self.names.city_code(company),
            8: self.names.department(department),
            9: self.names.login("manager", department, manager),
            16: customer.country,
            19: customer.since.strftime("%Y%m%d"),
        }

    def _complaint_rows(self, company):
        for one in self._of(company, self.source.complaints, lambda c: c.customer):
            yield _join(
                {
                    0: "T",
                    1: one.number,
                    2: self.names.customer(one.customer),
                    4: self.names.line(company),
                    5: one.type,
                    7: one.subject,
                    9: one.channel,
                    10: one.region,
                    11: one.moment.strftime(STAMP),
                    12: one.state,
                },
                18,
            )

    def _bill_rows(self, company):
        for bill in self._of(company, self.source.bills, lambda b: b.customer):
            yield _join(
                {
                    0: "B",
                    1: bill.name,
                    2: self.names.customer(bill.customer),
                    3: self.names.line(company),
                    5: bill.day.strftime("%Y%m"),
                    6: bill.day.strftime("%Y%m%d"),
                    7: bill.due.strftime("%Y%m%d") if bill.due else "",
                    8: self.currency,
                    9: str(int(bill.amount * 100)),
                    10: "B" if bill.amount >= 0 else "C",
                },
                11,
            )
        for payment in self._of(company, self.source.payments, lambda p: p.customer):
            yield _join(
                {
                    0: "P",
                    1: payment.name,
                    2: self.names.customer(payment.customer),
                    3: payment.bill,
                    5: payment.day.strftime("%Y%m%d"),
                    6: str(int(payment.amount * 100)),
                    7: self.currency,
                },
                9,
            )


def _join(fields, count):
    return "|".join(_escape(fields.get(i, "")) for i in range(count))


def _escape(text):
    return text.replace("\\", "\\\\").replace("|", "\\|")
