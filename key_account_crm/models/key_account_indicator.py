# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

KINDS = [
    ("measure", "Counted or Summed"),
    ("method", "Computed by an Addon"),
    ("difference", "Difference of Two"),
    ("ratio", "Ratio of Two"),
]
# What says how a figure is made: a change of it is another version of the indicator.
DEFINITION = (
    "kind",
    "res_model",
    "domain",
    "measure",
    "date_field",
    "date_mode",
    "shift_months",
    "unit_path",
    "manager_path",
    "partner_path",
    "method",
    "first_id",
    "second_id",
    "factor",
)


class KeyAccountIndicator(models.Model):
    """A figure that can be measured for every manager, unit or customer (design 3.11).

    Plans, appraisals, standards and analyses name it by its code and get the same
    figure. How it is made is data: what is counted or summed, which of the rows count,
    by which date, and whose they are; or a ratio or difference of two others.
    """

    _name = "key.account.indicator"
    _description = "Indicator"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    sequence = fields.Integer(default=100)
    active = fields.Boolean(default=True)
    code = fields.Char(required=True, help="By which other rules name the indicator.")
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True, help="What it says, for who reads it.")
    topic = fields.Selection(
        selection=[
            ("customers", "Customers"),
            ("revenue", "Revenue"),
            ("arrears", "Arrears"),
            ("service", "Service"),
            ("work", "Work"),
        ],
        default="customers",
        required=True,
    )
    value_unit = fields.Selection(
        selection=[
            ("count", "Count"),
            ("amount", "Amount"),
            ("percent", "Percent"),
            ("days", "Days"),
            ("hours", "Hours"),
            ("mark", "Mark"),
        ],
        string="Unit of Value",
        default="count",
        required=True,
    )
    direction = fields.Selection(
        selection=[
            ("up", "More Is Better"),
            ("down", "Less Is Better"),
            ("none", "Neither"),
        ],
        default="up",
        required=True,
    )
    kind = fields.Selection(selection=KINDS, default="measure", required=True)
    res_model = fields.Char(
        string="Model", help="Technical name, as key.account.month or res.partner."
    )
    domain = fields.Char(
        string="Condition", default="[]", help="Which of its rows count."
    )
    measure = fields.Char(
        default="__count", help="__count, or field:sum for the sum of a field."
    )
    date_field = fields.Char(
        string="Date", help="Which date says the period. Empty: as it is now."
    )
    date_mode = fields.Selection(
        selection=[
            ("period", "Within the Period"),
            ("until", "Until Its End"),
            ("before", "Before It Begins"),
        ],
        string="Rows Dated",
        default="period",
        required=True,
    )
    shift_months = fields.Integer(
        string="Months Earlier", help="12: the same period of the year before."
    )
    unit_path = fields.Char(
        string="Unit Field", default="unit_id", help="Whose unit's it is."
    )
    manager_path = fields.Char(
        string="Manager Field", default="manager_id", help="Whose work it is."
    )
    partner_path = fields.Char(string="Customer Field", default="partner_id")
    method = fields.Selection(selection="_selection_method", string="Computed")
    first_id = fields.Many2one(
        comodel_name="key.account.indicator",
        string="First",
        ondelete="restrict",
        index="btree_not_null",
        help="What is divided, or from which is taken.",
    )
    second_id = fields.Many2one(
        comodel_name="key.account.indicator",
        string="Second",
        ondelete="restrict",
        index="btree_not_null",
        help="By what is divided, or what is taken.",
    )
    factor = fields.Float(
        default=100, help="What a ratio is multiplied by: 100 for percent."
    )
    version = fields.Integer(
        default=1,
        readonly=True,
        copy=False,
        help="Counts the changes of how the figure is made; results keep it.",
    )
    formula = fields.Char(string="How It Is Made", compute="_compute_formula")

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "Another indicator has this code: choose one of its own."
    )

    @api.model
    def _selection_method(self):
        return list(self._get_methods().items())

    @api.model
    def _get_methods(self):
        """Map codes of computed figures to their names in the user's language. Hook.

        For a code ``first_reply`` there is ``_query_first_reply(keys, period,
        domain)``, see ``_get_part_query``.
        """
        return {}

    @api.depends(*DEFINITION)
    @api.depends_context("lang")
    def _compute_formula(self):
        for indicator in self:
            indicator.formula = indicator._explain()

    @api.constrains(*DEFINITION, "code")
    def _check_definition(self):
        for indicator in self:
            problem = indicator._get_problem()
            if problem:
                raise ValidationError(
                    self.env._(
                        "Indicator %(name)s: %(problem)s",
                        name=indicator.name,
                        problem=problem,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("version", None)
        return super().create(vals_list)

    def write(self, vals):
        vals = {name: value for name, value in vals.items() if name != "version"}
        before = {one: one._get_definition() for one in self}
        if "code" in vals and any(one.code != vals["code"] for one in self):
            raise UserError(
                self.env._(
                    "The code stays: plans and results name the indicator by it. Make "
                    "a new indicator and archive this one."
                )
            )
        result = super().write(vals)
        for one, definition in before.items():
            if one._get_definition() != definition:
                super(KeyAccountIndicator, one).write({"version": one.version + 1})
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        for indicator in self:
            uses = indicator._get_uses()
            if uses:
                raise UserError(
                    self.env._(
                        "%(name)s is used by %(uses)s: archive it instead.",
                        name=indicator.name,
                        uses=", ".join(uses),
                    )
                )

    def _get_uses(self):
        """Names of what rests on this indicator, which keeps it. Hook."""
        self.ensure_one()
        indicators = self.with_context(active_test=False)
        parts = indicators.search(
            ["|", ("first_id", "=", self.id), ("second_id", "=", self.id)]
        )
        return parts.mapped("name")

    def _get_definition(self):
        return [self[name] for name in DEFINITION]

    @api.model
    def _find(self, code):
        """The indicator with a code, or an error that says which one is missing."""
        found = self.with_context(active_test=False).search([("code", "=", code)])
        if not found:
            raise UserError(self.env._("There is no indicator %(code)s.", code=code))
        return found
