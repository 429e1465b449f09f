# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ServiceCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 20:00:00")
class TestKeyAccountStandardTrial(ServiceCommon):
    """Which open requests would be due at another time (SLA-04, GRD-17)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.kind = cls.env["key.account.term"].create(
            {"category": "request_kind", "code": "t-trial", "name": "Trial"}
        )
        cls._standard(cls.kind)
        cls.late = cls._request(kind_id=cls.kind.id)
        cls.fresh = cls._request("2026-01-15 19:00:00", kind_id=cls.kind.id)
        cls.waiting = cls._request(kind_id=cls.kind.id)
        cls.closed = cls._request(kind_id=cls.kind.id)
        cls.foreign = cls._request(customer=cls.far, kind_id=cls.kind.id)
        cls._request()  # of another kind
        with freeze_time("2026-01-15 09:00:00"):
            cls.waiting._wait(cls.absent)
            cls.closed._finish()
        cls.draft = cls.env["key.account.standard"].create(
            {
                "name": "Trial",
                "kind_id": cls.kind.id,
                "date_from": "2026-02-01",
                "limit": 6,
                "limit_unit": "hour",
            }
        )

    def _try(self, user, draft=None):
        action = (draft or self.draft).with_user(user).action_try()
        return (
            self.env["key.account.rule.trial"].with_user(user).browse(action["res_id"])
        )

    def test_what_would_be_due_earlier_and_be_late(self):
        trial = self._try(self.director)
        self.assertEqual((trial.examined_count, trial.moved_count), (4, 3))
        rows = {
            line.before.partition(":")[0]: line
            for line in trial.line_ids
            if line.partner_id == self.acme
        }
        self.assertEqual(set(rows), {self.late.name, self.fresh.name})
        late, fresh = rows[self.late.name], rows[self.fresh.name]
        self.assertNotIn("overdue", late.before)
        self.assertIn("overdue", late.after)
        self.assertNotIn("overdue", fresh.after)
        self.assertEqual(
            (late.amount_before, late.amount_after, late.direction), (24, 6, "down")
        )
        # nothing of the requests themselves has changed
        self.assertEqual(self.late.clock_phase, "on_time")
        self.assertEqual(self.late.clock_limit, 24 * 3600)

    def test_each_reader_sees_his_own(self):
        trial = self._try(self.director)
        for user, examined, moved in (
            (self.company, 3, 2),
            (self.company_b, 1, 1),
        ):
            seen = trial.with_user(user)
            seen.invalidate_recordset()
            self.assertEqual((seen.examined_count, seen.moved_count), (examined, moved))

    def test_the_same_limit_moves_nothing(self):
        self.draft.limit = 24
        trial = self._try(self.director)
        self.assertEqual((trial.examined_count, trial.moved_count), (4, 0))

    def test_a_version_of_a_line_concerns_that_line(self):
        self.draft.line_id = self.letter
        self.assertEqual(self._try(self.director).examined_count, 0)
        self._create_line_file(self.acme, self.letter, self.manager)
        self._request(kind_id=self.kind.id, line_id=self.letter.id)
        self.assertEqual(self._try(self.director).examined_count, 1)

    def test_a_unit_tries_for_itself(self):
        self.draft.unit_id = self.parcel
        trial = self._try(self.company_b)
        self.assertEqual(trial.line_ids.partner_id, self.far)
