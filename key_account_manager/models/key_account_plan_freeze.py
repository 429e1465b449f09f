# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

BATCH = 500


class KeyAccountPlan(models.Model):
    """At the due date plans are measured once more and frozen (TRK-02, TRK-05).

    A step freezes some plans of one period, complete or not at all; the next one goes
    on with what is left. Repeated it finds nothing to do; two at once share the plans
    among them, since each locks what it works on.
    """

    _inherit = "key.account.plan"

    @api.model
    def _cron_nightly(self):
        """Half an hour past midnight: plans begin, fall due and are frozen."""
        self._begin_due_plans()
        while True:
            done, remaining = self._freeze_some()
            if not done or not self.env["ir.cron"]._commit_progress(
                done, remaining=remaining
            ):
                break

    @api.model
    def _begin_due_plans(self):
        """What begins today runs; what ended yesterday is due."""
        today = self._get_today()
        self.search([("state", "=", "approved"), ("date_from", "<=", today)])._start()
        self.search([("state", "=", "running"), ("date_to", "<", today)])._step("due")

    @api.model
    def _freeze_some(self, limit=BATCH):
        """Freeze plans of the period that was due first.

        :return: (plans frozen, plans still due)
        """
        due = [("state", "=", "due")]
        first = self.search(due, order="date_to, date_from, id", limit=1)
        if not first:
            return 0, 0
        same = [("date_from", "=", first.date_from), ("date_to", "=", first.date_to)]
        plans = self.search(due + same, order="id", limit=limit)
        plans = plans.try_lock_for_update()
        plans.invalidate_recordset(["state"])
        plans = plans.filtered(lambda plan: plan.state == "due")
        if plans:
            plans._freeze()
        return len(plans), self.search_count(due)

    def _freeze(self):
        """Measure plans of one period a last time, keep what was counted, archive."""
        first, last = self[0].date_from, self[0].date_to
        run = self._open_run()
        targets = self.target_ids
        indicators = targets.indicator_id.with_context(tz=self._get_zone())
        owners = self._get_owners()
        self.env.flush_all()
        evidence = self.env["key.account.plan.evidence"]
        for base in indicators._get_bases()._with_rates():
            evidence._take(run, base, first, last, owners)
        actuals = self._assign(targets, evidence._get_sums(run))
        self.env["key.account.plan.result"]._write_measured(targets, actuals, run)
        self._step("archived", run_id=run.id, date_archived=run.date_start)
        run.write(
            {
                "state": "done",
                "progress": 100,
                "changed_count": len(self),
                "created_count": len(targets),
                "date_end": fields.Datetime.now(),
            }
        )
        return run

    def _open_run(self):
        centre = self.env["key.account.unit"].search([("parent_id", "=", False)])
        return self.env["key.account.run"].create(
            {
                "name": self.env._(
                    "Plans due on %(day)s",
                    day=fields.Date.to_string(self[0].date_to),
                ),
                "kind": "plan",
                "state": "running",
                "unit_id": self.env.user.key_account_unit_id.id or centre.id,
                "row_count": len(self),
            }
        )
