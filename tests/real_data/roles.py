"""Every role's totals are the sums of its own rows, and the levels add up."""

from spread import COMPANIES, DEPARTMENTS, MANAGERS

# One user of every role that reads bills, and what the role reads: (role, numbers).
READERS = (
    ("manager", 3, 1),
    ("head", 3),
    ("company", 1),
    ("finance", 1),
    ("centre",),
    ("office",),
    ("agent",),
)
EVERYWHERE = ("centre", "office", "agent")


def total_of(loaded, who, model, measure, path, **kwargs):
    """What a user's list shows at its foot, after checking it against its rows."""
    client = loaded.as_role(*who)
    domain = loaded.of_customers(path)
    amount, count = client.sums(model, domain, [f"{measure}:sum", "__count"], **kwargs)
    rows = client.rows(model, domain, [measure], **kwargs)
    assert len(rows) == count, who
    assert round(sum(row[measure] for row in rows), 2) == round(amount, 2), who
    return round(amount, 2)


def check_levels(loaded, model, measure, path="partner_id.", readers=True, **kwargs):
    """Managers add up to heads, heads to companies, companies to the centre.

    :param readers: whether finance reads the model, too
    """

    def total(*who):
        return total_of(loaded, who, model, measure, path, **kwargs)

    heads = [total("head", number) for number in range(DEPARTMENTS)]
    for number in (0, DEPARTMENTS - 1):
        own = [total("manager", number, manager) for manager in range(MANAGERS)]
        assert round(sum(own), 2) == heads[number]
    companies = [total("company", number) for number in range(len(COMPANIES))]
    for number, below in enumerate(COMPANIES):
        assert round(sum(heads[i] for i in below), 2) == companies[number]
        if readers:
            assert total("finance", number) == companies[number]
    everything = round(sum(companies), 2)
    for role in EVERYWHERE:
        assert total(role) == everything
    return everything
