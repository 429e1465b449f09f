# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError

from .key_account_qualification_component import LEVELS
from .key_account_state_move import LIVE_STATES
from .res_partner_duplicate import EXACT

STAGES = [
    ("lead", "Lead"),
    ("verifying", "Verifying"),
    ("qualified", "Qualified"),
    ("developing", "Developing"),
    ("converted", "Converted"),
    ("lost", "Lost"),
    ("dormant", "Dormant"),
]
RESULTS = [
    ("qualified", "Qualified"),
    ("nurture", "Nurture"),
    ("rejected", "Rejected"),
]
CLOSED_STAGES = ("converted", "lost")
FIRST_STAGES = ("lead", "verifying", "dormant")
# Stages of a customer in the state Qualified, and of one still Potential.
QUALIFIED_STAGES = ("qualified", "developing")
POTENTIAL_STAGES = ("lead", "verifying")
# Written by decisions and conversions, never by hand.
DECISION_FIELDS = {
    "confirmed_by_id",
    "date_closed",
    "date_confirmed",
    "move_id",
    "parts",
    "result",
    "rule_id",
    "score_decided",
}


class KeyAccountPotential(models.Model):
    """A potential file: what we know of a customer to be, and whether it qualifies.

    One open file per customer (FILE-04, GRD-01, domain 1.2.4 and 2.3). The score is
    measured by the qualification rule in force today until somebody decides; the
    decision keeps score, rule, parts and date as they were that day. A qualifying
    decision moves the customer to Qualified, the conversion to Active; the file stays.
    """

    _name = "key.account.potential"
    _description = "Potential File"
    _inherit = ["key.account.fact.mixin", "mail.thread", "mail.activity.mixin"]
    _order = "date_next_action, id desc"
    _rec_name = "partner_id"

    line_id = fields.Many2one(string="Expected Line")
    kind = fields.Selection(related="partner_id.key_account_kind")
    industry_id = fields.Many2one(related="partner_id.industry_id")
    channel_id = fields.Many2one(related="partner_id.key_account_channel_id")
    state = fields.Selection(
        related="partner_id.key_account_state", string="Life-Cycle State"
    )
    stage = fields.Selection(
        selection=STAGES,
        default="lead",
        required=True,
        index=True,
        tracking=True,
        copy=False,
        group_expand=True,
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        default=lambda self: self.env.company.currency_id,
        ondelete="restrict",
    )
    revenue_month = fields.Monetary(string="Expected Monthly Spend", tracking=True)
    revenue_year = fields.Monetary(
        string="Expected Yearly Spend", compute="_compute_revenue_year", store=True
    )
    probability = fields.Integer(tracking=True, aggregator="avg", help="0 to 100.")
    supplier_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Current Supplier",
        domain=[("category", "=", "competitor")],
        ondelete="restrict",
    )
    date_supplier_end = fields.Date(
        string="Supplier's Contract Ends",
        help="Points when it ends soon: the customer is about to choose.",
    )
    decision_maker_id = fields.Many2one(
        comodel_name="res.partner",
        string="Decision Maker",
        domain="[('parent_id', '=', partner_id)]",
        index="btree_not_null",
        ondelete="restrict",
    )
    next_action = fields.Char()
    date_next_action = fields.Date(string="Next Action on")
    growth = fields.Selection(
        selection=LEVELS["growth"], help="Growth of the unit and of its trade."
    )
    reachability = fields.Selection(
        selection=LEVELS["reachability"],
        string="Decision Maker Is",
        help="How well we reach who decides.",
    )
    need_clarity = fields.Selection(selection=LEVELS["need_clarity"], string="Needs")
    credit = fields.Selection(selection=LEVELS["credit"])
    note = fields.Text(string="Remarks")
    score = fields.Float(
        string="Score Today",
        compute="_compute_score",
        digits=(5, 2),
        aggregator=None,
        help="0 to 100, by the qualification rule in force today.",
    )
    score_html = fields.Html(
        string="Score in Parts", compute="_compute_score", sanitize=False
    )
    stops = fields.Text(
        string="Hard Stops",
        compute="_compute_stops",
        help="What forbids the qualification, whatever the score.",
    )
    score_decided = fields.Float(
        string="Score", readonly=True, copy=False, digits=(5, 2), aggregator="avg"
    )
    result = fields.Selection(
        selection=RESULTS,
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
    )
    rule_id = fields.Many2one(
        comodel_name="key.account.qualification.rule",
        string="Qualification Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    parts = fields.Json(readonly=True, copy=False)
    decision_html = fields.Html(
        string="Decided in Parts", compute="_compute_decision_html", sanitize=False
    )
    date_confirmed = fields.Date(string="Confirmed on", readonly=True, copy=False)
    confirmed_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Confirmed by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    closing_reason = fields.Text(
        help="Why the customer was rejected or lost.", copy=False
    )
    date_closed = fields.Date(string="Closed on", readonly=True, copy=False)
    move_id = fields.Many2one(
        comodel_name="key.account.state.move",
        string="Conversion",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    _open_uniq = models.UniqueIndex(
        "(partner_id) WHERE stage NOT IN ('converted', 'lost')",
        "The customer has an open potential file: work on that one.",
    )
    _probability_range = models.Constraint(
        "CHECK (probability BETWEEN 0 AND 100)", "A probability lies in 0 to 100."
    )
    _revenue_positive = models.Constraint(
        "CHECK (revenue_month >= 0)", "An expected spend is zero or more."
    )

    @api.depends("revenue_month")
    def _compute_revenue_year(self):
        for file in self:
            file.revenue_year = 12 * file.revenue_month

    @api.depends(
        "credit",
        "currency_id",
        "date_supplier_end",
        "growth",
        "need_clarity",
        "reachability",
        "revenue_month",
        "unit_id",
    )
    @api.depends_context("lang", "tz")
    def _compute_score(self):
        today = fields.Date.context_today(self)
        rules = self.env["key.account.qualification.rule"]
        of_unit = rules._get_map_in_force(today)
        central = rules._get_in_force(today)
        for file in self:
            rule = of_unit.get(file.unit_id.id, central)
            file.score, parts = rule._score(file, today) if rule else (0, [])
            file.score_html = file._render_parts(parts, rule)

    @api.depends("parts", "rule_id")
    @api.depends_context("lang", "tz")
    def _compute_decision_html(self):
        for file in self:
            file.decision_html = file._render_parts(file.parts or [], file.rule_id)

    @api.model
    def _render_parts(self, parts, rule):
        """What each component gave, with its reason, as a table."""
        if not parts:
            return False
        components = self.env["key.account.qualification.component"]
        rows = []
        for part in parts:
            component = components.browse(part["component_id"]).exists()
            rows.append(
                {
                    "name": component.name or part["name"],
                    "points": part["points"],
                    "weight": part["weight"],
                    "reason": components._explain(part),
                }
            )
        return self.env["ir.qweb"]._render(
            "key_account_crm.key_account_potential_parts",
            {
                "rows": rows,
                "rule": rule,
                "total": round(sum(row["points"] for row in rows), 2),
            },
        )

    @api.depends("partner_id", "decision_maker_id", "stage")
    @api.depends_context("lang")
    def _compute_stops(self):
        for file in self:
            is_open = file.partner_id and file.stage not in CLOSED_STAGES
            file.stops = "\n".join(file._get_stops()) if is_open else False

    def _get_stops(self):
        """What forbids the qualification, in words. Hook for other addons."""
        self.ensure_one()
        partner = self.partner_id
        stops = []
        if partner.key_account_state not in ("potential", "qualified"):
            stops.append(self.env._("Already a customer: no need to qualify it."))
        stops += [
            self.env._(
                "The same as customer %(code)s of %(unit)s: merge the two files.",
                code=customer.key_account_code,
                unit=customer.key_account_unit_id.name,
            )
            for customer in self._get_duplicates()
        ]
        if partner.key_account_is_blacklisted:
            stops.append(
                self.env._(
                    "Blacklisted: %(reason)s",
                    reason=partner.key_account_blacklist_reason or "-",
                )
            )
        if not self._has_contact():
            stops.append(
                self.env._("No contact: enter a telephone number or an e-mail address.")
            )
        return stops

    def _get_duplicates(self):
        """Present customers that this one is (FILE-20). A shared name may be chance:
        whoever registered the customer may have said why it is another one."""
        partner = self.partner_id._origin
        # sudo: a customer of another unit is a duplicate as well; of it only the code
        # and the unit are told, so that the two units can speak.
        found = partner.sudo()._key_account_find_duplicates().get(partner.id, {})
        others = [
            other
            for other, reasons in found.items()
            if reasons & EXACT or not partner.key_account_duplicate_note
        ]
        return (
            partner.sudo()
            .browse(others)
            .filtered(lambda other: other.key_account_state in LIVE_STATES)
        )

    def _has_contact(self):
        """Whether somebody can be reached: the customer itself or one of its people."""
        people = self.partner_id | self.partner_id.child_ids | self.decision_maker_id
        return any(person.phone or person.email for person in people)

    @api.constrains("stage", "closing_reason")
    def _check_closing_reason(self):
        for file in self:
            if file.stage == "lost" and not file.closing_reason:
                raise ValidationError(
                    self.env._(
                        "Say why %(customer)s is lost: fill in the closing reason.",
                        customer=file.partner_id.display_name,
                    )
                )

    @api.constrains("decision_maker_id", "partner_id")
    def _check_decision_maker_id(self):
        for file in self:
            maker = file.decision_maker_id
            if maker and maker.commercial_partner_id != file.partner_id:
                raise ValidationError(
                    self.env._(
                        "%(contact)s is not a contact of %(customer)s: choose one of "
                        "its contacts.",
                        contact=maker.name,
                        customer=file.partner_id.display_name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("A potential file stays: mark it as lost, with the reason.")
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_decision_is_not_forged(vals)
                if vals.get("stage", "lead") not in FIRST_STAGES:
                    raise UserError(
                        self.env._("A new file begins as a lead: have it scored.")
                    )
        return super().create(vals_list)

    def write(self, vals):
        if not self.env.su:
            self._check_write(vals)
        result = super().write(vals)
        if vals.get("stage") == "lost":
            self._after_lost()
        return result

    @api.model
    def _check_decision_is_not_forged(self, vals):
        if DECISION_FIELDS & vals.keys():
            raise AccessError(
                self.env._("Score and result come from the decision, never by hand.")
            )

    def _check_write(self, vals):
        self._check_decision_is_not_forged(vals)
        for file in self:
            if vals.get("partner_id", file.partner_id.id) != file.partner_id.id:
                raise UserError(
                    self.env._("A file stays with its customer: open another one.")
                )
            if file.stage in CLOSED_STAGES:
                raise UserError(
                    self.env._(
                        "The potential file of %(customer)s is closed and stays as it "
                        "is: open a new one.",
                        customer=file.partner_id.display_name,
                    )
                )
            if vals.get("stage", file.stage) != file.stage:
                file._check_stage(vals["stage"])

    def _check_stage(self, stage):
        """Refuse stages that are reached by a decision or a conversion only."""
        state = self.partner_id.key_account_state
        if stage == "converted":
            raise UserError(self.env._("Use the button to convert a potential file."))
        if stage in QUALIFIED_STAGES and state != "qualified":
            raise UserError(
                self.env._(
                    "%(customer)s is not qualified yet: have it scored first.",
                    customer=self.partner_id.display_name,
                )
            )
        if stage in POTENTIAL_STAGES and state == "qualified":
            raise UserError(
                self.env._(
                    "%(customer)s is qualified: move it back to Potential first.",
                    customer=self.partner_id.display_name,
                )
            )

    @api.model
    def _get_open(self, partners):
        return self.search(
            [("partner_id", "in", partners.ids), ("stage", "not in", CLOSED_STAGES)]
        )
