# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon

from ..layout import RECORDS

CITY = "99001"
DAY = "20260131"


def record(letter, **values):
    """A row of the format; fields not given are empty."""
    names = RECORDS[letter].names
    unknown = values.keys() - set(names)
    assert not unknown, unknown
    return "|".join([letter, *(str(values.get(name, "")) for name in names)])


def customer(code, **values):
    defaults = {
        "change": "I",
        "changed_at": f"{DAY}120000",
        "code": code,
        "kind": "G",
        "name": f"Customer {code}",
        "state": "A",
        "city_code": CITY,
        "unit_id": "T-POST-1",
    }
    return record("C", **{**defaults, **values})


def bill(name, code, **values):
    defaults = {
        "name": name,
        "customer": code,
        "period": "202601",
        "date_bill": DAY,
        "amount": 10000,
        "kind": "B",
    }
    return record("B", **{**defaults, **values})


def payment(name, code, **values):
    defaults = {
        "name": name,
        "customer": code,
        "date_payment": "20260210",
        "amount": 4000,
    }
    return record("P", **{**defaults, **values})


class KeyAccountFeedCommon(KeyAccountCommon):
    """The company "post" sends files (city 99001), and so does "parcel" (99002)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post.write({"is_branch": True, "city_code": CITY})
        cls.parcel.write({"is_branch": True, "city_code": "99002"})
        cls.feeds = cls.env["key.account.feed"]
        cls.source = cls.env["key.account.feed.source"]._get_for(cls.post)

    @classmethod
    def _load(cls, *rows, interface="customer", limit=1, unit=None, **kwargs):
        """Load rows of the branch; every call is a transmission of its own day."""
        cls.env["key.account.feed.source"]._get_for(
            unit or cls.post
        ).refused_limit = limit
        kwargs.setdefault("period", f"202601{cls.feeds.search_count([]) % 28 + 1:02}")
        content = "".join(f"{row}\n" for row in rows).encode()
        return cls.feeds._load_files(unit or cls.post, interface, content, **kwargs)

    @classmethod
    def _find(cls, code):
        return cls.env["res.partner"].search([("key_account_code", "=", code)])

    def assertCounts(self, feed, created=0, changed=0, unchanged=0, refused=0):
        self.assertRecordValues(
            feed,
            [
                {
                    "created_count": created,
                    "changed_count": changed,
                    "unchanged_count": unchanged,
                    "refused_count": refused,
                }
            ],
        )
