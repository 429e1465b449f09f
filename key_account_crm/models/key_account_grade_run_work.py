# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_run import BatchCancelledError
from .key_account_state_move import LIVE_STATES

_logger = logging.getLogger(__name__)

DIRECT_CUSTOMERS = 5_000
RETRIES = 4
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
)


class KeyAccountGradeRun(models.Model):
    """How a run works: one transaction, a few statements for each rule (design 3.7).

    Of two runs at once, or of a run and bills that are loaded, the later one fails on
    the rows the earlier one wrote and is tried again; the last try waits for whoever
    writes. What a killed server left behind is begun anew: nothing of it is there.
    """

    _inherit = "key.account.grade.run"

    def _start(self):
        self.ensure_one()
        if self.state != "draft":
            raise UserError(self.env._("The run has begun already: reload the page."))
        self._check_month()
        self.batch_id = self.env["key.account.run"].create(
            {
                "name": self.env._("Grading %(run)s", run=self.name),
                "kind": "grade",
                "state": "waiting",
                "unit_id": self.unit_id.id,
                "user_id": self.user_id.id,
                "row_count": self._count_customers(),
            }
        )
        self.state = "waiting"
        if self.batch_id.row_count > DIRECT_CUSTOMERS:
            self._trigger()
        else:
            self._begin()
            self._grade()
            self._finish("done")

    def _check_month(self):
        """Months are counted forwards: none can be graded after a later one."""
        later = self.search(
            [
                ("month", ">", self.month),
                ("state", "=", "done"),
                ("scope", "=", self.scope),
                ("scope", "!=", "selection"),
                ("unit_id", "=", self.unit_id.id),
                ("kind", "=", self.kind),
            ],
            order="month desc",
            limit=1,
        )
        if later:
            raise UserError(
                self.env._(
                    "%(month)s has been graded already: an earlier month cannot be "
                    "graded after it.",
                    month=fields.Date.to_string(later.month)[:7],
                )
            )

    @api.model
    def _trigger(self):
        # sudo: the scheduled action is started, nothing else.
        self.env.ref("key_account_crm.ir_cron_grade_work").sudo()._trigger()

    def _begin(self):
        self.state = "running"
        self.batch_id.write(
            {"state": "running", "date_start": fields.Datetime.now(), "progress": 0}
        )

    def _finish(self, state, message=None):
        self.state = state
        if not self.batch_id:
            return
        is_done = state == "done"
        changed = self.up_count + self.down_count + self.renewed_count
        self.batch_id.write(
            {
                "state": state,
                "date_end": fields.Datetime.now(),
                "progress": 100 if is_done else self.batch_id.progress,
                "row_count": self.examined_count if is_done else 0,
                "created_count": self.new_count if is_done else 0,
                "changed_count": changed if is_done else 0,
                "unchanged_count": self.examined_count - self.new_count - changed
                if is_done
                else 0,
                "message": message or False,
            }
        )

    @api.model
    def _cron_work(self):
        """Do what waits, and what a killed server left behind."""
        for run in self.search(
            [("state", "=", "done"), ("batch_id.state", "=", "running")]
        ):
            run._finish("done")
        for run_id in self._get_queue().ids:
            run = self.browse(run_id)
            if run.try_lock_for_update():
                run._work()
            self.env["ir.cron"]._commit_progress(1, remaining=len(self._get_queue()))

    @api.model
    def _get_queue(self):
        return self.search([("state", "in", ("waiting", "running"))], order="id")

    def _work(self):
        """Grade in a transaction of its own, again when another one was in the way."""
        self.invalidate_recordset()
        if self.state not in ("waiting", "running"):
            return
        self._begin()
        # the state is shown while the run is under way
        self.env.cr.commit()
        live = self.with_context(key_account_grade_live=True)
        message = None
        for attempt in range(RETRIES):
            try:
                live._grade(is_last=attempt == RETRIES - 1)
                self.state = "done"
                # all or nothing of the run
                self.env.cr.commit()
                self._finish("done")
                break
            except BatchCancelledError:
                self._roll_back()
                self._finish("cancelled")
                break
            except CONFLICTS as error:
                self._roll_back()
                # nothing is read here: the last try must begin with its lock
                _logger.info("Run %s: attempt %s: %s", self.id, attempt + 1, error)
                message = str(error)
            except Exception as error:
                self._roll_back()
                _logger.exception("Run %s failed", self.id)
                self._finish("failed", str(error)[:500])
                break
        else:
            self._finish("failed", message)
        # the log of the batch, which showed its progress to others meanwhile
        self.env.cr.commit()

    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    def _tick(self, progress):
        """Show the progress; only a run in the background can be seen and stopped."""
        if self.env.context.get("key_account_grade_live"):
            self.batch_id._tick(progress)

    def _grade(self, is_last=False):
        """Decide and write, rule by rule. As superuser, in the present transaction."""
        if is_last:  # whoever writes now is waited for, and nobody comes between
            self.env.cr.execute(
                "LOCK TABLE key_account_standing IN SHARE ROW EXCLUSIVE MODE"
            )
        self.env.flush_all()
        customers = self._count_by_rule()
        rules = list(customers)
        counts = dict.fromkeys(("new", "up", "down", "same", "proposed"), 0)
        for place, rule in enumerate(rules):
            self._tick(100 * place / len(rules))
            self._decide(rule)
            self._tick(100 * (place + 0.6) / len(rules))
            for name, count in self._count_decisions().items():
                counts[name] += count
            self._withdraw_stale(rule)
            self._insert_moves(rule)
            self._update_standing()
            self._tick(100 * (place + 0.9) / len(rules))
            self.env.cr.execute("DROP TABLE key_account_grade_decision")
        self.write(
            {
                "examined_count": sum(customers.values()),
                "new_count": counts["new"],
                "up_count": counts["up"],
                "down_count": counts["down"],
                "renewed_count": counts["same"],
                "proposed_count": counts["proposed"],
            }
        )
        self.env["key.account.standing"]._forget_grades()
        self.env["key.account.grade.move"].invalidate_model(flush=False)

    def _get_scope(self) -> SQL:
        """Condition on ``standing``: whose grade is looked at."""
        if self.scope == "unit":
            return SQL("standing.unit_id = ANY(%s)", self.unit_id._get_below().ids)
        if self.scope == "selection":
            return SQL("standing.partner_id = ANY(%s)", self.partner_ids.ids)
        return SQL("TRUE")

    def _count_customers(self):
        """How many customers the run looks at."""
        return sum(self._count_by_rule().values())

    def _count_by_rule(self):
        """Map the versions that grade customers of the run to how many these are."""
        rules = self.env["key.account.grade.rule"]
        kinds = [kind for kind, _label in rules._fields["kind"].selection]
        in_force = {
            kind: rules._get_map_in_force(self.date, kind=kind)
            for kind in kinds
            if self.kind in (False, kind)
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT partner.key_account_kind, standing.unit_id, COUNT(*)
                  FROM key_account_standing AS standing
                  JOIN res_partner AS partner ON partner.id = standing.partner_id
                 WHERE partner.key_account_state IN %s AND partner.active AND %s
                 GROUP BY partner.key_account_kind, standing.unit_id
                """,
                LIVE_STATES,
                self._get_scope(),
            )
        )
        counts = {}
        for kind, unit_id, count in rows:
            rule = in_force.get(kind, {}).get(unit_id)
            if rule:
                counts[rule] = counts.get(rule, 0) + count
        return counts

    @api.model
    def _cron_month(self):
        """Grade the month billed last, of everybody, unless somebody did already."""
        month = self._default_month()
        done = self.search_count(
            [
                ("month", "=", month),
                ("scope", "=", "all"),
                ("kind", "=", False),
                ("state", "in", ("waiting", "running", "done")),
            ]
        )
        centre = self.env["key.account.unit"].search([("parent_id", "=", False)])
        if done or not centre:
            return
        run = self.create({"month": month, "scope": "all", "unit_id": centre.id})
        if run._count_customers():
            run._start()
        else:
            run.unlink()
