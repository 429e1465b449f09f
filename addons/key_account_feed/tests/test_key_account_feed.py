# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from unittest.mock import patch

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..models import key_account_feed_run
from .common import CITY, KeyAccountFeedCommon, customer

STEM = f"a_{CITY}_20260131_01001_00"
NAME = f"{STEM}_001.dat"


def control(content, name=NAME, size=None, rows=None, day="20260131"):
    size = len(content) if size is None else size
    rows = content.count(b"\n") if rows is None else rows
    return f"{name}|{size}|{rows}|{day}|20260201020000\r\n".encode()


@tagged("post_install", "-at_install")
@freeze_time("2026-02-01 08:00:00")
class TestKeyAccountFeed(KeyAccountFeedCommon):
    """A transmission: codes, dry run, repetition, rights (DX-01 to DX-08)."""

    def _receive(self, files, user=None, **kwargs):
        feeds = self.feeds.with_user(user or self.operator)
        feed = feeds._receive(files, **kwargs)
        feed._examine_soon(False)
        return feed

    def _files(self, *rows, **kwargs):
        content = "".join(f"{row}\n" for row in rows).encode()
        return {NAME: content, f"{STEM}.verf": control(content, **kwargs)}

    def test_dry_run_says_what_the_load_does_and_writes_nothing(self):
        self._load(customer("F-1"), customer("F-2"))
        files = self._files(
            customer("F-1"), customer("F-2", name="New"), customer("F-3")
        )
        feed = self._receive(files)
        self.assertEqual(feed.state, "checked")
        self.assertFalse(self._find("F-3"))
        self.assertEqual(self._find("F-2").name, "Customer F-2")
        self.assertCounts(feed, created=1, changed=1, unchanged=1)
        self.assertIn("F-3", feed.result_ids.example_text)
        feed.action_load()
        self.assertEqual(feed.state, "done")
        self.assertCounts(feed, created=1, changed=1, unchanged=1)
        self.assertEqual(self._find("F-2").name, "New")
        self.assertRecordValues(
            feed.sudo().run_id,
            [{"state": "done", "created_count": 1, "progress": 100.0}],
        )

    def test_files_as_such_are_refused_with_their_code(self):
        rows = [customer("F-1")]
        content = f"{rows[0]}\n".encode()
        other = f"{STEM}_002.dat"
        cases = {
            "01": self._files(*rows) | {other: content},
            "02": {NAME: content},
            "05": self._files(*rows, size=1),
            "06": self._files(*rows, rows=2),
            "07": self._files(*rows, day="20260130"),
            "11": {NAME: b"C|1\rC|2\r", f"{STEM}.verf": control(b"C|1\rC|2\r", rows=1)},
            "16": {NAME: content, f"{STEM}.verf": b"nonsense"},
            "21": {
                NAME: rows[0].encode("utf-16"),
                f"{STEM}.verf": control(rows[0].encode("utf-16"), rows=1),
            },
        }
        for code, files in cases.items():
            with self.subTest(code=code):
                feed = self._receive(files)
                self.assertRecordValues(feed, [{"state": "failed", "file_code": code}])
                self.assertTrue(feed.file_reason and feed.file_remedy)
        self.assertFalse(self._find("F-1"))

    def test_illegal_date_and_interface_are_refused(self):
        for name, code in (
            (f"a_{CITY}_20260230_01001_00_001.dat", "08"),
            (f"a_{CITY}_20260131_09999_00_001.dat", "10"),
            (f"s_{CITY}_20260131_01001_00_001.dat", "10"),
        ):
            with self.subTest(name=name):
                feed = self._receive({name: b"x\n"}, is_confirmed=True)
                self.assertEqual(feed.file_code, code)

    def test_names_that_are_none_are_refused_with_an_example(self):
        for files in ({"a.csv": b""}, {"../x.dat": b""}, {f"{STEM}.verf": b""}):
            with self.subTest(files=files), self.assertRaises(UserError):
                self._receive(files)

    def test_half_a_file_loads_nothing(self):
        files = self._files(customer("F-1"), customer("F-2"))
        files[NAME] = files[NAME][:-20]
        self.assertEqual(self._receive(files).file_code, "05")

    def test_several_parts_are_one_transmission(self):
        first, second = (f"{customer(code)}\n".encode() for code in ("F-1", "F-2"))
        other = f"{STEM}_002.dat"
        feed = self._receive(
            {
                NAME: first,
                other: second,
                f"{STEM}.verf": control(first) + control(second, name=other),
            }
        )
        feed.action_load()
        self.assertCounts(feed, created=2)

    def test_same_file_twice_is_answered_without_a_write(self):
        files = self._files(customer("F-1"))
        self._receive(files).action_load()
        again = self._receive(files)
        self.assertTrue(again.is_repeated)
        with patch.object(
            type(self.env["key.account.feed.interface"]), "_stage"
        ) as stage:
            again.action_load()
            stage.assert_not_called()
        self.assertEqual(again.state, "done")
        self.assertCounts(again, unchanged=1)

    def test_other_content_needs_a_higher_number_which_replaces(self):
        first = self._receive(self._files(customer("F-1")))
        first.action_load()
        files = self._files(customer("F-1", name="New"))
        self.assertEqual(self._receive(files).file_code, "23")
        content = files[NAME]
        second = self.feeds._load_files(
            self.post, "customer", content, period="20260131", revision=2
        )
        self.assertCounts(second, changed=1)
        self.assertEqual(first.state, "replaced")
        lower = self.feeds._load_files(
            self.post, "customer", b"x\n", period="20260131", revision=1
        )
        self.assertEqual(lower.file_code, "24")

    def test_operator_loads_his_own_branch_only(self):
        name = "a_99002_20260131_01001_00_001.dat"
        with self.assertRaisesRegex(AccessError, "own branch"):
            self._receive({name: b"x\n"}, is_confirmed=True)
        for user in (self.manager, self.head, self.company, self.director):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._receive(self._files(customer("F-1")), user=user)
        feed = self._receive({name: b"x\n"}, user=self.admin, is_confirmed=True)
        self.assertEqual(feed.sudo().unit_id, self.parcel)

    def test_who_reads_transmissions(self):
        """Domain 3.2, data exchange: A, A, A, C, own branch; nobody else."""
        feed = self._load(customer("F-1"), limit=100)
        for user, reads in (
            (self.operator, True),
            (self.admin, True),
            (self.office, True),
            (self.director, True),
            (self.company, True),
            (self.company_b, False),
        ):
            with self.subTest(user=user.login):
                found = self.feeds.with_user(user).search([("id", "=", feed.id)])
                self.assertEqual(bool(found), reads)
        for user in (self.manager, self.head, self.finance, self.agent):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.feeds.with_user(user).search([])
        with self.assertRaises(AccessError):
            feed.with_user(self.company).action_cancel()

    def test_original_is_for_operators_only(self):
        feed = self._load(customer("F-1"))
        feed.part_ids.with_user(self.operator).read(["data"])
        for user in (self.admin, self.office, self.company):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                feed.part_ids.with_user(user).read(["data"])

    def test_large_file_waits_and_can_be_cancelled(self):
        with patch.object(key_account_feed_run, "DIRECT_ROWS", 1):
            feed = self._receive(self._files(customer("F-1")))
            feed.action_load()
        self.assertEqual(feed.state, "waiting")
        feed.action_cancel()
        self.assertEqual(feed.state, "cancelled")
        self.assertFalse(self._find("F-1"))

    def test_wizard_receives_and_checks(self):
        upload = self.env["key.account.feed.upload"].with_user(self.operator)
        files = self._files(customer("F-1"))
        attachments = (
            self.env["ir.attachment"]
            .with_user(self.operator)
            .create(
                [
                    {"name": name, "raw": raw, "res_model": upload._name, "res_id": 0}
                    for name, raw in files.items()
                ]
            )
        )
        wizard = upload.create({"file_ids": attachments.ids})
        self.assertTrue(wizard.has_control)
        action = wizard.action_check()
        feed = self.feeds.with_user(self.operator).browse(action["res_id"])
        self.assertEqual(feed.state, "checked")
        feed.action_load()
        self.assertTrue(self._find("F-1"))
