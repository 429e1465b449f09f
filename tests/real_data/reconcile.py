"""The product's figures of a loaded data set beside the published ones."""

from typing import NamedTuple

import published


class Line(NamedTuple):
    figure: str
    published: object
    ours: object

    @property
    def difference(self):
        return self.ours - self.published


def reconcile(env, dataset):
    """Every published figure, asked of the models the screens show."""
    lines = {
        "online-retail": _retail,
        "accounts-receivable": _receivable,
        "complaints": _complaints,
    }
    return list(lines[dataset.name](env, _of(dataset)))


def print_table(lines):
    rows = [("figure", "published", "ours", "difference")]
    rows += [
        (line.figure, f"{line.published:,}", f"{line.ours:,}", f"{line.difference:,}")
        for line in lines
    ]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [row[0].ljust(widths[0])]
        cells += [c.rjust(w) for c, w in zip(row[1:], widths[1:], strict=True)]
        print("  " + "  ".join(cells))


def _of(dataset):
    """The customers of the data set, as bills and open items see them."""
    return [("partner_id.key_account_code", "=like", f"{dataset.prefix}%")]


def _sum(model, domain):
    """Amount, rows and customers behind a domain."""
    [(amount, rows, customers)] = model._read_group(
        domain, [], ["amount:sum", "__count", "partner_id:count_distinct"]
    )
    return round(amount or 0, 2), rows, customers


def _retail(env, mine):
    bills = env["key.account.bill"]
    amount, rows, customers = _sum(bills, [*mine, ("kind", "=", "bill")])
    yield Line("gross revenue", float(published.GROSS), amount)
    yield Line("invoices", published.GROSS_INVOICES, rows)
    yield Line("customers with an invoice", published.GROSS_CUSTOMERS, customers)
    amount, _rows, _customers = _sum(bills, mine)
    yield Line("net of credit notes", float(published.NET), amount)
    partners = env["res.partner"]
    domain = [(mine[0][0].partition(".")[2], *mine[0][1:])]
    yield Line("customers", published.CUSTOMERS, partners.search_count(domain))
    below = partners.search_count([*domain, ("key_account_total", "<", 0)])
    yield Line("customers net negative", published.NET_NEGATIVE_CUSTOMERS, below)
    yield from _retail_top(bills, mine)


def _retail_top(bills, mine):
    groups = bills._read_group(
        [*mine, ("kind", "=", "bill")],
        ["partner_id"],
        ["amount:sum"],
        order="amount:sum desc",
        limit=len(published.TOP_GROSS),
    )
    ours = {partner.key_account_code[2:]: amount for partner, amount in groups}
    for code, amount in published.TOP_GROSS.items():
        yield Line(f"gross of {code}", float(amount), round(ours.get(code, 0.0), 2))


def _receivable(env, mine):
    bills = env["key.account.bill"]
    amount, rows, customers = _sum(bills, mine)
    yield Line("invoiced", float(published.AR_TOTAL), amount)
    yield Line("invoices", published.AR_INVOICES, rows)
    yield Line("customers", published.AR_CUSTOMERS, customers)
    for country, count in published.AR_COUNTRIES.items():
        domain = [*mine, ("partner_id.city", "=", country)]
        yield Line(f"invoices of country {country}", count, bills.search_count(domain))
    for day, expected in published.AR_DAYS.items():
        items = env["key.account.open.item"].with_context(key_account_as_of=str(day))
        names = "open invoices", "open", "late invoices", "arrears", "late customers"
        found = _items(items, mine)
        for name, figure, ours in zip(names, expected, found, strict=True):
            yield Line(f"{day} {name}", type(ours)(figure), ours)


def _items(items, mine):
    [(rows, amount)] = items._read_group(mine, [], ["__count", "amount_open:sum"])
    [(late, arrears, customers)] = items._read_group(
        [*mine, ("is_overdue", "=", True)],
        [],
        ["__count", "amount_overdue:sum", "partner_id:count_distinct"],
    )
    return rows, round(amount, 2), late, round(arrears, 2), customers


def _complaints(env, mine):
    """The product's own complaint report, by state, month and region."""
    report = env["key.account.complaint.report"]
    [(total,)] = report._read_group(mine, [], ["count:sum"])
    yield Line("complaints", sum(published.COMPLAINT_STATES.values()), total)
    groups = report._read_group(mine, ["state"], ["count:sum"])
    states = dict(groups)
    for state, count in published.COMPLAINT_STATES.items():
        yield Line(f"complaints {state}", count, states.get(state, 0))
    groups = report._read_group(mine, ["date_accepted:month"], ["count:sum"])
    months = {month.month: count for month, count in groups}
    for month, count in enumerate(published.COMPLAINT_MONTHS, 1):
        yield Line(f"complaints of month {month}", count, months.get(month, 0))
    domain = [*mine, ("region", "=", "Georgia")]
    [found] = report._read_group(domain, [], ["count:sum", "open_count:sum"])
    for name, figure, ours in zip(
        ("complaints of Georgia", "of these unresolved"),
        published.COMPLAINTS_GEORGIA,
        found,
        strict=True,
    ):
        yield Line(name, figure, ours)
