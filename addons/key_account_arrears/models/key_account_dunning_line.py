# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .key_account_dunning_step import CHANNELS

STATES = [
    ("ready", "To Send"),
    ("queued", "Waiting"),
    ("sent", "Done"),
    ("failed", "Failed"),
    ("left_out", "Left Out"),
]
REASONS = [
    ("incomplete", "Bills of the branch are not complete"),
    ("stopped", "Dunning of the unit is stopped"),
    ("policy", "No policy is in force"),
    ("exempt", "Never dun"),
    ("promise", "Promised to pay"),
    ("dispute", "All of it is disputed"),
    ("credit", "Covered by credits"),
    ("small", "Below the smallest amount"),
    ("early", "No step reached yet"),
    ("done", "Step taken already"),
    ("address", "No address"),
    ("changed", "Paid or changed since the preview"),
    ("merged", "The file was merged into another one"),
    ("cancelled", "Run cancelled"),
]


class KeyAccountDunningLine(models.Model):
    """One customer in a run: the step that is due with its text, or why he is left out
    (ARR-04).

    The record of what was sent to whom, when, by which policy and what became of it;
    nobody writes it.
    """

    _name = "key.account.dunning.line"
    _description = "Dunning of a Customer"
    _inherit = ["key.account.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    run_id = fields.Many2one(
        comodel_name="key.account.dunning.run",
        string="Run",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    date = fields.Date(readonly=True, index=True)
    policy_id = fields.Many2one(
        comodel_name="key.account.dunning.policy",
        string="Policy",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    step_id = fields.Many2one(
        comodel_name="key.account.dunning.step",
        string="Step",
        readonly=True,
        ondelete="restrict",
    )
    days = fields.Integer(string="Step of Day", readonly=True, aggregator=None)
    step_channel = fields.Char(readonly=True, help="The way the step begins with.")
    channel = fields.Selection(selection=CHANNELS, string="By", readonly=True)
    contact_id = fields.Many2one(
        comodel_name="res.partner",
        string="To",
        readonly=True,
        ondelete="restrict",
    )
    address = fields.Char(readonly=True)
    currency_id = fields.Many2one(
        comodel_name="res.currency", readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(
        string="Dunned",
        readonly=True,
        help="Overdue, without what is disputed, promised or covered by credits.",
    )
    amount_overdue = fields.Monetary(string="Overdue", readonly=True)
    date_oldest = fields.Date(string="Oldest Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    bill_count = fields.Integer(string="Bills", readonly=True)
    state = fields.Selection(
        selection=STATES, default="ready", required=True, readonly=True, index=True
    )
    reason = fields.Selection(selection=REASONS, string="Why", readonly=True)
    subject = fields.Char(readonly=True)
    body = fields.Text(string="Text", readonly=True)
    date_sent = fields.Datetime(string="Done on", readonly=True)
    is_fallback = fields.Boolean(
        string="Other Way Taken", readonly=True, help="The first one failed."
    )
    former_code = fields.Char(
        string="Former Customer Code",
        readonly=True,
        help="Of the file this was about, which was merged into the customer's since.",
    )
    failure = fields.Char(readonly=True, help="What the way that failed reported.")
    notification_id = fields.Many2one(
        comodel_name="mail.notification",
        string="Notification",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    delivery = fields.Selection(
        selection=[
            ("waiting", "Handed Over"),
            ("delivered", "Sent"),
            ("failed", "Failed"),
        ],
        compute="_compute_delivery",
        compute_sudo=True,
        help="What the mail server or the SMS gateway says.",
    )

    _once = models.UniqueIndex(
        "(partner_id, unit_id, currency_id, date_oldest, days, step_channel) "
        "WHERE state IN ('queued', 'sent', 'failed') AND former_code IS NULL",
        "The step was taken towards this customer already.",
    )
    _queue_idx = models.Index("(id) WHERE state = 'queued'")

    @api.depends("notification_id.notification_status")
    def _compute_delivery(self):
        known = {"sent": "delivered", "exception": "failed", "bounce": "failed"}
        known["canceled"] = "failed"
        for line in self:
            status = line.notification_id.notification_status
            line.delivery = known.get(status, "waiting") if status else False

    def _leave_out(self, reason):
        self.write({"state": "left_out", "reason": reason})

    def action_print_letter(self):
        self.check_access("read")
        return self.env.ref(
            "key_account_arrears.key_account_dunning_letter_report"
        ).report_action(self)
