# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import datetime

from odoo.tests import tagged

from odoo.addons.key_account_feed.tests.common import CITY, KeyAccountFeedCommon

from ..layout import COMPLAINT

DATE = "20150430090000"


def complaint(name, code="K1", **values):
    """A row of the format; fields not given are empty."""
    defaults = {
        "name": name,
        "customer": code,
        "type_id": "network_speed",
        "subject": f"Matter {name}",
        "channel_id": "call_centre",
        "region": "North",
        "date_accepted": "20260105080000",
        "state": "R",
    }
    values = {**defaults, **values}
    unknown = values.keys() - set(COMPLAINT.names)
    assert not unknown, unknown
    return "|".join(["T", *(str(values.get(one, "")) for one in COMPLAINT.names)])


@tagged("post_install", "-at_install")
class TestKeyAccountFeedComplaint(KeyAccountFeedCommon):
    """Interface 02001: complaints of a branch (COL-03, COL-04, DX-05, CMP-01)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls._create_customer("Acme", cls.manager, key_account_code="K1")
        cls.beta = cls._create_customer("Beta", cls.colleague, key_account_code="K2")
        cls.far = cls._create_customer("Far", cls.manager_b, key_account_code="F1")

    @classmethod
    def _send(cls, *rows, **kwargs):
        return cls._load(*rows, interface="complaint", **kwargs)

    @classmethod
    def _known(cls, reference):
        found = cls.env["key.account.complaint"].search(
            [("reference", "=", reference), ("feed_unit_id", "=", cls.post.id)]
        )
        found.invalidate_recordset()
        return found

    def _refused(self, feed):
        return [(row.row, row.field_label, row.reason) for row in feed.refusal_ids]

    def test_every_state_arrives_with_its_ledger_and_clock(self):
        feed = self._send(
            complaint("1"),
            complaint("2", state="H", handler_id="ka_manager"),
            complaint("3", state="W"),
            complaint("4", state="A", date_replied="20260107080000", reply="Mended"),
            complaint("5", state="C", date_replied="20260106080000", mark="4"),
            complaint("6", state="X", date_replied="20260106080000"),
            period="20260110",
        )
        self.assertEqual(feed.state, "done", feed.file_reason)
        self.assertCounts(feed, created=6)
        states = ["registered", "handling", "waiting", "replied", "closed", "withdrawn"]
        clocks = ["running", "running", "paused", "stopped", "stopped", "stopped"]
        found = [self._known(str(number)) for number in range(1, 7)]
        self.assertEqual([one.state for one in found], states)
        self.assertEqual([one.clock_state for one in found], clocks)
        replied = found[3]
        self.assertRecordValues(
            replied,
            [
                {
                    "partner_id": self.acme.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "registrant_id": self.env.uid,
                    "date_accepted": datetime(2026, 1, 5, 8),
                    "date_replied": datetime(2026, 1, 7, 8),
                    "date_callback_due": datetime(2026, 1, 10, 8),
                    "clock_outcome": "met",
                    "reply": "Mended",
                    "region": "North",
                    "feed_unit_id": self.post.id,
                    "run_id": feed.run_id.id,
                }
            ],
        )
        self.assertRegex(replied.name, r"^C\d{10}$")
        self.assertTrue(replied.date_feedback_due and replied.standard_id)
        self.assertEqual(replied.step_ids.mapped("kind"), ["register", "load"])
        self.assertEqual(
            replied.clock_event_ids.sorted().mapped("kind"), ["start", "stop"]
        )
        self.assertEqual(found[4].mark, "4")
        self.assertEqual(found[1].handler_id, self.manager)
        self.assertTrue(replied.with_user(self.head).has_access("write"))
        self.assertFalse(replied.with_user(self.head_b).has_access("read"))

    def test_the_same_file_changes_nothing(self):
        rows = [complaint("1"), complaint("2", state="C", mark="5")]
        self.assertCounts(self._send(*rows, period="20260110"), created=2)
        again = self._send(*rows, period="20260110")
        self.assertTrue(again.is_repeated)
        self.assertCounts(again, unchanged=2)
        later = self._send(*rows, period="20260111")
        self.assertCounts(later, unchanged=2)
        self.assertEqual(len(self._known("1").step_ids), 1)
        whole = self._send(*rows, period="20260112", kind="s")
        self.assertCounts(whole, unchanged=2)

    def test_it_goes_on_file_by_file(self):
        self._send(complaint("1"), period="20260106")
        self._send(complaint("1", state="W"), period="20260107")
        found = self._known("1")
        self.assertEqual(found.clock_state, "paused")
        feed = self._send(
            complaint("1", state="A", date_replied="20260108090000", cost=1250),
            period="20260108",
        )
        self.assertCounts(feed, changed=1)
        found = self._known("1")
        self.assertRecordValues(
            found, [{"state": "replied", "cost": 12.5, "cost_total": 12.5}]
        )
        self._send(complaint("1", state="H"), period="20260109")
        found = self._known("1")
        self.assertRecordValues(
            found,
            [{"state": "handling", "reopen_count": 1, "clock_state": "running"}],
        )
        self.assertEqual(
            [step.state_to for step in found.step_ids],
            ["registered", "waiting", "replied", "handling"],
        )
        self.assertEqual(
            found.clock_event_ids.sorted().mapped("kind"),
            ["start", "pause", "stop", "reopen"],
        )

    def test_an_empty_field_leaves_the_value(self):
        self._send(complaint("1", cause_id="staff", description="a <b> & c"))
        feed = self._send(complaint("1", region="", channel_id="", subject="Other"))
        self.assertCounts(feed, changed=1)
        found = self._known("1")
        self.assertEqual((found.subject, found.region), ("Other", "North"))
        self.assertEqual(found.cause_id.code, "staff")
        self.assertEqual(found.description, "<p>a &lt;b&gt; &amp; c</p>")

    def test_bad_rows_are_named_and_mended(self):
        """Row, field and remedy; the mended file is loaded as it is."""
        feed = self._send(
            complaint("1"),
            complaint("comcas"),
            complaint("3", date_accepted="30-04-15"),
            complaint("4", "K9"),
            complaint("5", type_id="nothing"),
            complaint("6", "F1"),
            complaint("7", state="Z"),
            complaint("8", date_replied="20260101080000", state="A"),
            complaint("9", number_id="110"),
            complaint("10", handler_id="nobody"),
            complaint("11", date_accepted="20990101080000"),
            complaint("12"),
            complaint("12"),
            limit=100,
        )
        self.assertCounts(feed, created=1, refused=12)
        reasons = {row: (label, reason) for row, label, reason in self._refused(feed)}
        self.assertEqual(
            reasons[2],
            ("Number Elsewhere", "Number Elsewhere: “comcas” is not a number."),
        )
        self.assertIn("30-04-15", reasons[3][1])
        for row, text in (
            (4, "K9"),
            (5, "dictionary"),
            (6, "another branch"),
            (7, "not a known value"),
            (8, "before the complaint was accepted"),
            (9, "not a number of this customer"),
            (10, "nobody of your branch"),
            (11, "future"),
            (12, "Row 13"),
        ):
            self.assertIn(text, reasons[row][1])
        mended = base64.b64decode(feed.refused_file).decode().splitlines()
        self.assertEqual(len(mended), 12)
        self.assertIn("#!", mended[0])
        rows = [mended[0].replace("comcas", "2"), mended[1].replace("30-04-15", DATE)]
        feed = self._send(*rows)
        self.assertCounts(feed, created=2)
        self.assertEqual(self._known("3").date_accepted, datetime(2015, 4, 30, 9))

    def test_too_many_bad_rows_load_nothing(self):
        feed = self._send(complaint("1"), complaint("x"))
        self.assertEqual((feed.state, feed.file_code), ("failed", "22"))
        self.assertFalse(self._known("1"))

    def test_what_is_said_once_stays(self):
        self._send(complaint("1"))
        feed = self._send(
            complaint("1", "K2"),
            complaint("2", date_accepted="20260104080000"),
            limit=100,
        )
        self.assertCounts(feed, created=1, refused=1)
        self.assertIn("known with another value", feed.refusal_ids.reason)
        feed = self._send(complaint("2"), limit=100)
        self.assertCounts(feed, refused=1)

    def test_an_older_file_does_not_overwrite(self):
        self._send(complaint("1", state="C"), period="20260120")
        feed = self._send(complaint("1", state="R"), period="20260119")
        self.assertEqual(feed.file_code, "26")
        feed.action_accept()
        feed.action_load()
        self.assertEqual(self._known("1").state, "registered")

    def test_a_retransmission_replaces(self):
        self._send(complaint("1", subject="Wrong"), period="20260120")
        feed = self._send(
            complaint("1", subject="Right"), period="20260120", revision=1
        )
        self.assertCounts(feed, changed=1)
        self.assertEqual(self._known("1").subject, "Right")

    def test_repeats_are_recognised_in_any_order(self):
        """CMP-07, in the order of acceptance, not of the rows."""
        self._send(
            complaint("2", date_accepted="20260109080000"),
            complaint("1", date_accepted="20260105080000"),
            complaint("3", "K2", date_accepted="20260109080000"),
            period="20260110",
        )
        self.assertEqual(self._known("2").repeat_of_id, self._known("1"))
        self.assertFalse(self._known("1").repeat_of_id)
        self.assertFalse(self._known("3").repeat_of_id)

    def test_times_are_those_of_the_sender(self):
        self.env.user.tz = "Asia/Shanghai"
        self._send(complaint("1", date_accepted="20260105080000"))
        self.assertEqual(self._known("1").date_accepted, datetime(2026, 1, 5))

    def test_another_type_is_another_limit(self):
        self._send(complaint("1"), period="20260106")
        before = self._known("1").clock_limit
        self._send(complaint("1", type_id="network_outage"), period="20260107")
        found = self._known("1")
        self.assertEqual(found.kind_id.code, "complaint_outage")
        self.assertNotEqual(found.clock_limit, before)

    def test_a_branch_has_numbers_of_its_own(self):
        self._send(complaint("1"))
        self._send(complaint("1", "F1"), unit=self.parcel)
        self.assertEqual(self._known("1").partner_id, self.acme)

    def test_the_team_of_a_type_gets_it(self):
        """CMP-05: new ones go to the special team at once."""
        kind = self.env.ref(
            "key_account_service.key_account_complaint_type_network_speed"
        )
        kind.team_id = self.parcel_1
        self._send(complaint("1"), complaint("2", state="C"))
        self.assertEqual(self._known("1").handling_unit_id, self.parcel_1)
        self.assertFalse(self._known("2").handling_unit_id)

    def _count_queries(self, *rows, **kwargs):
        self.env.flush_all()
        before = self.env.cr.sql_log_count
        feed = self._send(*rows, **kwargs)
        self.env.flush_all()
        self.assertCounts(feed, created=len(rows))
        return self.env.cr.sql_log_count - before

    def test_many_rows_take_as_many_queries_as_few(self):
        """Standards, rules and repeats of a file are found in one query each, however
        many days and lines of whoever's customers its rows speak of (DX-06)."""

        def rows(first, count):
            return [
                complaint(
                    first + number,
                    ("K1", "K2")[number % 2],
                    date_accepted=f"202601{number % 28 + 1:02}080000",
                    state="RHWAC"[number % 5],
                )
                for number in range(count)
            ]

        self._count_queries(*rows(1, 10), period="20260130")
        few = self._count_queries(*rows(101, 10), period="20260131")
        many = self._count_queries(*rows(201, 60), period="20260201")
        # Dictionaries may be read anew meanwhile; a query per row would be 50 and more.
        self.assertLess(many, few + 5)

    def test_an_operator_sends_and_does_not_read(self):
        """Domain 3.2: the operator loads, the complaints are others'."""
        content = f"{complaint('1')}\n".encode()
        name = f"a_{CITY}_20260110_02001_00_001.dat"
        feed = self.feeds.with_user(self.operator)._receive(
            {name: content}, is_confirmed=True
        )
        feed.action_check()
        feed.action_load()
        self.assertEqual(feed.state, "done")
        self.assertEqual(self._known("1").registrant_id, self.operator)
        self.assertFalse(self._known("1").with_user(self.operator).has_access("read"))
