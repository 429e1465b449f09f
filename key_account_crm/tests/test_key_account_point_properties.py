# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""Any sequence of what may happen to points keeps what the ledger promises.

A plain model in Python, which knows nothing of SQL, says after every step what is left
of each year; the ledger and what the trigger keeps must say the same.
"""

from contextlib import contextmanager

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import UserError
from odoo.tests import tagged

from .point_common import PointCommon

YEARS = (2024, 2025, 2026)
CUSTOMERS = st.integers(0, 1)
STEPS = st.one_of(
    st.tuples(st.just("earn"), CUSTOMERS, st.sampled_from(YEARS), st.integers(1, 90)),
    st.tuples(st.just("use"), CUSTOMERS, st.integers(1, 120)),
    st.tuples(st.just("reverse"), st.integers(0, 20)),
    st.tuples(st.just("expire"), st.sampled_from((2026, 2027, 2028))),
    st.tuples(st.just("leave"), CUSTOMERS),
    st.tuples(st.just("merge")),
)


class Pots:
    """The promise: what is left of each year, oldest used first, never below zero."""

    def __init__(self):
        self.left = [{}, {}]
        self.merged = False

    def owner(self, customer):
        return 0 if self.merged else customer

    def earn(self, customer, year, quantity):
        left = self.left[self.owner(customer)]
        left[year] = left.get(year, 0) + quantity

    def use(self, customer, quantity):
        """Points by year that are taken, or None where there are not enough."""
        left, taken = self.left[self.owner(customer)], {}
        if sum(left.values()) < quantity:
            return None
        for year in sorted(left):
            part = min(left[year], quantity - sum(taken.values()))
            if part:
                taken[year] = part
                left[year] -= part
        return taken

    def merge(self):
        for year, quantity in self.left[1].items():
            self.left[0][year] = self.left[0].get(year, 0) + quantity
        self.left[1] = {}
        self.merged = True


class Undone(Exception):
    """Ends an example; its savepoint takes everything back."""


@tagged("post_install", "-at_install")
class TestKeyAccountPointProperties(PointCommon):
    """PTS-07, PTS-10: earn, use, reverse, expire, leave, merge in any order."""

    @settings(
        max_examples=60,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    @given(steps=st.lists(STEPS, min_size=1, max_size=14))
    def test_any_sequence_keeps_the_promises(self, steps):
        with self._undone(), freeze_time("2026-03-10") as clock:
            self.clock = clock
            self.customers = [
                self._create_customer(name, self.manager) for name in ("A", "B")
            ]
            self.pots = Pots()
            for name, *arguments in steps:
                getattr(self, f"_step_{name}")(*arguments)
                self._check()

    @contextmanager
    def _undone(self):
        try:
            with self.env.cr.savepoint():
                yield
                raise Undone
        except Undone:
            self.env.invalidate_all()

    def _customer(self, place):
        return self.customers[self.pots.owner(place)]

    def _step_earn(self, place, year, quantity):
        self._give(self._customer(place), quantity, year)
        self.pots.earn(place, year, quantity)

    def _step_use(self, place, quantity):
        # What has expired is cleared first, as every night.
        self._step_expire(self.today().year)
        taken = self.pots.use(place, quantity)
        if taken is None:
            with self.assertRaises(UserError), self.env.cr.savepoint():
                self.entries._use("redemption", self._customer(place), quantity)
        else:
            self.entries._use("redemption", self._customer(place), quantity)

    def _step_reverse(self, place):
        """Of what can be taken back the one at a place, if there is any."""
        entries = self.entries.search([("partner_id", "in", self._ids())], order="id")
        if not entries:
            return
        entry = entries[place % len(entries)]
        done = entries.filtered(lambda e: e.reversed_id == entry)
        left = self.pots.left[0 if entry.partner_id == self.customers[0] else 1]
        year = entry.origin_year
        if entry.reversed_id or done or left.get(year, 0) < entry.quantity:
            with self.assertRaises(UserError), self.env.cr.savepoint():
                entry._reverse("property")
            return
        entry._reverse("property")
        left[year] = left.get(year, 0) - entry.quantity

    def _step_expire(self, year):
        year = max(year, self.today().year)
        self.clock.move_to(f"{year}-03-10")
        self.entries._expire()
        for left in self.pots.left:
            for origin in left:
                if origin < year - 2:
                    left[origin] = 0

    def _step_leave(self, place):
        customer = self._customer(place)
        if customer.key_account_state == "active":
            customer._key_account_move("churned", reason="Gone")
            self.pots.left[self.pots.owner(place)] = {}

    def _step_merge(self):
        if not self.pots.merged:
            target, source = self.customers
            target.with_user(self.company)._key_account_merge(source, "One firm")
            self.pots.merge()

    def today(self):
        return self.env["key.account.point.entry"]._fields["date"].today()

    def _ids(self):
        customers = self.customers[:1] if self.pots.merged else self.customers
        return [customer.id for customer in customers]

    def _check(self):
        for place, partner_id in enumerate(self._ids()):
            customer = self.env["res.partner"].browse(partner_id)
            wanted = {y: q for y, q in self.pots.left[place].items() if q}
            self.assertEqual(self._left(customer), wanted)
            self.assertTrue(all(quantity > 0 for quantity in wanted.values()))
            self.assertEqual(customer.key_account_points, sum(wanted.values()))
