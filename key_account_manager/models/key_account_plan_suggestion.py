# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

STATES = [
    ("open", "To Answer"),
    ("accepted", "Accepted"),
    ("declined", "Declined"),
    ("withdrawn", "Withdrawn"),
]
STEP_FIELDS = {
    "state",
    "author_id",
    "answer",
    "answered_by_id",
    "date_answered",
    "target_before",
}


class KeyAccountPlanSuggestion(models.Model):
    """What somebody suggests to the superior about a plan set from above (PLAN-04,
    TASK-05): talked over below it, then answered, with what became of it."""

    _name = "key.account.plan.suggestion"
    _description = "Suggestion on a Plan"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _rec_name = "subject"

    plan_id = fields.Many2one(
        comodel_name="key.account.plan", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="plan_id.unit_id", store=True, index=True)
    manager_id = fields.Many2one(
        related="plan_id.manager_id", store=True, index="btree_not_null"
    )
    subject = fields.Char(required=True)
    body = fields.Text(string="Suggestion", required=True)
    target_id = fields.Many2one(
        comodel_name="key.account.plan.target",
        string="About the Target",
        domain="[('plan_id', '=', plan_id)]",
        ondelete="set null",
        index="btree_not_null",
    )
    target_proposed = fields.Float(
        string="Proposed Target",
        digits=(16, 2),
        aggregator=None,
        help="Taken over where the suggestion is accepted.",
    )
    is_target_proposed = fields.Boolean(string="Propose Another Target")
    target_before = fields.Float(
        string="Target before", digits=(16, 2), readonly=True, aggregator=None
    )
    state = fields.Selection(
        selection=STATES,
        string="Outcome",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Suggested by",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    answer = fields.Text(readonly=True, copy=False)
    answered_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Answered by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_answered = fields.Datetime(string="Answered on", readonly=True, copy=False)
    can_answer = fields.Boolean(compute="_compute_can_answer")

    @api.depends("state", "author_id", "plan_id")
    @api.depends_context("uid")
    def _compute_can_answer(self):
        for suggestion in self:
            suggestion.can_answer = (
                suggestion.state == "open"
                and suggestion.author_id != self.env.user
                and suggestion.plan_id._is_superior()
            )

    @api.constrains("target_id", "plan_id")
    def _check_target_id(self):
        for suggestion in self:
            target = suggestion.target_id
            if target and target.plan_id != suggestion.plan_id:
                raise UserError(
                    self.env._(
                        "The target belongs to another plan: choose one of this."
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_answered(self):
        if not self.env.su and any(
            one.state != "open" or one.author_id != self.env.user for one in self
        ):
            raise UserError(
                self.env._("Only who made a suggestion deletes it, until the answer.")
            )

    @api.model_create_multi
    def create(self, vals_list):
        left_out = {"unit_id", "manager_id"} | (set() if self.env.su else STEP_FIELDS)
        vals_list = [{n: vals[n] for n in vals.keys() - left_out} for vals in vals_list]
        suggestions = super().create(vals_list)
        if not self.env.su:
            suggestions._check_open_plan()
            suggestions._ask_superior()
        return suggestions

    def write(self, vals):
        vals = {n: vals[n] for n in vals.keys() - {"unit_id", "manager_id"}}
        if not self.env.su:
            if STEP_FIELDS & vals.keys():
                raise AccessError(
                    self.env._("A suggestion is answered by its buttons.")
                )
            content = {"subject", "body", "target_id", "target_proposed", "plan_id"}
            if content & vals.keys() and any(
                one.state != "open" or one.author_id != self.env.user for one in self
            ):
                raise UserError(
                    self.env._(
                        "Only who made a suggestion changes it, until the answer."
                    )
                )
        return super().write(vals)

    def _check_open_plan(self):
        self.plan_id.check_access("read")
        if any(one.plan_id.state in ("due", "archived") for one in self):
            raise UserError(
                self.env._("The plan is over: suggest it for the next one.")
            )

    def _ask_superior(self):
        for suggestion in self:
            plan = suggestion.plan_id
            # sudo: who answers for a unit is no secret.
            unit = plan.unit_id if plan.manager_id else plan.sudo().unit_id.parent_id
            superior = (unit or plan.unit_id).sudo()._get_decider(but=self.env.user)
            if superior:
                # sudo: the superior is asked, whatever the author may read of him.
                suggestion.sudo().activity_schedule(
                    "mail.mail_activity_data_todo",
                    summary=suggestion.with_context(lang=superior.lang).env._(
                        "Answer the suggestion"
                    ),
                    user_id=superior.id,
                )

    def action_withdraw(self):
        if any(one.author_id != self.env.user or one.state != "open" for one in self):
            raise UserError(
                self.env._("Only who made a suggestion withdraws it, until the answer.")
            )
        self._close("withdrawn")

    def _respond(self, state, answer):
        """Accepted or declined by the superior, with an answer."""
        self.check_access("read")
        # sudo: two superiors at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        for suggestion in self:
            if not suggestion.can_answer:
                raise AccessError(
                    self.env._(
                        "Open suggestions are answered by another person, of those who "
                        "answer for the level above."
                    )
                )
        if not (answer or "").strip():
            raise UserError(
                self.env._("Write an answer, so that it can be understood.")
            )
        if state == "accepted":
            self._take_over()
        self._close(
            state,
            answer=answer,
            answered_by_id=self.env.uid,
            date_answered=fields.Datetime.now(),
        )

    def _take_over(self):
        """The proposed targets hold, also in a plan that runs (PLAN-02)."""
        for suggestion in self.filtered("is_target_proposed"):
            # sudo: who may answer was checked; a plan that runs is else not written.
            target = suggestion.sudo().target_id
            if not target or target.plan_id.state in ("due", "archived"):
                continue
            suggestion.sudo().target_before = target.target
            target.write({"target": suggestion.target_proposed, "is_adjusted": True})

    def _close(self, state, **vals):
        # sudo: outcomes are nobody's to write by hand; who may was checked.
        self.sudo().write({"state": state, **vals})
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])
