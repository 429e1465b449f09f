# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

ACTIVITY = "key_account_service.mail_activity_type_care"


class KeyAccountCareRun(models.Model):
    """Every morning a list waits for each head, where somebody is to be looked after
    (REM-02). Nothing is planned by itself: the head looks it through and plans it."""

    _inherit = "key.account.care.run"

    @api.model
    def _cron_prepare(self):
        units = self._get_headed_units()
        today = fields.Date.context_today(self)
        if not self.env["key.account.care.plan"]._get_keys(today):
            return
        for number, unit in enumerate(units, start=1):
            self._prepare_for(unit)
            self.env["ir.cron"]._commit_progress(1, remaining=len(units) - number)

    @api.model
    def _get_headed_units(self):
        """The lowest units that have a head: their lists do not overlap."""
        headed = self.env["key.account.unit"].search([("head_id", "!=", False)])
        return headed.filtered(lambda unit: not (unit._get_below() & headed) - unit)

    @api.model
    def _prepare_for(self, unit):
        """A list of the unit instead of yesterday's that nobody touched; none where
        nobody would be on it."""
        old = self.search(
            [
                ("unit_id", "=", unit.id),
                ("state", "=", "previewed"),
                ("user_id", "=", self.env.uid),
            ]
        )
        old.activity_unlink([ACTIVITY])
        old.state = "cancelled"
        run = self.create(
            {"unit_id": unit.id, "date_until": fields.Date.context_today(self)}
        )
        run._fill()
        if "ok" not in run.proposal_ids.mapped("verdict"):
            run.state = "draft"
            run.unlink()
            return self.browse()
        run.activity_schedule(
            ACTIVITY,
            user_id=unit.head_id.id,
            summary=self.env._("Look through the list of care"),
        )
        return run
