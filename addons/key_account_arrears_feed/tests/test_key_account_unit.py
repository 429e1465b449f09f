# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.key_account_arrears.tests.common import ArrearsCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-02 04:00:00")
class TestBillsComplete(ArrearsCommon):
    """Nothing goes out when the branch's bills are not complete for the day."""

    def _feed(self, day, state="done", interface="bill"):
        return self.env["key.account.feed"].create(
            {
                "name": f"{day} {interface} {state}",
                "series": f"{day} {interface}",
                "interface": interface,
                "unit_id": self.post.id,
                "date_period": day,
                "state": state,
            }
        )

    def _incomplete(self):
        units = self.env["key.account.unit"]._get_dunning_incomplete("2026-03-02")
        return set(units) & set((self.post | self.post_1 | self.parcel).ids)

    def test_a_branch_that_sends_files_is_complete_when_yesterday_is_loaded(self):
        self.assertFalse(self._incomplete())  # it never sent any
        self.post.write({"is_branch": True, "city_code": "99887"})
        below = {self.post.id, self.post_1.id}
        self._feed("2026-02-27")
        self.assertEqual(self._incomplete(), below)
        self._feed("2026-03-01", interface="customer")
        self._feed("2026-03-01", state="failed")
        self.assertEqual(self._incomplete(), below)
        self._feed("2026-03-01")
        self.assertFalse(self._incomplete())

    def test_a_run_says_so_and_sends_nothing(self):
        self.post.write({"is_branch": True, "city_code": "99887"})
        self.acme.phone = "+8675512345678"
        self._feed("2026-02-27")
        run = self.env["key.account.dunning.run"].with_user(self.head).create({})
        run.action_preview()
        line = run.sudo().line_ids.filtered(lambda one: one.partner_id == self.acme)
        self.assertEqual(line.reason, "incomplete")
        run.action_confirm()
        self.assertEqual(line.state, "left_out")
