# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import time

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import LockError

from .key_account_request import OPEN_STATES

_logger = logging.getLogger(__name__)

CHUNK = 500
RETRIES = 3
# Seconds until a row that somebody else has in hand is asked for again.
PATIENCE = 0.5
CONFLICTS = (
    LockError,
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.LockNotAvailable,
)


class KeyAccountRequest(models.Model):
    """Thousands of requests done at once: a batch with progress that can be stopped.

    A chunk is one transaction under the rights of who started the batch, and may be
    repeated without effect: what is done already is counted as unchanged.
    """

    _inherit = "key.account.request"

    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    def _start_bulk(self, date, vals):
        """Queue the closing of these requests, and give back the batch."""
        self.check_access("write")
        # sudo: batches are a log, written by the system.
        run = (
            self.env["key.account.run"]
            .sudo()
            .create(
                {
                    "name": self.env._("Requests done in bulk"),
                    "kind": "request.close",
                    "row_count": len(self),
                    "parameters": {
                        "ids": self.ids,
                        "date": fields.Datetime.to_string(date) if date else False,
                        "vals": vals,
                        "at": 0,
                    },
                }
            )
        )
        # sudo: the scheduled action is started, nothing else.
        self.env.ref("key_account_service.ir_cron_close").sudo()._trigger()
        return run.sudo(self.env.su)

    @api.model
    def _cron_close(self):
        """Work on what waits, and on what a killed server left behind."""
        runs = self.env["key.account.run"]
        domain = [
            ("kind", "=", "request.close"),
            ("state", "in", ("waiting", "running")),
        ]
        for run in runs.search(domain, order="id"):
            if run.try_lock_for_update():
                self._close_in_chunks(run)

    @api.model
    def _close_in_chunks(self, run):
        run.state = "running"
        # a chunk that has to be repeated falls back to here, not behind it
        self.env["ir.cron"]._commit_progress(remaining=run.row_count)
        while run.state == "running":
            # read anew: somebody may have asked to stop meanwhile
            run.invalidate_recordset()
            at = run.parameters["at"]
            if run.is_cancel_requested:
                run.write({"state": "cancelled", "date_end": fields.Datetime.now()})
            elif at >= run.row_count:
                run.write(
                    {
                        "state": "done",
                        "progress": 100,
                        "date_end": fields.Datetime.now(),
                    }
                )
            else:
                self._close_chunk_safely(run, at)
            left = max(run.row_count - run.parameters["at"], 0)
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return

    @api.model
    def _close_chunk_safely(self, run, at):
        """A chunk again when another transaction was in the way, in the end without."""
        for attempt in range(1, RETRIES + 1):
            try:
                with self.env.cr.savepoint():
                    return self._close_chunk(run, at, is_last=attempt == RETRIES)
            except CONFLICTS as error:
                _logger.info("%s at %s, attempt %s: %s", run.name, at, attempt, error)
                # a new snapshot, in which the other transaction is over
                self.env.cr.rollback()
                self.env.invalidate_all(flush=False)
                time.sleep(PATIENCE)
        ids = run.parameters["ids"][at : at + CHUNK]
        self._log_chunk(run, at, len(ids), 0, 0, self._get_busy(ids))

    @api.model
    def _get_busy(self, ids):
        reason = self.env._("Somebody else was working on it: try again.")
        return dict.fromkeys(ids, reason)

    @api.model
    def _close_chunk(self, run, at, is_last=False):
        asked = run.parameters
        ids = asked["ids"][at : at + CHUNK]
        requests = self.with_user(run.user_id).browse(ids).exists()
        allowed = requests._filtered_access("write")
        refused = dict.fromkeys(
            set(ids) - set(allowed.ids), self.env._("It is not yours any more.")
        )
        date = fields.Datetime.to_datetime(asked["date"])
        opened = allowed.filtered(lambda one: one.state in OPEN_STATES[1:])
        late = opened.filtered(lambda one: date and date < one._get_last_step())
        refused |= dict.fromkeys(
            late.ids, self.env._("Its clock moved after the moment entered.")
        )
        refused |= dict.fromkeys(
            allowed.filtered(lambda one: one.state == "triage").ids,
            self.env._("Nobody said whose request it is."),
        )
        opened -= late
        busy = opened - opened.try_lock_for_update(allow_referencing=True)
        if busy and not is_last:
            raise LockError(busy[:1].name)
        refused |= self._get_busy(busy.ids)
        opened -= busy
        opened._finish_in_bulk(run, date, asked["vals"])
        unchanged = len(ids) - len(opened) - len(refused)
        self._log_chunk(run, at, len(ids), len(opened), unchanged, refused)

    def _finish_in_bulk(self, run, date, vals):
        """Done, with one line in the history of each instead of tracked values."""
        silent = self.with_context(tracking_disable=True)
        silent._finish(date=date, run_id=run.id, **vals)
        note = self.env._("Done in the batch “%(name)s”.", name=run.name)
        self._message_log_batch(bodies=dict.fromkeys(self.ids, note))

    def _get_last_step(self):
        """When the clock moved last."""
        return max(self.clock_event_ids.mapped("date"))

    @api.model
    def _log_chunk(self, run, at, count, changed, unchanged, refused):
        names = {request.id: request.name for request in self.browse(refused).exists()}
        lines = [f"{names.get(key, key)}: {refused[key]}" for key in sorted(refused)]
        done = at + count
        run.write(
            {
                "parameters": {**run.parameters, "at": done},
                "progress": 100 * done / run.row_count,
                "changed_count": run.changed_count + changed,
                "unchanged_count": run.unchanged_count + unchanged,
                "refused_count": run.refused_count + len(refused),
                "message": "\n".join(filter(None, [run.message, *lines])) or False,
            }
        )
