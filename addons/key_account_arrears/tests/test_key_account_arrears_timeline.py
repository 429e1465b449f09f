# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestArrearsTimeline(ArrearsCommon):
    """Dunning, disputes, promises and instalments stand in the customer's time line,
    for whoever may open them (table 1.2.7, ARR-04)."""

    def _kinds(self, user=None):
        rows = self.env["key.account.timeline"].with_user(user or self.director)
        wanted = ("dunning", "dispute", "promise", "instalment")
        found = rows.search([("partner_id", "=", self.acme.id), ("kind", "in", wanted)])
        return [(row.kind, str(row.date), row.summary, row.amount) for row in found]

    def _dun(self, user=None):
        self.acme.phone = "+8675512345678"
        run = self.env["key.account.dunning.run"].with_user(user or self.company)
        run = run.create({"partner_ids": [(6, 0, self.acme.ids)]})
        run.action_preview()
        self.assertFalse(self._kinds(), "a preview is nothing that happened")
        run.action_confirm()
        return run.sudo().line_ids

    def test_dunning_with_what_became_of_it(self):
        line = self._dun()
        [(kind, day, summary, amount)] = self._kinds()
        self.assertEqual((kind, day, amount), ("dunning", "2026-03-02", 100))
        self.assertEqual(summary, "Letter · Demand for payment")
        [row] = self.env["key.account.timeline"].search(
            [("partner_id", "=", self.acme.id), ("kind", "=", "dunning")]
        )
        self.assertEqual(row.user_id, self.company)
        self.assertEqual((row.res_model, row.res_id), (line._name, line.id))

    def test_only_for_whom_may_open_it(self):
        self._dun()
        self.assertTrue(self._kinds(self.manager))
        self.assertFalse(self._kinds(self.manager_b))

    def test_instalments_when_they_are_paid_or_missed(self):
        plan = self.env["key.account.promise"].create(
            {
                "partner_id": self.acme.id,
                "kind": "plan",
                "date": "2026-03-02",
                "instalment_ids": [
                    (0, 0, {"amount": 40, "date_due": "2026-03-10"}),
                    (0, 0, {"amount": 30, "date_due": "2026-03-20"}),
                    (0, 0, {"amount": 30, "date_due": "2026-03-30"}),
                ],
            }
        )
        plan.action_approve()
        self.assertEqual([row[0] for row in self._kinds()], ["promise"])
        with freeze_time("2026-03-25 04:00:00"):
            self._pay(self.bill, 40, "2026-03-09")
            self.env.invalidate_all()
            found = [row for row in self._kinds() if row[0] == "instalment"]
            self.assertEqual(
                found,
                [
                    ("instalment", "2026-03-20", "Broken", 30),
                    ("instalment", "2026-03-09", "Kept", 40),
                ],
            )
