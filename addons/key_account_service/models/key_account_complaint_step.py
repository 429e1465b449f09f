# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_clock_mixin_customer import MARKS
from .key_account_complaint import STATES

KINDS = [
    ("register", "Registered"),
    ("dispatch", "Dispatched"),
    ("return", "Sent Back"),
    ("take", "Taken Up"),
    ("feedback", "First Feedback"),
    ("wait", "Waits"),
    ("resume", "Goes On"),
    ("escalate", "Escalated"),
    ("reply", "Replied"),
    ("call", "Called Back"),
    ("reopen", "Opened Again"),
    ("close", "Closed"),
    ("withdraw", "Withdrawn"),
    ("secret", "Made Secret"),
    ("open", "Secrecy Lifted"),
    ("load", "Brought in Line by a File"),
]


class KeyAccountComplaintStep(models.Model):
    """A step of a complaint: who did what when, from which state to which, and why.

    The ledger of complaints (CMP-01, CMP-06): written by the steps only, never changed
    nor deleted.
    """

    _name = "key.account.complaint.step"
    _description = "Step of a Complaint"
    _inherit = ["key.account.fact.mixin"]
    _order = "date, id"
    _rec_name = "kind"
    _key_account_untracked = ("reason",)

    complaint_id = fields.Many2one(
        comodel_name="key.account.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    kind = fields.Selection(
        selection=KINDS, string="Step Taken", required=True, readonly=True
    )
    date = fields.Datetime(string="At", required=True, readonly=True)
    user_id = fields.Many2one(
        comodel_name="res.users", string="By", readonly=True, ondelete="restrict"
    )
    state_from = fields.Selection(selection=STATES, string="From", readonly=True)
    state_to = fields.Selection(selection=STATES, string="To", readonly=True)
    to_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Sent to",
        readonly=True,
        ondelete="restrict",
    )
    to_user_id = fields.Many2one(
        comodel_name="res.users",
        string="Sent to Person",
        readonly=True,
        ondelete="restrict",
    )
    mark = fields.Selection(selection=MARKS, string="Satisfaction", readonly=True)
    reason = fields.Text(readonly=True)

    def write(self, vals):
        raise UserError(
            self.env._("The ledger of a complaint stays: a step is never changed.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("The ledger of a complaint stays: no step of it is deleted.")
        )

    @api.model
    def _append(self, complaints, kind, state=None, date=None, **columns):
        """Add the same step to the ledger of each complaint, in one statement.

        Called before the complaint itself moves: where it comes from is read there.
        """
        if not complaints:
            return
        self._key_account_say_who()
        complaints.flush_model()
        date = date or fields.Datetime.now()
        self.env.cr.execute(self._append_query(complaints, kind, state, date, columns))
        self.invalidate_model(flush=False)
        complaints.invalidate_recordset(["step_ids"], flush=False)

    def _append_query(self, complaints, kind, state, date, columns) -> SQL:
        return SQL(
            """
            INSERT INTO key_account_complaint_step (
                complaint_id, partner_id, line_id, unit_id, manager_id, kind, date,
                user_id, state_from, state_to, to_unit_id, to_user_id, mark, reason,
                create_uid, create_date, write_uid, write_date
            )
            SELECT id, partner_id, line_id, unit_id, manager_id, %(kind)s, %(date)s,
                   %(uid)s, %(from)s, COALESCE(%(state)s, state), %(unit)s, %(user)s,
                   %(mark)s, %(reason)s,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM key_account_complaint WHERE id = ANY(%(ids)s)
            """,
            kind=kind,
            date=date,
            uid=self.env.uid,
            **{"from": SQL("NULL") if kind == "register" else SQL("state")},
            state=state,
            unit=columns.get("to_unit_id") or None,
            user=columns.get("to_user_id") or None,
            mark=columns.get("mark") or None,
            reason=columns.get("reason") or None,
            ids=complaints.ids,
        )

    @api.model
    def _follow(self, complaints):
        """The ledgers of complaints whose line changed go with them."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_complaint_step AS step
                   SET line_id = complaint.line_id, unit_id = complaint.unit_id,
                       manager_id = complaint.manager_id
                  FROM key_account_complaint AS complaint
                 WHERE complaint.id = step.complaint_id
                   AND complaint.id = ANY(%s)
                """,
                complaints.ids,
            )
        )
        self.invalidate_model(flush=False)
