# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import os
import tempfile
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models.key_account_feed_source import ROOT_PARAMETER
from .common import KeyAccountFeedCommon, customer
from .test_key_account_feed import NAME, STEM, control


@tagged("post_install", "-at_install")
@freeze_time("2026-02-01 08:00:00")
class TestKeyAccountFeedSource(KeyAccountFeedCommon):
    """A watched folder: complete transmissions only, and no way out of the root."""

    def setUp(self):
        super().setUp()
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(os.path.realpath(folder.name))
        self.env["ir.config_parameter"].set_param(ROOT_PARAMETER, str(self.root))
        (self.root / "in").mkdir()
        (self.root / "out").mkdir()
        self.source.write(
            {
                "folder_in": str(self.root / "in"),
                "folder_out": str(self.root / "out"),
            }
        )

    def _find(self):
        return self.source._find_complete(self.root / "in")

    def test_waits_for_the_control_file(self):
        content = f"{customer('F-1')}\n".encode()
        (self.root / "in" / NAME).write_bytes(content)
        self.assertFalse(self._find())
        (self.root / "in" / f"{STEM}.verf").write_bytes(control(content))
        self.assertEqual(self._find(), {STEM: [f"{STEM}.verf", NAME]})

    def test_takes_over_what_is_complete(self):
        content = f"{customer('F-1')}\n".encode()
        (self.root / "in" / NAME).write_bytes(content)
        (self.root / "in" / f"{STEM}.verf").write_bytes(control(content))
        feed = self.source._take_over(self.root / "in", self._find()[STEM])
        self.source._move_done(self.root / "in", self._find()[STEM])
        self.assertRecordValues(feed, [{"state": "received", "is_direct": True}])
        self.assertFalse(self._find())
        self.assertTrue((self.root / "in" / "done" / NAME).exists())

    def test_answers_a_bad_file_in_the_out_folder(self):
        (self.root / "in" / NAME).write_bytes(b"x\n")
        (self.root / "in" / f"{STEM}.verf").write_bytes(b"nonsense")
        self.source._take_over(self.root / "in", self._find()[STEM])
        answer = (self.root / "out" / f"f_{STEM}.verf").read_text()
        self.assertIn("|16", answer)
        self.assertTrue((self.root / "out" / f"r_{STEM}.verf").exists())

    def test_what_is_loaded_anyway_is_answered_too(self):
        """DX-05: an older file that somebody insists on; after the load, not before."""
        newer = customer("F-1", name="Newer")
        self._load(newer, period="20260205")
        content = f"{customer('F-1', name='Older')}\n".encode()
        (self.root / "in" / NAME).write_bytes(content)
        (self.root / "in" / f"{STEM}.verf").write_bytes(control(content))
        feed = self.source._take_over(self.root / "in", self._find()[STEM])
        answer = self.root / "out" / f"f_{STEM}.verf"
        self.assertIn("|26", answer.read_text())
        feed = feed.with_user(self.operator)
        feed.action_accept()
        self.assertEqual(feed.state, "checked", "it is seen before it is loaded")
        feed.action_load()
        self.assertEqual(feed.state, "done")
        self.assertIn("|26", answer.read_text(), "nothing is saved yet")
        self.env.cr.postcommit.run()
        self.assertIn("|00", answer.read_text())

    def test_other_names_links_and_branches_stay(self):
        (self.root / "in" / "notes.txt").write_text("x")
        secret = self.root / "secret"
        secret.write_text("x")
        (self.root / "in" / NAME).symlink_to(secret)
        (self.root / "in" / f"{STEM}.verf").write_bytes(b"x")
        other = STEM.replace("99001", "99002")
        (self.root / "in" / f"{other}_001.dat").write_bytes(b"x")
        (self.root / "in" / f"{other}.verf").write_bytes(b"x")
        self.assertFalse(self._find())
        with self.assertRaises(OSError):
            self.source._read(self.root / "in" / NAME)

    def test_folder_outside_the_root_is_refused(self):
        (self.root / "link").symlink_to("/etc")
        for folder in ("/etc", f"{self.root}/../x", "in", str(self.root / "link")):
            with self.subTest(folder=folder), self.assertRaises(ValidationError):
                self.source.folder_in = folder

    def test_without_a_root_nothing_is_watched(self):
        self.env["ir.config_parameter"].set_param(ROOT_PARAMETER, False)
        with self.assertRaisesRegex(UserError, "operator"):
            self.source._watch()
