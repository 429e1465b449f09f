# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
import statistics
from datetime import date, timedelta

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..wizard import key_account_standard_proposal
from .common import ServiceCommon

JANUARY = date(2026, 1, 1), date(2026, 1, 31)


class DoneCommon(ServiceCommon):
    """Faults that took so many hours each, of one kind that only the test uses."""

    HOURS = (1, 2, 3, 4, 5, 6, 7, 8, 9, 30)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["key.account.term"].create(
            {"category": "request_kind", "code": "t-kind", "name": "Kind"}
        )
        cls.standard = cls._standard(cls.kind, target_percent=90)
        cls.done = [cls._take(hours) for hours in cls.HOURS]

    @classmethod
    def _take(cls, hours, customer=None):
        request = cls._request(customer=customer, kind_id=cls.kind.id)
        with freeze_time(request.date_accepted + timedelta(hours=hours)):
            request._finish(cost=10)
        return request


@tagged("post_install", "-at_install")
@freeze_time("2026-02-15")
class TestKeyAccountServiceIndicator(DoneCommon):
    """Figures of service by the names of the catalogue (SLA-05, APP-06, ANA-16)."""

    def _measure(self, code, by="customer", **kwargs):
        indicator = self.env["key.account.indicator"]._find(code)
        return indicator._measure(*JANUARY, by=by, **kwargs)[indicator]

    def test_counted_and_in_time(self):
        for code, wanted in (
            ("requests", 10),
            ("service_due", 10),
            ("breaches", 1),
            ("in_time_rate", 90),
            ("service_cost", 100),
            ("open_requests", None),
        ):
            self.assertEqual(self._measure(code).get(self.acme.id), wanted, code)
        self._take(30, customer=self.far)
        rates = self._measure("in_time_rate", by="manager")
        self.assertEqual(rates[self.manager.id], 90)
        self.assertEqual(rates[self.manager_b.id], 0)
        total = self._measure("in_time_rate", by=None, within=self.acme | self.far)
        self.assertAlmostEqual(total[False], 100 * 9 / 11)

    def test_satisfaction_of_marks(self):
        for request, mark in zip(self.done, "5542", strict=False):
            with freeze_time("2026-01-20 09:00:00"):
                request._call_back(mark, False, True)
        self.assertEqual(self._measure("satisfaction")[self.acme.id], 80)
        indicator = self.env["key.account.indicator"]._find("satisfaction")
        action = indicator._get_rows_action(*JANUARY, by="customer", key=self.acme.id)
        found = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(found.sorted("id").ids, [one.id for one in self.done[:4]])

    def test_the_first_reply_of_a_colleague(self):
        for hours, request in zip((2, 4), self.done, strict=False):
            customer = request.partner_id
            for moment, author in (
                (hours - 1, customer),
                (hours, self.manager.partner_id),
                (hours + 5, self.manager.partner_id),
            ):
                message = request.message_post(
                    body="x",
                    author_id=author.id,
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                )
                message.date = request.date_accepted + timedelta(hours=moment)
            note = request.message_post(body="among us", author_id=author.id)
            note.date = request.date_accepted
        self.assertEqual(self._measure("replied")[self.acme.id], 2)
        self.assertEqual(self._measure("first_reply")[self.acme.id], 3)

    def test_by_who_worked_on_it(self):
        self.done[0].handler_id = self.agent
        values = self._measure("requests_handled", by="manager")
        self.assertEqual(values[self.agent.id], 1)

    def test_in_the_readers_scope(self):
        indicator = self.env["key.account.indicator"]._find("requests")
        for user, wanted in ((self.manager, 10), (self.manager_b, None)):
            [values] = indicator.with_user(user)._measure(*JANUARY).values()
            self.assertEqual(values.get(False), wanted, user.login)


@tagged("post_install", "-at_install")
@freeze_time("2026-02-15")
class TestKeyAccountDuration(DoneCommon):
    """What services took, and the limit that follows from it (SLA-05, SLA-06)."""

    def test_percentiles_of_all_rows(self):
        report = self.env["key.account.attainment"]
        [row] = report._read_group(
            [("kind_id", "=", self.kind.id)],
            [],
            ["hours_median:max", "hours_p80:max", "hours_p95:max", "rate:avg"],
        )
        self.assertAlmostEqual(row[0], statistics.median(self.HOURS))
        self.assertAlmostEqual(row[1], 8.2)
        self.assertAlmostEqual(row[2], 20.55)
        self.assertEqual(row[3], 90)

    def test_the_limit_that_was_kept_as_often_as_the_target(self):
        for hours in self.HOURS:
            self._take(hours)
        proposal = self._propose(self.director)
        self.assertRecordValues(
            proposal,
            [
                {
                    "done_count": 20,
                    "rate": 90,
                    "median": 5.5,
                    "limit": 24,
                    "limit_proposed": 11.5,
                }
            ],
        )
        action = proposal.action_propose()
        draft = self.env["key.account.standard"].browse(action["res_id"])
        self.assertEqual((draft.state, draft.limit), ("draft", 11.5))

    def test_too_few_to_conclude(self):
        proposal = self._propose(self.director)
        with self.assertRaisesRegex(UserError, "Choose a longer time"):
            proposal.action_propose()

    def test_only_what_the_reader_may_open(self):
        self.assertEqual(self._propose(self.company).done_count, 10)
        self.assertEqual(self._propose(self.company_b).done_count, 0)

    def test_rounding(self):
        found = doctest.testmod(key_account_standard_proposal)
        self.assertFalse(found.failed)

    def _propose(self, user):
        proposals = self.env["key.account.standard.proposal"].with_user(user)
        return proposals.create(
            {"standard_id": self.standard.id, "date_from": "2026-01-01"}
        )
