"""Reads the public telecom complaints (2015) as customers and complaints of branches.

What becomes what:

* a row is a complaint, its ticket its number; the ticket "comcas" is no number: the
  row is sent as it is, refused by the feed with its row named, then mended (the number
  after the highest one) and sent again;
* the data name no customer: each zip code stands for one, an individual, since it is
  households that complain. 139 zip codes lost a leading zero and get it back;
* dates are dd-mm-yy with a time of day, and are sent as they are, in UTC;
* Open is registered, Pending waits, Solved is replied to, Closed is closed. The data do
  not say when: the product takes the end of the period of the file;
* the state (of the country) is the region. Spellings of one district that differ in
  capitals are one (REGIONS);
* the type is guessed from the words of the complaint (TYPES, the first that fits);
* "Customer Care Call" is the call centre, "Internet" the web.
"""

import csv
import re
from collections import Counter
from datetime import datetime
from typing import NamedTuple

STATES = {"Open": "R", "Pending": "W", "Solved": "A", "Closed": "C"}
CHANNELS = {"Customer Care Call": "call_centre", "Internet": "web"}
REGIONS = {"district of columbia": "District of Columbia"}
TYPES = (
    ("fee_package", r"\bcaps?\b|usage|limit|promo|bait|contract|advertis"),
    ("fee_bill", r"bill|charg|fee\b|fees\b|pric|payment|refund|overcharg|\$|credit"),
    ("network_speed", r"speed|slow|throttl|mbps|bandwidth"),
    ("network_outage", r"outage|down\b|no (internet|service)|disconnect|intermittent"),
    ("provision_install", r"install|availab|appointment|technician|move"),
    ("service_attitude", r"service|support|customer|rude|misrepresent|lied|lie\b"),
)
ROWS = re.compile(r"\s+")


class Complaint(NamedTuple):
    number: str
    customer: str
    moment: datetime
    type: str
    subject: str
    channel: str
    region: str
    state: str


def type_of(text):
    """The type that the words of a complaint point at.

    >>> type_of("Slow internet speeds"), type_of("Comcast")
    ('network_speed', 'other')
    """
    found = (code for code, words in TYPES if re.search(words, text.lower()))
    return next(found, "other")


def region_of(text):
    """One spelling of a region.

    >>> region_of("District Of Columbia") == region_of("District of Columbia")
    True
    """
    return REGIONS.get(text.lower(), text)


def read_complaints(path):
    """(customers, complaints, what was left out)."""
    from sources import Customer, Source

    customers, complaints = {}, []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            code = row["Zip code"].zfill(5)
            moment = _parse(row["Date"], row["Time"])
            known = customers.get(code)
            since = min(moment.date(), known.since) if known else moment.date()
            city = known.country if known else row["City"]
            customers[code] = Customer(code, f"{city} {code}", city, since)
            text = ROWS.sub(" ", row["Customer Complaint"]).strip()
            complaints.append(
                Complaint(
                    row["Ticket #"],
                    code,
                    moment,
                    type_of(text),
                    text,
                    CHANNELS[row["Received Via"]],
                    region_of(row["State"]),
                    STATES[row["Status"]],
                )
            )
    return Source(list(customers.values()), [], [], Counter(), complaints)


def _parse(day, time):
    """A moment written dd-mm-yy and h:mm:ss AM or PM.

    >>> _parse("04-08-15", "10:22:56 AM")
    datetime.datetime(2015, 8, 4, 10, 22, 56)
    """
    return datetime.strptime(f"{day} {time}", "%d-%m-%y %I:%M:%S %p")
