# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class KeyAccountDunningExemption(models.Model):
    """A customer who is not dunned for a while, with the reason and an end (ARR-10)."""

    _name = "key.account.dunning.exemption"
    _description = "Never Dun"
    _inherit = ["key.account.fact.mixin", "mail.thread"]
    _order = "date_to desc, id desc"
    _rec_name = "partner_id"

    date_from = fields.Date(
        string="From", required=True, default=fields.Date.context_today
    )
    date_to = fields.Date(
        string="Until",
        required=True,
        tracking=True,
        help="The last day. Nobody is protected for ever: look at it again then.",
    )
    reason = fields.Text(required=True, tracking=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Decided by",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    is_current = fields.Boolean(
        string="In Effect", compute="_compute_is_current", search="_search_is_current"
    )

    _date_order = models.Constraint(
        "CHECK (date_to >= date_from)", "It ends after it begins: correct its dates."
    )

    @api.depends("date_from", "date_to")
    @api.depends_context("tz")
    def _compute_is_current(self):
        today = fields.Date.context_today(self)
        for exemption in self:
            dates = exemption.date_from, exemption.date_to
            exemption.is_current = all(dates) and dates[0] <= today <= dates[1]

    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        today = fields.Date.context_today(self)
        current = Domain("date_from", "<=", today) & Domain("date_to", ">=", today)
        return Domain.OR(current if wanted else ~current for wanted in value)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("It stays as a record: let it end."))

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals["user_id"] = self.env.uid
        return super().create(vals_list)

    def write(self, vals):
        if vals.keys() & {"partner_id", "line_id", "date_from", "user_id"}:
            raise UserError(
                self.env._(
                    "For whom and since when it holds stays: let it end, and make a "
                    "new one."
                )
            )
        return super().write(vals)

    def action_end(self):
        """Dunned again from tomorrow on."""
        today = fields.Date.context_today(self)
        for exemption in self:
            if not exemption.is_current:
                raise UserError(self.env._("Only what is in effect can be ended."))
            exemption.date_to = today
        return True
