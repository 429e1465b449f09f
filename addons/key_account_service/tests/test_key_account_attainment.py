# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ServiceCommon


@tagged("post_install", "-at_install")
class TestKeyAccountAttainment(ServiceCommon):
    """Attainment = done in time out of all due (SLA-05, SLA-06; domain 2.8)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        requests = cls.env["key.account.request"]
        # due on 16, 16, 16 January; the fourth is not due yet, the fifth stands
        cls.met, cls.missed, cls.open = (cls._request() for _number in range(3))
        cls.later = cls._request("2026-01-17 20:00:00")
        cls.waiting = cls._request()
        cls.far_met = cls._request(customer=cls.far)
        with freeze_time("2026-01-15 12:00:00"):
            cls.met._finish()
            cls.far_met._finish()
            cls.waiting._wait(cls.absent)
        with freeze_time("2026-01-17 12:00:00"):
            cls.missed._finish()
        cls.requests = requests.union(
            cls.met, cls.missed, cls.open, cls.later, cls.waiting, cls.far_met
        )
        cls.env.flush_all()

    def _read(self, user, *groupby):
        report = self.env["key.account.attainment"].with_user(user)
        domain = [("res_id", "in", self.requests.ids)]
        measures = ["due_count:sum", "met_count:sum", "missed_count:sum"]
        measures += ["open_count:sum", "rate:avg"]
        return report._read_group(domain, list(groupby), measures)

    def test_done_in_time_out_of_all_due(self):
        with freeze_time("2026-01-18 00:00:00"):
            [figures] = self._read(self.director)
            self.assertEqual(figures, (4, 2, 2, 1, 50.0))
            [figures] = self._read(self.head)
            self.assertEqual(figures[:4], (3, 1, 2, 1))
            self.assertAlmostEqual(figures[4], 100 / 3)

    def test_due_later_when_asked_later(self):
        with freeze_time("2026-01-19 00:00:00"):
            [figures] = self._read(self.director)
            self.assertEqual(figures[:4], (5, 2, 3, 2))

    def test_by_kind_unit_and_month(self):
        with freeze_time("2026-01-18 00:00:00"):
            groups = self._read(self.director, "kind_id", "unit_id", "date_due:month")
        found = {unit: (due, met) for _k, unit, _m, due, met, *_rest in groups}
        self.assertEqual(found, {self.post_1: (3, 1), self.parcel_1: (1, 1)})

    def test_what_was_reopened_counts_again_by_its_new_end(self):
        with freeze_time("2026-01-18 00:00:00"):
            self.met.action_reopen()
            [figures] = self._read(self.director)
        self.assertEqual(figures[:2], (3, 1))  # not due again before it is late

    def test_a_row_opens_what_it_is_about(self):
        with freeze_time("2026-01-18 00:00:00"):
            row = self.env["key.account.attainment"].search(
                [("reference", "=", self.met.name)]
            )
            action = row.action_open()
        self.assertEqual(action["res_id"], self.met.id)
