# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import KeyAccountFeedCommon, bill, customer


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 08:00:00")
class TestKeyAccountFeedOrder(KeyAccountFeedCommon):
    """An older day does not overwrite a newer one, unless somebody says so (DX-05)."""

    def _send(self, day, *rows, **kwargs):
        return self._load(*rows, period=day, **kwargs)

    def _set_up_two_days(self):
        self._send("20260105", customer("F-1", name="Newer"))
        return self._send("20260103", customer("F-1", name="Older"), customer("F-2"))

    def test_an_older_day_is_refused_with_the_newer_one_named(self):
        feed = self._set_up_two_days()
        self.assertRecordValues(
            feed,
            [
                {
                    "state": "failed",
                    "file_code": "26",
                    "file_value": "a_99001_20260105_01001_00",
                }
            ],
        )
        self.assertIn("a_99001_20260105_01001_00", feed.file_reason)
        self.assertIn("Load Anyway", feed.file_remedy)
        self.assertEqual(self._find("F-1").name, "Newer")
        self.assertFalse(self._find("F-2"))
        self.assertIn("|26", feed._get_answers()[0][1])

    def test_the_dry_run_says_so_already(self):
        self._send("20260105", customer("F-1"))
        rows = f"{customer('F-1')}\n".encode()
        name = "a_99001_20260103_01001_00_001.dat"
        feed = self.feeds._receive({name: rows}, is_confirmed=True)
        self.assertEqual(feed.file_code, "26")

    def test_who_insists_sees_the_dry_run_first(self):
        feed = self._set_up_two_days().with_user(self.operator)
        feed.action_accept()
        self.assertEqual(feed.state, "checked")
        self.assertCounts(feed, created=1, changed=1)
        self.assertEqual(self._find("F-1").name, "Newer")
        feed.action_load()
        self.assertEqual(feed.state, "done")
        self.assertEqual(feed.accepted_by_id, self.operator)
        self.assertEqual(self._find("F-1").name, "Older")

    def test_only_the_branch_insists_and_only_where_it_helps(self):
        feed = self._set_up_two_days()
        for user in (self.company, self.director, self.office):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                feed.with_user(user).action_accept()
        done = self._send("20260106", customer("F-1"))
        with self.assertRaisesRegex(UserError, "mend"):
            done.with_user(self.operator).action_accept()

    def test_the_same_period_again_is_no_older_day(self):
        self._send("20260105", customer("F-1", name="First"))
        feed = self._send("20260105", customer("F-1", name="Second"), revision=1)
        self.assertEqual(feed.state, "done")
        self.assertEqual(self._find("F-1").name, "Second")

    def test_a_month_ends_after_its_days_and_a_day_after_its_hours(self):
        moments = {}
        for period in ("202601", "20260131", "2026013123", "20260201"):
            feed = self.feeds.new({"period": period})
            moments[period] = feed.moment
        self.assertEqual(
            sorted(moments, key=moments.get),
            ["2026013123", "20260131", "202601", "20260201"],
        )

    def test_other_branches_and_interfaces_do_not_count(self):
        self._send("20260105", customer("F-1"))
        feed = self._send("20260103", bill("B1", "F-1"), interface="bill")
        self.assertEqual(feed.state, "done")
        feed = self._send(
            "20260103",
            customer("G-1", city_code="99002", unit_id=self.parcel.code),
            unit=self.parcel,
        )
        self.assertEqual(feed.state, "done")

    def test_a_refused_later_file_is_no_reason(self):
        self._send("20260105", customer("F-1", kind="X"))
        feed = self._send("20260103", customer("F-1"))
        self.assertEqual(feed.state, "done")

    def test_snapshots_are_ordered_within_their_month(self):
        self._send("20260101", customer("F-1"))
        january = {"interface": "bill", "kind": "s"}
        self._send("20260120", bill("B1", "F-1"), **january)
        self._send("202602", bill("B2", "F-1", period="202602"), **january)
        feed = self._send("20260119", bill("B1", "F-1"), **january)
        self.assertEqual(feed.file_code, "26")
        feed = self._send("202601", bill("B1", "F-1"), **january)
        self.assertEqual(feed.state, "done")

    def test_an_older_increment_after_a_snapshot_loads_what_is_new_only(self):
        self._send("20260101", customer("F-1"))
        self._send("20260131", bill("B1", "F-1", amount=9), interface="bill", kind="s")
        feed = self._send(
            "20260130",
            bill("B1", "F-1", amount=8),
            bill("B2", "F-1"),
            interface="bill",
            limit=100,
        )
        self.assertCounts(feed, created=1, refused=1)
        self.assertEqual(feed.refusal_ids.code, "older")
