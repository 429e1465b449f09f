# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

DIRECT_ROWS = 5_000
# A larger transmission is checked in the background.
DIRECT_BYTES = 20_000_000
RETRIES = 3
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.LockNotAvailable,
)
OPEN_STATES = ("received", "checked", "waiting", "running")


class LoadCancelledError(Exception):
    """Somebody cancelled the load: everything it did is rolled back."""


class KeyAccountFeed(models.Model):
    """Loads a transmission, at once or in the background, and shows how far it is."""

    _inherit = "key.account.feed"

    def action_load(self):
        """Load at once what is small, the rest in the background."""
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state != "checked":
                raise UserError(
                    feed.env._("Only a checked transmission is loaded: check it first.")
                )
            if feed._count_rows() < DIRECT_ROWS:
                feed._load_now()
            else:
                feed.state = "waiting"
                feed._trigger()
        return True

    def action_check(self):
        """Repeat the dry run, for instance after codes were added to a dictionary."""
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state in ("received", "checked") or feed.file_code == "22":
                feed.write({"state": "received", "file_code": "00", "file_value": ""})
                feed._examine()
        return True

    def action_cancel(self):
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state == "running":
                feed.run_id.is_cancel_requested = True
            elif feed.state in OPEN_STATES:
                feed.state = "cancelled"
        return True

    def _is_large(self):
        return sum(self.part_ids.mapped("size")) > DIRECT_BYTES

    def _check_may_run(self):
        self.check_access("read")
        self._check_branch(self.unit_id)

    def _trigger(self):
        # sudo: the scheduled action is started, nothing else.
        self.env.ref("key_account_feed.ir_cron_load").sudo()._trigger()

    def _load_now(self):
        """Load within the present transaction, with its batch."""
        try:
            with self.env.cr.savepoint():
                self._lock_branch()
        except psycopg2.errors.LockNotAvailable:
            raise UserError(
                self.env._(
                    "Another file of %(unit)s is being loaded: try again in a minute.",
                    unit=self.unit_id.name,
                )
            ) from None
        self._start_run()
        self._load()
        self._finish_run()
        self._answer_soon()

    def _start_run(self):
        self.run_id = self.env["key.account.run"].create(
            {
                "name": self.name,
                "kind": f"feed.{self.interface}",
                "state": "running",
                "unit_id": self.unit_id.id,
                "user_id": self.user_id.id,
                "row_count": self._count_rows(),
            }
        )

    def _finish_run(self, message=None):
        if not self.run_id:
            return
        states = {"done": "done", "cancelled": "cancelled"}
        is_done = self.state == "done"
        self.run_id.write(
            {
                "state": states.get(self.state, "failed"),
                "date_end": fields.Datetime.now(),
                "progress": 100 if is_done else self.run_id.progress,
                "created_count": self.created_count if is_done else 0,
                "changed_count": (self.changed_count + self.withdrawn_count)
                if is_done
                else 0,
                "unchanged_count": self.unchanged_count,
                "refused_count": self.refused_count,
                "message": message or self.file_reason or False,
            }
        )

    def _tick(self, progress):
        """Show the progress outside the loading transaction; stop when asked to."""
        if not self.env.context.get("key_account_feed_live") or not self.run_id:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE key_account_run SET progress = %s WHERE id = %s "
                    "RETURNING is_cancel_requested",
                    progress,
                    self.run_id.id,
                )
            )
            row = cr.fetchone()
        if row and row[0]:
            raise LoadCancelledError

    @api.model
    def _cron_load(self):
        """Load what waits, and what a killed server left behind (DX-06)."""
        for feed_id in self._get_queue().ids:
            feed = self.browse(feed_id).with_context(key_account_feed_live=True)
            if feed.state == "received" and not feed._is_loaded_unseen():
                feed._examine()
            elif feed._begin():
                feed._work()
            self.env["ir.cron"]._commit_progress(1, remaining=len(self._get_queue()))

    @api.model
    def _get_queue(self):
        """Oldest first: what is to be loaded, and large files to be checked."""
        return self.search(
            [
                ("state", "in", ("received", "waiting", "running")),
                ("file_code", "=", "00"),
            ],
            order="id",
        )

    def _is_loaded_unseen(self):
        """Without a dry run: from the folder, unless somebody insisted on loading."""
        return self.is_direct and not self.accepted_by_id

    def _begin(self):
        """Mark as loading, unless another process is at work on the branch."""
        source = self._get_source()
        if not source.try_lock_for_update():
            return False
        self.invalidate_recordset()
        if self.state not in ("waiting", "running", "received"):
            return False
        if not self.run_id or self.run_id.state != "running":
            self._start_run()
        self.state = "running"
        # the state is shown while the load is under way
        self.env.cr.commit()
        return True

    def _work(self):
        """Load in one transaction, again when another one was in the way."""
        message = None
        for attempt in range(RETRIES):
            try:
                self._load()
                # all or nothing of the file
                self.env.cr.commit()
                break
            except LoadCancelledError:
                self._roll_back()
                self.state = "cancelled"
                break
            except CONFLICTS as error:
                self._roll_back()
                _logger.info("%s: attempt %s: %s", self.name, attempt + 1, error)
                message = str(error)
            except Exception as error:
                self._roll_back()
                _logger.exception("%s could not be loaded", self.name)
                self._fail("99", str(error)[:200])
                break
        else:
            self._fail("25", message[:200])
        self._finish_run()
        # the log of the batch, whatever became of the file
        self.env.cr.commit()
        if self.is_direct:
            self._write_results()

    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)
