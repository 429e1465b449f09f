# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("draft", "Draft"),
    ("proposed", "Proposed"),
    ("approved", "Approved"),
    ("withdrawn", "Withdrawn"),
]
PHASES = [
    ("draft", "Draft"),
    ("proposed", "Waiting for Approval"),
    ("planned", "Planned"),
    ("in_force", "In Force"),
    ("superseded", "Superseded"),
    ("withdrawn", "Withdrawn"),
]
# Written by the buttons only, whoever asks.
DECISION_FIELDS = {
    "approver_id",
    "author_id",
    "date_approved",
    "date_proposed",
    "refusal",
    "state",
    "version",
}


def get_phase(state, date_from, date_to, today):
    """What a version is on a day; both its ends are included.

    >>> from datetime import date
    >>> first, last = date(2026, 2, 1), date(2026, 2, 28)
    >>> [get_phase("approved", first, last, date(2026, *day))
    ...  for day in ((1, 31), (2, 1), (2, 28), (3, 1))]
    ['planned', 'in_force', 'in_force', 'superseded']
    >>> get_phase("draft", first, None, first)
    'draft'
    """
    if state != "approved":
        return state
    if date_from and date_from > today:
        return "planned"
    if date_to and date_to < today:
        return "superseded"
    return "in_force"


class KeyAccountRuleMixin(models.AbstractModel):
    """One record is one version of one rule (RULE-01 to RULE-04).

    A version is drafted, proposed, approved by another person, and in force between
    two days, these included. Approved it never changes: a change is a new version,
    which ends the one before. Without a unit it holds for everybody; with one, instead
    of the central version for this unit and those below, within the limits that the
    central version sets.

    ``readme/DEVELOP.md`` says how a rule model is made.
    """

    _name = "key.account.rule.mixin"
    _description = "Versioned Rule"
    _order = "date_from desc, id desc"
    # Fields that say together which rule this is a version of; none: one rule in all.
    _rule_key = ()
    # One2many content: the fields that identify a row within its version.
    _rule_children = {}
    # What may still be said about an approved version.
    _rule_open_fields = ("note", "date_to")

    name = fields.Char(required=True, translate=True)
    note = fields.Text(string="Remarks")
    version = fields.Integer(
        readonly=True,
        copy=False,
        aggregator=None,
        help="Counted per rule and unit, given on approval.",
    )
    state = fields.Selection(
        selection=STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    phase = fields.Selection(
        selection=PHASES,
        compute="_compute_phase",
        search="_search_phase",
        help="What the version is today.",
    )
    date_from = fields.Date(
        string="In Force from",
        required=True,
        default=lambda self: fields.Date.add(fields.Date.context_today(self), days=1),
        help="The first day of the version.",
    )
    date_to = fields.Date(
        string="In Force until",
        copy=False,
        help="The last day of the version. Empty: until a newer one.",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        index="btree_not_null",
        ondelete="restrict",
        help="Empty: for everybody. Otherwise instead of the central version, for this "
        "unit and those below it.",
    )
    author_id = fields.Many2one(
        comodel_name="res.users",
        string="Proposed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_proposed = fields.Datetime(string="Proposed on", readonly=True, copy=False)
    approver_id = fields.Many2one(
        comodel_name="res.users",
        string="Approved by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    date_approved = fields.Datetime(string="Approved on", readonly=True, copy=False)
    refusal = fields.Text(
        string="Refused because",
        readonly=True,
        copy=False,
        help="Why the proposal came back as a draft.",
    )
    problems = fields.Text(
        compute="_compute_problems",
        help="What forbids to propose and to approve the version.",
    )

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "A rule ends after it begins: correct its dates.",
    )

    @api.depends("name", "version", "state", "unit_id")
    @api.depends_context("lang")
    def _compute_display_name(self):
        states = dict(self._fields["state"]._description_selection(self.env))
        for rule in self:
            parts = [rule.name or "", rule.unit_id.name or ""]
            name = ", ".join(part for part in parts if part)
            if rule.state == "approved":
                rule.display_name = f"{name} (v{rule.version})"
            else:
                rule.display_name = f"{name} ({states.get(rule.state)})"

    @api.depends("state", "date_from", "date_to")
    @api.depends_context("tz")
    def _compute_phase(self):
        today = fields.Date.context_today(self)
        for rule in self:
            rule.phase = get_phase(rule.state, rule.date_from, rule.date_to, today)

    def _search_phase(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        return fields.Domain.OR(self._get_phase_domain(phase, today) for phase in value)

    @api.model
    def _get_phase_domain(self, phase, today):
        """Versions that are in a phase on a day; the same as ``get_phase``."""
        approved = fields.Domain("state", "=", "approved")
        if phase == "planned":
            return approved & fields.Domain("date_from", ">", today)
        if phase == "superseded":
            return approved & fields.Domain("date_to", "<", today)
        if phase == "in_force":
            return approved & self._get_day_domain(today)
        return fields.Domain("state", "=", phase)

    @api.depends(lambda self: self._get_problem_depends())
    @api.depends_context("lang")
    def _compute_problems(self):
        for rule in self:
            is_open = rule.state in ("draft", "proposed")
            found = rule._get_all_problems() if is_open else []
            rule.problems = "\n".join(found) or False

    @api.model
    def _get_problem_depends(self):
        """Everything that is content, and that of the rows."""
        names = ["state", "date_from", "date_to", "unit_id"]
        names += self._get_content_fields()
        for child in self._rule_children:
            comodel = self.env[self._fields[child].comodel_name]
            names += [f"{child}.{name}" for name in comodel._get_content_fields()]
        return names

    @api.model
    def _get_content_fields(self):
        """Names of the fields that make the rule: what a version says."""
        meta = {"id", "note", "date_from", "date_to", "unit_id", "limit_ids"}
        meta |= DECISION_FIELDS | set(models.MAGIC_COLUMNS)
        return [
            name
            for name, field in self._fields.items()
            if name not in meta
            and field.store
            and not field.related
            and (not field.compute or not field.readonly)
            and (field.type != "one2many" or name in self._rule_children)
        ]

    def _get_all_problems(self):
        self.ensure_one()
        return [
            *self._get_date_problems(),
            *self._get_limit_problems(),
            *self._rule_problems(),
        ]

    def _rule_problems(self):
        """What is wrong with the content of a version, as translated sentences that say
        what to do. Hook: add to ``super()``. Records may be unsaved ones."""
        return []

    def _get_last_decision_date(self):
        """The date of the last decision that rests on these versions, or None. Hook."""
        return None

    @api.ondelete(at_uninstall=False)
    def _unlink_except_decided(self):
        for rule in self:
            if rule.state in ("approved", "proposed"):
                raise UserError(
                    self.env._(
                        "%(rule)s is approved or waits for approval, so it stays: end "
                        "or withdraw it instead.",
                        rule=rule.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [
            self._name_limits(
                {k: v for k, v in vals.items() if k not in DECISION_FIELDS}
            )
            for vals in vals_list
        ]
        return super().create(vals_list)

    def write(self, vals):
        self._check_write(vals)
        result = super().write(self._name_limits(vals))
        if "unit_id" in vals:
            # The version may have gone to a unit that is not the writer's to rule.
            self.check_access("write")
        if "date_to" in vals:
            self._check_ends()
        return result

    def _update_field_translations(
        self, field_name, translations, digest=None, source_lang=""
    ):
        self._check_write({field_name: None})
        return super()._update_field_translations(
            field_name, translations, digest, source_lang
        )

    def unlink(self):
        self.limit_ids.unlink()
        return super().unlink()

    def _write_decision(self, vals):
        """Past the guards of ``write``: what the buttons decide."""
        return super().write(vals)

    def _check_write(self, vals):
        if DECISION_FIELDS & vals.keys():
            raise UserError(
                self.env._("A rule is proposed, approved and withdrawn by its buttons.")
            )
        for rule in self:
            is_open = rule.state == "approved" and vals.keys() <= set(
                rule._rule_open_fields
            )
            if not is_open:
                rule._check_is_draft()
            elif "date_to" in vals:
                rule._check_may_decide()

    def _check_is_draft(self):
        """Content changes in drafts only, for whoever asks."""
        for rule in self:
            if rule.state == "proposed":
                raise UserError(
                    self.env._(
                        "%(rule)s waits for approval: take it back to draft before you "
                        "change it.",
                        rule=rule.display_name,
                    )
                )
            if rule.state != "draft":
                raise UserError(
                    self.env._(
                        "%(rule)s was decided on and no longer changes: make a new "
                        "version and change that.",
                        rule=rule.display_name,
                    )
                )

    @api.model
    def _name_limits(self, vals):
        """Limits are rows of any rule model: say which one they are created for."""
        if not vals.get("limit_ids"):
            return vals
        commands = [
            (0, 0, {**command[2], "res_model": self._name})
            if command[0] == fields.Command.CREATE
            else command
            for command in vals["limit_ids"]
        ]
        return {**vals, "limit_ids": commands}
