# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

KINDS = [
    ("one_way", "Suspend One-Way"),
    ("two_way", "Suspend Two-Way"),
    ("removal", "Removal after Review"),
    ("resume", "Resume Service"),
]
STATES = [
    ("proposed", "To Approve"),
    ("approved", "To Export"),
    ("exported", "Waiting for the Branch"),
    ("confirmed", "In Effect"),
    ("refused", "Refused by the Branch"),
    ("lifted", "Lifted"),
    ("withdrawn", "Withdrawn"),
]
OPEN = ("proposed", "approved", "exported")
REASONS = [
    ("incomplete", "Bills of the branch are not complete"),
    ("stopped", "Dunning of the unit is stopped"),
    ("owner", "The number has another owner now"),
    ("closed", "The number is closed"),
    ("state", "The number is not in the state for it"),
    ("pending", "Another step of the number is under way"),
    ("exempt", "Never dun"),
    ("promise", "Promised to pay"),
    ("dispute", "All of it is disputed"),
    ("credit", "Covered by credits"),
    ("paid", "Paid"),
    ("small", "Below the smallest amount"),
    ("policy", "No policy is in force"),
    ("early", "No step reached yet"),
    ("done", "Step taken already"),
    ("declined", "Turned down"),
    ("by_hand", "Withdrawn by hand"),
    ("pointless", "Nothing to resume"),
]
ORDER = re.compile(r"S0*(\d{1,9})")


class KeyAccountSuspension(models.Model):
    """One step towards one number: it is suspended one-way or two-way, reviewed for
    removal, or resumed (ARR-05, ARR-10, ARR-12).

    The rows of a number are the history of its suspensions: each says who proposed it
    and why, who approved it, when it went to the branch and what the branch answered.
    Nobody writes them; the buttons and the payments do.
    """

    _name = "key.account.suspension"
    _description = "Suspension of a Number"
    _inherit = ["key.account.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"

    name = fields.Char(
        string="Order",
        compute="_compute_name",
        search="_search_name",
        help="By this number the branch answers.",
    )
    number_id = fields.Many2one(
        comodel_name="key.account.number",
        string="Service Number",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    number_state = fields.Selection(
        related="number_id.state", string="State of the Number"
    )
    kind = fields.Selection(
        selection=KINDS, string="Step", required=True, readonly=True, index=True
    )
    source = fields.Selection(
        selection=[
            ("policy", "Policy"),
            ("hand", "By Hand"),
            ("payment", "Payment"),
            ("reversal", "Payment Taken Back"),
        ],
        string="Proposed because of",
        default="hand",
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=STATES, default="proposed", required=True, readonly=True, index=True
    )
    end_reason = fields.Selection(selection=REASONS, string="Why", readonly=True)
    date = fields.Datetime(
        string="Proposed on",
        required=True,
        readonly=True,
        default=fields.Datetime.now,
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.dunning.run",
        string="Dunning Run",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    reason = fields.Text(string="Remarks", readonly=True)
    policy_id = fields.Many2one(
        comodel_name="key.account.dunning.policy",
        string="Policy",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency", readonly=True, ondelete="restrict"
    )
    amount = fields.Monetary(
        string="Owed",
        readonly=True,
        help="Overdue of the number when it was proposed, without what was disputed, "
        "promised or covered by credits.",
    )
    date_oldest = fields.Date(string="Oldest Due Date", readonly=True)
    days_overdue = fields.Integer(readonly=True, aggregator="max")
    is_protected = fields.Boolean(
        string="Needs a Review",
        readonly=True,
        help="The policy protects customers of this kind and grade: a company manager "
        "looks at the case first.",
    )
    review = fields.Text(string="Result of the Review", readonly=True)
    reviewer_id = fields.Many2one(
        comodel_name="res.users",
        string="Reviewed by",
        readonly=True,
        ondelete="restrict",
    )
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        ondelete="restrict",
    )
    date_approved = fields.Datetime(string="Approved on", readonly=True)
    date_exported = fields.Datetime(string="Sent to the Branch on", readonly=True)
    date_answered = fields.Datetime(string="Answered on", readonly=True)
    answer = fields.Char(string="Answer of the Branch", readonly=True)
    date_done = fields.Datetime(
        string="Done on", readonly=True, help="When the branch did it, as it says."
    )
    date_ended = fields.Datetime(string="Ended on", readonly=True)
    ended_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Ended by",
        readonly=True,
        ondelete="restrict",
    )
    lift_id = fields.Many2one(
        comodel_name="key.account.suspension",
        string="Lifted by",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The order that resumes the service this step took away.",
    )
    lift_state = fields.Selection(related="lift_id.state", string="State of Lifting")
    previous_id = fields.Many2one(
        comodel_name="key.account.suspension",
        string="Anew after",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
        help="The step that a payment ended which was taken back.",
    )
    hours = fields.Float(
        string="Hours to Resume",
        readonly=True,
        aggregator="avg",
        help="From the payment to the moment when the branch had resumed the service.",
    )
    can_approve = fields.Boolean(compute="_compute_rights")
    can_review = fields.Boolean(compute="_compute_rights")
    can_withdraw = fields.Boolean(compute="_compute_rights")
    can_answer = fields.Boolean(compute="_compute_rights")

    _open_uniq = models.UniqueIndex(
        "(number_id, (kind = 'resume')) "
        "WHERE state IN ('proposed', 'approved', 'exported')",
        "A step of this number is under way already.",
    )
    _active_idx = models.Index(
        "(partner_id) WHERE kind <> 'resume' AND lift_id IS NULL "
        "AND state IN ('proposed', 'approved', 'exported', 'confirmed')"
    )

    @api.depends("create_date")
    def _compute_name(self):
        for step in self:
            step.name = f"S{step._origin.id:010}" if step._origin.id else False

    def _search_name(self, operator, value):
        """By the order, or by the number it is about."""
        if operator in ("=", "in"):
            texts = [value] if isinstance(value, str) else list(value)
            found = [ORDER.fullmatch(text or "") for text in texts]
            return Domain("id", "in", [int(match[1]) for match in found if match])
        if operator != "ilike":
            return NotImplemented
        match = ORDER.fullmatch(value)
        by_number = Domain("number_id.name", "ilike", value)
        return by_number | Domain("id", "=", int(match[1])) if match else by_number

    @api.depends("state", "kind", "user_id", "is_protected", "reviewer_id")
    @api.depends_context("uid")
    def _compute_rights(self):
        user = self.env.user
        for step in self:
            step.can_review = not step._get_review_error(user)
            step.can_approve = not step._get_approval_error(user)
            step.can_withdraw = not step._get_withdrawal_error(user)
            step.can_answer = not step._get_answer_error(user)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Suspensions are a log: withdraw one instead."))
