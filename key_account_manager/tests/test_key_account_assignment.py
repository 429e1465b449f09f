# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg2.errors import ExclusionViolation

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountAssignment(ManagerCommon):
    """The ledger of who is responsible from day to day (ASG-01 to ASG-06)."""

    def test_the_ledger_follows_whoever_writes(self):
        """ASG-06: a form, a reclaim, another one on the same day."""
        with freeze_time("2026-03-02 04:00:00"):
            customer = self._create_customer("Acme", self.manager)
        with freeze_time("2026-03-10 04:00:00"):
            customer.with_user(self.head).key_account_manager_id = self.colleague
        with freeze_time("2026-03-20 04:00:00"):
            customer.with_user(self.head).key_account_manager_id = self.manager
            customer.with_user(self.head).key_account_manager_id = False
        self.assertEqual(
            self._ledger(customer),
            [
                (self.manager, "2026-03-02", "2026-03-09"),
                (self.colleague, "2026-03-10", "2026-03-19"),
                (self.env["res.users"], "2026-03-20", None),
            ],
        )
        origins = customer.key_account_assignment_ids.sorted("id").mapped("origin")
        self.assertEqual(origins, ["new", "hand", "hand", "hand"])

    def test_line_files_have_rows_of_their_own(self):
        """A line file that is opened, moved and closed again (FILE-02, ASG-04)."""
        customer = self._create_customer("Acme", self.manager)
        file = self._create_line_file(customer, self.express, self.manager_b)
        self.assertEqual(self._ledger(customer, self.express)[0][0], self.manager_b)
        file.manager_id = self.manager_2
        self.assertEqual(self._ledger(customer, self.express)[-1][0], self.manager_2)
        file.unlink()
        self.assertEqual(self._ledger(customer, self.express), [])
        self.assertEqual(self._ledger(customer)[0][0], self.manager)

    def test_the_database_refuses_a_second_main_manager(self):
        """No overlap, whatever writes (ASG-04)."""
        customer = self._create_customer("Acme", self.manager)
        row = customer.key_account_assignment_ids
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            row.copy({"user_id": self.colleague.id})

    def test_rows_are_never_rewritten(self):
        customer = self._create_customer("Acme", self.manager)
        row = customer.key_account_assignment_ids.with_user(self.director)
        with self.assertRaises(UserError):
            row.write({"date_to": "2020-01-01"})
        with self.assertRaises(UserError):
            customer.key_account_assignment_ids.unlink()

    def test_the_ledger_of_a_merged_file_stays(self):
        with freeze_time("2026-03-02 04:00:00"):
            one = self._create_customer("Acme", self.manager)
            other = self._create_customer("Acme Ltd", self.colleague)
        with freeze_time("2026-03-10 04:00:00"):
            one.with_user(self.head)._key_account_merge(
                other.with_user(self.head), "twice"
            )
        rows = self.env["key.account.assignment"].search(
            [("partner_id", "=", one.id)], order="id"
        )
        self.assertEqual(rows.mapped("is_merged"), [False, True])
        self.assertEqual(str(rows[1].date_to), "2026-03-09")
        self.assertEqual(self._ledger(one), [(self.manager, "2026-03-02", None)])

    def test_what_stands_is_the_beginning(self):
        """A database that had no ledger gets rows from what stands today."""
        customer = self._create_customer("Acme", self.manager)
        self._create_line_file(customer, self.express, self.manager_b)
        self.env.cr.execute("DELETE FROM key_account_assignment")
        self.env.invalidate_all()
        found = self.env["key.account.assignment"]._sync_all(origin="standing")
        self.assertGreaterEqual(found, 2)
        rows = customer.key_account_assignment_ids
        self.assertEqual(set(rows.mapped("origin")), {"standing"})
        self.assertEqual(rows.user_id, self.manager | self.manager_b)
        self.assertFalse(self.env["key.account.assignment"]._sync_all())

    def test_new_customers_cost_two_statements_however_many(self):
        partners = self.env["res.partner"]
        for count in (1, 20):
            customers = partners.create(
                [
                    {
                        "name": f"C{number}",
                        "key_account_kind": "group",
                        "key_account_unit_id": self.post_1.id,
                    }
                    for number in range(count)
                ]
            )
            self.env.flush_all()
            self.env["key.account.unit"]._get_today()
            with self.assertQueryCount(2):
                self.env["key.account.assignment"]._sync(customers.ids)

    @settings(
        max_examples=25,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 4),  # days that pass
                st.sampled_from(("write", "line", "order", "unit", "close", "pool")),
                st.integers(0, 2),  # who
            ),
            max_size=12,
        )
    )
    def test_neither_gap_nor_overlap(self, steps):
        """Whatever is done in whatever order: from its first day on a customer has
        exactly one main row for every day, and the last one is who stands there."""
        with self.env.cr.savepoint(flush=True) as savepoint:
            with freeze_time("2026-01-05 04:00:00") as clock:
                customer = self._create_customer("Acme", self.manager)
                for days, what, who in steps:
                    clock.tick(days * 86400)
                    self._do(customer, what, who)
                self._check_tiles(customer, None, customer.key_account_manager_id)
                file = customer.key_account_line_file_ids
                if file:
                    self._check_tiles(customer, self.express, file.manager_id)
            savepoint.rollback()
        self.env.invalidate_all()

    def _do(self, customer, what, who):
        users = (self.manager, self.colleague, self.manager_2)
        file = customer.key_account_line_file_ids
        if what == "write":
            customer.key_account_manager_id = users[who]
        elif what == "pool":
            customer.key_account_manager_id = False
        elif what == "unit":
            customer.key_account_unit_id = (self.post_1, self.post_2, self.post)[who]
        elif what == "close":
            file.unlink()
        elif what == "line" and file:
            file.manager_id = users[who]
        elif what == "line":
            self._create_line_file(customer, self.express, users[who])
        elif customer.key_account_manager_id != users[who]:
            self._order(
                self.director,
                kind="assign",
                to_user_id=users[who].id,
                partner_ids=customer.ids,
            ).action_confirm()
        self.env.flush_all()
        self.env.invalidate_all()

    def _check_tiles(self, customer, line, manager):
        rows = self._ledger(customer, line)
        for (_user, _first, last), (_next, begin, _last) in zip(
            rows, rows[1:], strict=False
        ):
            self.assertLess(last, begin)
            if not line:  # a line file may be closed for some days
                next_day = fields.Date.add(fields.Date.to_date(last), days=1)
                self.assertEqual(str(next_day), begin, "a gap")
        self.assertEqual(rows[-1][2], None)
        self.assertEqual(rows[-1][0], manager)
