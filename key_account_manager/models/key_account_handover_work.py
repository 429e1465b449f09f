# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.key_account_run import BatchCancelledError

_logger = logging.getLogger(__name__)

DIRECT_ROWS = 2_000
RETRIES = 4
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.ExclusionViolation,
)


class KeyAccountHandover(models.Model):
    """How an order is carried out: one transaction, a few statements (design 3.7).

    Of two orders that want the same customers the later one finds them assigned
    otherwise and leaves them out. What a killed server left behind is begun anew:
    nothing of it is there.
    """

    _inherit = "key.account.handover"

    def _plan(self):
        """To be done today: at once what is small, the rest in the background."""
        self.ensure_one()
        if self.date_effective > self.env["key.account.unit"]._get_today():
            self.state = "planned"
            return
        self._queue()
        if self.line_count > DIRECT_ROWS:
            self._trigger()
        else:
            self._begin()
            self._move()
            self._finish("done")

    def _queue(self):
        self.run_id = self.env["key.account.run"].create(
            {
                "name": self.env._("Hand-over %(order)s", order=self.name),
                "kind": "handover",
                "state": "waiting",
                "unit_id": self.unit_id.id,
                "user_id": self.user_id.id,
                "row_count": self.line_count,
            }
        )
        self.state = "waiting"

    @api.model
    def _trigger(self):
        # sudo: the scheduled action is started, nothing else.
        self.env.ref("key_account_manager.ir_cron_handover_work").sudo()._trigger()

    def _begin(self):
        self.state = "running"
        self.run_id.write(
            {"state": "running", "date_start": fields.Datetime.now(), "progress": 0}
        )

    def _finish(self, state, message=None):
        is_done = state == "done"
        self.write(
            {
                "state": state,
                "message": message or False,
                "date_done": fields.Datetime.now() if is_done else False,
            }
        )
        if self.run_id:
            self.run_id.write(
                {
                    "state": state,
                    "date_end": fields.Datetime.now(),
                    "progress": 100 if is_done else self.run_id.progress,
                    "changed_count": self.moved_count if is_done else 0,
                    "unchanged_count": self.skipped_count if is_done else 0,
                    "message": message or False,
                }
            )
        if is_done:
            self.env["key.account.handover.party"]._ask(self)

    @api.model
    def _cron_day(self):
        """After midnight: what begins today, what goes back since it was for a time
        until yesterday; and the ledger is compared with what stands."""
        today = self.env["key.account.unit"]._get_today()
        due = [("state", "=", "planned"), ("date_effective", "<=", today)]
        for order in self.search(due, order="date_effective, id"):
            order._queue()
        over = [
            ("state", "=", "done"),
            ("date_end", "<", today),
            ("reversal_ids", "=", False),
        ]
        for order in self.search(over, order="date_end, id"):
            order._make_reversal()._queue()
        found = self.env["key.account.assignment"]._sync_all()
        if found:
            _logger.warning("%s assignments had not been entered", found)
        self._cron_work()

    @api.model
    def _cron_work(self):
        """Do what waits, and what a killed server left behind."""
        for order_id in self._get_queue().ids:
            order = self.browse(order_id)
            if order.try_lock_for_update():
                order._work()
            self.env["ir.cron"]._commit_progress(1, remaining=len(self._get_queue()))

    @api.model
    def _get_queue(self):
        return self.search([("state", "in", ("waiting", "running"))], order="id")

    def _work(self):
        """Carry out in a transaction of its own, again when another was in the way."""
        self.invalidate_recordset()
        if self.state not in ("waiting", "running"):
            return
        self._begin()
        # the state is shown while the order is under way
        self.env.cr.commit()
        live = self.with_context(key_account_handover_live=True)
        message = None
        for attempt in range(RETRIES):
            try:
                live._move()
                self._finish("done")
                # all or nothing of the order
                self.env.cr.commit()
                return
            except BatchCancelledError:
                self._roll_back()
                self._finish("cancelled")
                break
            except CONFLICTS as error:
                self._roll_back()
                _logger.info("Order %s: attempt %s: %s", self.id, attempt + 1, error)
                message = str(error)
            except Exception as error:
                self._roll_back()
                _logger.exception("Order %s failed", self.id)
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
        """Show the progress of an order in the background, which can be stopped."""
        if self.env.context.get("key_account_handover_live"):
            self.run_id._tick(progress)

    def _move(self):
        """Change hands, with all that hangs on the customers. As superuser."""
        self.env.flush_all()
        self.env["key.account.audit"]._set_origin("handover", self.run_id.id)
        if self.role != "main":
            self._move_assistants()
            return
        self._leave_out()
        partner_ids = self._get_moving_ids()
        self._tick(5)
        # Customers first, their narrow rows later, as single changes do: in another
        # order the two would wait for each other.
        self._write_owners()
        self._tick(30)
        self._close(partner_ids)
        self._tick(40)
        partners = self.env["res.partner"].browse(partner_ids)
        partners._key_account_realign_facts()
        self._tick(80)
        self._move_persons()
        self._tick(95)
        self._mark_moved()
        self._take_effect()

    def _move_assistants(self):
        partner_ids = self.line_ids.partner_id.ids
        self.env["key.account.assignment"]._set_assistants(
            partner_ids, self.to_user_id, self, self.role == "assistant"
        )
        self._mark_moved()
        self._take_effect()

    def _get_moving_ids(self):
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id FROM key_account_handover_line "
                "WHERE order_id = %s AND state = 'planned' ORDER BY 1",
                self.id,
            )
        )
        return [row[0] for row in rows]

    def _leave_out(self):
        """Customers that are no longer with whom the order takes them from."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_handover_line AS row
                   SET state = 'skipped',
                       problem = CASE WHEN owner.partner_id IS NULL THEN 'gone'
                                      ELSE 'overtaken' END
                  FROM key_account_handover_line AS one
                  LEFT JOIN (%(owners)s) AS owner
                    ON owner.partner_id = one.partner_id
                   AND owner.line_id IS NOT DISTINCT FROM one.line_id
                 WHERE one.order_id = %(order)s AND one.state = 'planned'
                   AND row.id = one.id
                   AND (owner.partner_id IS NULL
                        OR owner.manager_id IS DISTINCT FROM one.from_user_id
                        OR owner.unit_id IS DISTINCT FROM one.from_unit_id)
                """,
                order=self.id,
                owners=self.env["key.account.assignment"]._get_owners_query(
                    self._get_moving_ids()
                ),
            )
        )

    def _write_owners(self):
        """Manager and unit of customers, their contacts and files of lines."""
        values = {"order": self.id, "uid": self.env.uid}
        for statement in (self._WRITE_HOME, self._WRITE_CONTACTS, self._WRITE_LINES):
            self.env.cr.execute(SQL(statement, **values))
        self.env.invalidate_all(flush=False)
        self.env["res.partner"]._key_account_align_scopes(self._get_moving_ids())

    _WRITE_HOME = """
        UPDATE res_partner AS partner
           SET key_account_manager_id = row.to_user_id,
               key_account_unit_id = row.to_unit_id,
               write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
          FROM key_account_handover_line AS row
         WHERE row.order_id = %(order)s AND row.state = 'planned'
           AND row.line_id IS NULL AND partner.id = row.partner_id
    """
    _WRITE_CONTACTS = """
        UPDATE res_partner AS contact
           SET key_account_manager_id = row.to_user_id,
               key_account_unit_id = row.to_unit_id
          FROM key_account_handover_line AS row
         WHERE row.order_id = %(order)s AND row.state = 'planned'
           AND row.line_id IS NULL AND contact.commercial_partner_id = row.partner_id
           AND contact.id <> row.partner_id
    """
    _WRITE_LINES = """
        UPDATE key_account_line_file AS file
           SET manager_id = row.to_user_id, unit_id = row.to_unit_id,
               write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
          FROM key_account_handover_line AS row
         WHERE row.order_id = %(order)s AND row.state = 'planned'
           AND file.partner_id = row.partner_id AND file.line_id = row.line_id
    """

    def _close(self, partner_ids):
        """The ledger, and assistants: nobody assists himself."""
        ledger = self.env["key.account.assignment"]
        ledger._sync(partner_ids, self._get_origin(), self)
        homes = self._get_home_ids_by_pair()
        for (giver, taker), ids in homes.items():
            if taker:
                user = self.env["res.users"].browse(taker)
                ledger._set_assistants(ids, user, self, is_adding=False)
            if giver and taker and self.is_former_assistant:
                user = self.env["res.users"].browse(giver)
                ledger._set_assistants(ids, user, self)

    def _get_origin(self):
        return self.kind

    def _get_home_ids_by_pair(self):
        rows = self.env.execute_query(
            SQL(
                """
                SELECT from_user_id, to_user_id, array_agg(partner_id)
                  FROM key_account_handover_line
                 WHERE order_id = %s AND state = 'planned' AND line_id IS NULL
                 GROUP BY from_user_id, to_user_id
                """,
                self.id,
            )
        )
        return {(giver, taker): ids for giver, taker, ids in rows}

    def _mark_moved(self):
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_handover_line SET state = 'moved' "
                "WHERE order_id = %s AND state = 'planned'",
                self.id,
            )
        )
        self.env["key.account.handover.line"].invalidate_model(flush=False)
        rows = self.env["key.account.handover.line"]._read_group(
            [("order_id", "=", self.id)], ["state"], ["__count"]
        )
        counts = dict(rows)
        self.moved_count = counts.get("moved", 0)
        self.skipped_count = counts.get("skipped", 0)

    def _take_effect(self):
        """Scope is right at the next request of everybody, in both directions."""
        self.env.invalidate_all()
        self.env.registry.clear_cache()
