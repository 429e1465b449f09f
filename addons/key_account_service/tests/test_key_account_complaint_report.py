# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common_complaint import ComplaintCommon


@tagged("post_install", "-at_install")
class TestKeyAccountComplaintReport(ComplaintCommon):
    """Figures of complaints are those of the complaints (CMP-04, ANA-08, SLA-05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post_1.region = "North"
        cls.first = cls._complaint("2026-01-11 08:00:00")
        cls._settle(cls.first, "2026-01-12 08:00:00", mark="5")
        cls.second = cls._complaint("2026-01-20 08:00:00", cost=10)
        cls._settle(cls.second, "2026-01-25 08:00:00", mark="2")
        cls.third = cls._complaint("2026-02-03 08:00:00", type_id=cls.bill.id)
        cls.gone = cls._complaint("2026-02-03 09:00:00", type_id=cls.suggestion.id)
        with freeze_time("2026-02-03 10:00:00"):
            cls.gone._withdraw("No more")

    def _group(self, groupby, user=None, at="2026-02-04 08:00:00"):
        report = self.env["key.account.complaint.report"]
        with freeze_time(at):
            return report.with_user(user or self.head)._read_group(
                [("partner_id", "=", self.acme.id)],
                groupby,
                [
                    "count:sum",
                    "open_count:sum",
                    "repeat_count:sum",
                    "in_time_rate:avg",
                    "repeat_rate:avg",
                    "mark:avg",
                    "satisfied_rate:avg",
                    "cost_total:sum",
                ],
            )

    def test_figures(self):
        [row] = self._group([])
        self.assertEqual(row, (4, 1, 1, 50, 25, 3.5, 50, 10))

    def test_counts_by_month_state_type_and_region(self):
        months = self._group(["date_accepted:month"])
        self.assertEqual([(row[0].month, row[1]) for row in months], [(1, 2), (2, 2)])
        states = {row[0]: row[1] for row in self._group(["state"])}
        self.assertEqual(states, {"closed": 2, "registered": 1, "withdrawn": 1})
        types = {row[0]: row[1] for row in self._group(["type_id"])}
        self.assertEqual(types, {self.outage: 2, self.bill: 1, self.suggestion: 1})
        [row] = self._group(["region"])
        self.assertEqual(row[:2], ("North", 4))

    def test_what_is_late_and_open_counts_as_late(self):
        [row] = self._group([], at="2026-03-04 08:00:00")
        self.assertAlmostEqual(row[3], 100 / 3)

    def test_attainment_has_handling_and_first_feedback(self):
        rows = self.env["key.account.attainment"].with_user(self.head)
        domain = [("res_model", "=", "key.account.complaint")]
        with freeze_time("2026-02-04 09:00:00"):
            groups = rows._read_group(
                domain, ["kind_id"], ["due_count:sum", "met_count:sum"]
            )
        found = {kind.code: counts for kind, *counts in groups}
        self.assertEqual(found["complaint_outage"], [2, 1])
        # the third was never told anything in its 24 hours
        self.assertEqual(found["complaint_feedback"], [3, 1])

    def test_time_line(self):
        """Table 1.2.7: complaints among everything that happened."""
        rows = self.env["key.account.timeline"].with_user(self.manager)
        found = rows.search(
            [("partner_id", "=", self.acme.id), ("kind", "=", "complaint")]
        )
        self.assertEqual(len(found), 4)
        row = found.filtered(lambda one: one.res_id == self.second.id)
        self.assertEqual(row.amount, 10)
        self.assertIn("No connection", row.summary)

    def test_month_facts(self):
        months = self.env["key.account.month"].search(
            [("partner_id", "in", (self.acme | self.far).ids)]
        )
        facts = {
            row.month.month: (row.complaint_count, row.amount_cost)
            for row in months.filtered("complaint_count")
        }
        self.assertEqual(facts, {1: (2, 10), 2: (1, 0)}, "withdrawn ones are none")

    def test_search_filters(self):
        """CMP-02: by number, period, type."""
        complaints = self.env["key.account.complaint"].with_user(self.head)
        parent = self.outage.parent_id
        domain = [("partner_id", "=", self.acme.id)]
        found = complaints.search([*domain, ("type_id", "child_of", parent.id)])
        self.assertEqual(found, self.second | self.first)
        found = complaints.search([*domain, ("date_accepted", ">=", "2026-02-01")])
        self.assertEqual(found, self.gone | self.third)
        self.assertEqual(
            complaints.search([("name", "=", self.third.name)]), self.third
        )
