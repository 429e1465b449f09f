# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .key_account_grade_criterion import METHODS
from .res_partner import KINDS

STATES = [
    ("proposed", "To Confirm"),
    ("applied", "Applied"),
    ("refused", "Refused"),
    ("withdrawn", "Withdrawn"),
]
TRIGGERS = [
    ("run", "Run"),
    ("recheck", "Yearly Re-check"),
    ("manual", "By Hand"),
    ("correction", "Correction"),
    ("merge", "Merge of Files"),
    ("churn", "Customer Left"),
]
CAUSES = [
    *METHODS,
    ("arrears", "Arrears"),
    ("lapse", "No Criterion Met"),
    ("decision", "Decision of a Person"),
    ("churn", "Customer Left"),
]


class KeyAccountGradeMove(models.Model):
    """A customer's step from a grade to another: why, on which figures, whose (GRD-16).

    A ledger: what was applied stays, a wrong move is answered by another one. A
    proposal is decided by another person than the one who made it (GRD-08).
    """

    _name = "key.account.grade.move"
    _description = "Grade Move"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"

    kind = fields.Selection(selection=KINDS, string="Customer Kind", readonly=True)
    grade_from_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="From",
        readonly=True,
        ondelete="restrict",
    )
    grade_to_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="To",
        readonly=True,
        ondelete="restrict",
    )
    direction = fields.Selection(
        selection=[
            ("new", "First Grade"),
            ("up", "Up"),
            ("down", "Down"),
            ("same", "Kept"),
            ("left", "Left"),
        ],
        required=True,
        readonly=True,
    )
    state = fields.Selection(
        selection=STATES, default="proposed", required=True, readonly=True, index=True
    )
    trigger = fields.Selection(
        selection=TRIGGERS, default="manual", required=True, readonly=True
    )
    cause = fields.Selection(
        selection=CAUSES,
        default="decision",
        required=True,
        readonly=True,
        help="What led to the grade, or away from the former one.",
    )
    criterion = fields.Char(
        readonly=True, help="Code of the criterion of the rule that decided."
    )
    rule_id = fields.Many2one(
        comodel_name="key.account.grade.rule",
        string="Rule",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.grade.run",
        string="Run",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    # What other companies' lines brought is in there: the reader is told in words.
    figures = fields.Json(readonly=True, groups=fields.NO_ACCESS)
    streak = fields.Integer(string="Months in a Row", readonly=True, aggregator="avg")
    date = fields.Date(
        required=True,
        readonly=True,
        index=True,
        default=fields.Date.context_today,
        help="As of which the move was decided, or proposed.",
    )
    date_effective = fields.Date(string="Effective on", readonly=True)
    date_expiry = fields.Date(
        string="Valid until", readonly=True, help="End of the membership."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    reason = fields.Text(readonly=True)
    floor_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="Not below",
        readonly=True,
        ondelete="restrict",
    )
    floor_until = fields.Date(string="Protected until", readonly=True)
    decided_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        readonly=True,
        ondelete="restrict",
    )
    date_decided = fields.Datetime(string="Decided on", readonly=True)
    refusal = fields.Text(string="Why not", readonly=True)
    explanation = fields.Text(compute="_compute_explanation")
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_withdraw = fields.Boolean(compute="_compute_can_decide")

    _waiting_uniq = models.UniqueIndex(
        "(partner_id) WHERE state = 'proposed'",
        "Another change of this customer's grade waits for a decision: decide or "
        "withdraw it first.",
    )

    @api.depends("grade_from_id", "grade_to_id", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for move in self:
            names = [
                grade.name or "–" for grade in (move.grade_from_id, move.grade_to_id)
            ]
            day = format_date(self.env, move.date)
            move.display_name = f"{' → '.join(names)} ({day})"

    @api.depends_context("uid", "lang")
    @api.depends("criterion", "rule_id", "streak", "state")
    def _compute_explanation(self):
        reader = self.env["res.partner"]._key_account_get_fully_read(self.partner_id)
        for move in self:
            # sudo: the figures are shown to whoever may read all facts behind them.
            figures = move.sudo().figures or {}
            move.explanation = move.rule_id._explain_move(
                move, figures, move.partner_id in reader
            )

    @api.depends("state", "user_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        waiting = self.filtered(lambda move: move.state == "proposed")
        decidable = waiting._filter_decidable()
        for move in self:
            move.can_withdraw = move in waiting and move.user_id == self.env.user
            move.can_decide = move in decidable

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Moves of a grade stay: answer a wrong one with another one.")
        )

    def write(self, vals):
        self.check_access("write")
        if any(move.state != "proposed" for move in self):
            raise UserError(
                self.env._(
                    "The move is decided and stays as it is: change the grade again."
                )
            )
        return super().write(vals)

    def action_confirm(self):
        """Apply proposals; those whose customer moved on meanwhile are void."""
        overtaken = self._confirm()
        if not overtaken:
            return True
        message = self.env._(
            "The grade of %(customers)s changed after the proposal was made: it is "
            "void.",
            customers=", ".join(overtaken.partner_id.mapped("display_name")[:10]),
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning",
                "sticky": True,
                "message": message,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_withdraw(self):
        self._withdraw()

    def action_view_customer(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [
                (
                    self.env.ref(
                        "key_account_crm.res_partner_view_form_key_account"
                    ).id,
                    "form",
                )
            ],
        }
