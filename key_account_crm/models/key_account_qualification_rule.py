# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from ..life_cycle import get_verdict

TOTAL = 100
# What may still be said about a confirmed version: what it is called, when it ends.
OPEN_FIELDS = {"name", "note", "date_to"}


class KeyAccountQualificationRule(models.Model):
    """One version of how potential customers are scored (GRD-01, RULE-04, domain 2.3).

    A version is a draft until it is confirmed; from then on it is what decisions rest
    on and no longer changes. A change is a new version, which ends the one before.
    """

    _name = "key.account.qualification.rule"
    _description = "Qualification Rule"
    _order = "date_from desc, id desc"

    name = fields.Char(required=True, translate=True)
    state = fields.Selection(
        selection=[("draft", "Draft"), ("confirmed", "Confirmed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
    )
    date_from = fields.Date(
        string="In Force from", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="In Force until", copy=False, help="Empty: until a newer version."
    )
    threshold_qualify = fields.Float(
        string="Qualified from", default=60, required=True, digits=(5, 2)
    )
    threshold_nurture = fields.Float(
        string="Nurtured from",
        default=40,
        required=True,
        digits=(5, 2),
        help="Scores below are rejected, with a reason.",
    )
    assign_days = fields.Integer(
        string="Assign within",
        default=3,
        help="Working days in which a qualified customer gets an account manager.",
    )
    nurture_months = fields.Integer(
        string="Review after",
        default=3,
        help="Months after which a nurtured customer is looked at again.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        compute="_compute_currency_id",
        help="Amounts of a rule are in the currency of the reader's company.",
    )
    note = fields.Text(string="Remarks")
    component_ids = fields.One2many(
        comodel_name="key.account.qualification.component",
        inverse_name="rule_id",
        string="Components",
        copy=True,
    )
    weight_total = fields.Integer(compute="_compute_weight_total")

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)",
        "A rule ends after it begins: correct its dates.",
    )
    _thresholds_order = models.Constraint(
        "CHECK (0 < threshold_nurture AND threshold_nurture <= threshold_qualify "
        "AND threshold_qualify <= 100)",
        "Thresholds lie between 0 and 100, that of nurturing below that of qualifying.",
    )
    _delays_positive = models.Constraint(
        "CHECK (assign_days >= 0 AND nurture_months >= 0)",
        "Days and months are counted from the decision on: none can be negative.",
    )

    @api.depends_context("company")
    def _compute_currency_id(self):
        self.currency_id = self.env.company.currency_id

    @api.depends("component_ids.weight")
    def _compute_weight_total(self):
        for rule in self:
            rule.weight_total = sum(rule.component_ids.mapped("weight"))

    @api.constrains("state", "component_ids")
    def _check_weights(self):
        for rule in self.filtered(lambda rule: rule.state == "confirmed"):
            if rule.weight_total != TOTAL:
                raise ValidationError(
                    self.env._(
                        "The weights of %(rule)s add up to %(total)s instead of 100: "
                        "change them before you confirm.",
                        rule=rule.name,
                        total=rule.weight_total,
                    )
                )

    @api.constrains("state", "date_from", "date_to")
    def _check_overlap(self):
        for rule in self.filtered(lambda rule: rule.state == "confirmed"):
            other = self.search(rule._get_overlap_domain(), limit=1)
            if other:
                raise ValidationError(
                    self.env._(
                        "%(rule)s would be in force at the same time as %(other)s "
                        "(%(date_from)s to %(date_to)s): let one end before the other "
                        "begins.",
                        rule=rule.name,
                        other=other.name,
                        date_from=other.date_from,
                        date_to=other.date_to or self.env._("further notice"),
                    )
                )

    def _get_overlap_domain(self):
        """Confirmed rules that share a day with this one."""
        domain = (
            Domain("id", "!=", self.id)
            & Domain("state", "=", "confirmed")
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", self.date_from))
        )
        if self.date_to:
            domain &= Domain("date_from", "<=", self.date_to)
        return domain

    @api.ondelete(at_uninstall=False)
    def _unlink_except_confirmed(self):
        if any(rule.state == "confirmed" for rule in self):
            raise UserError(
                self.env._(
                    "Decisions rest on a confirmed rule: give it an end instead."
                )
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        return [
            {**vals, "name": self.env._("%(rule)s (new version)", rule=rule.name)}
            for rule, vals in zip(self, vals_list, strict=True)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals["state"] = "draft"
        return super().create(vals_list)

    def write(self, vals):
        changed = vals.keys() - OPEN_FIELDS
        if changed and any(rule.state == "confirmed" for rule in self):
            raise UserError(
                self.env._(
                    "Decisions rest on a confirmed rule: make a new version and change "
                    "that."
                )
            )
        if "state" in vals:
            raise UserError(self.env._("A rule is confirmed with its button."))
        if "date_to" in vals:
            self._check_date_to_is_free(fields.Date.to_date(vals["date_to"]))
        return super().write(vals)

    def _check_date_to_is_free(self, date_to):
        """A rule cannot end before a decision that was made by it."""
        # sudo: decisions of every unit count; only their date is used.
        files = self.env["key.account.potential"].sudo()
        last = files.search(
            [("rule_id", "in", self.ids), ("date_confirmed", "!=", False)],
            order="date_confirmed desc",
            limit=1,
        )
        if date_to and last and last.date_confirmed > date_to:
            raise UserError(
                self.env._(
                    "A decision of %(date)s rests on %(rule)s: let it end on that day "
                    "or later.",
                    date=last.date_confirmed,
                    rule=last.rule_id.name,
                )
            )

    def action_confirm(self):
        """Put drafts in force; each ends the open version before it (RULE-04)."""
        if not (
            self.env.su
            or self.env.user.has_group("key_account_crm.group_key_account_centre")
        ):
            raise AccessError(
                self.env._("Rules are put in force by the centre: ask it to confirm.")
            )
        for rule in self.filtered(lambda rule: rule.state == "draft"):
            previous = self.search(
                [
                    ("state", "=", "confirmed"),
                    ("date_to", "=", False),
                    ("date_from", "<", rule.date_from),
                ]
            )
            previous.write({"date_to": fields.Date.subtract(rule.date_from, days=1)})
            super(KeyAccountQualificationRule, rule).write({"state": "confirmed"})

    def action_new_version(self):
        """Open a draft with the same components, to change and confirm."""
        self.ensure_one()
        today = fields.Date.context_today(self)
        version = self.copy({"date_from": fields.Date.add(today, days=1)})
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": version.id,
            "view_mode": "form",
        }

    @api.model
    def _get_in_force(self, day):
        """The confirmed version of that day, or none."""
        return self.search(
            [
                ("state", "=", "confirmed"),
                ("date_from", "<=", day),
                "|",
                ("date_to", "=", False),
                ("date_to", ">=", day),
            ],
            limit=1,
        )

    def _score(self, potential, day):
        """Measure a potential file: (score, list of what each component gave).

        A part says which component it is, its points, and the facts they rest on, so
        that the reason can be put into the words of whoever reads it.
        """
        parts = [component._measure(potential, day) for component in self.component_ids]
        return round(sum(part["points"] for part in parts), 2), parts

    def _get_verdict(self, score):
        return get_verdict(score, self.threshold_qualify, self.threshold_nurture)
