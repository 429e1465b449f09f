# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

PHASES = [
    ("planned", "Planned"),
    ("present", "Today"),
    ("over", "Over"),
]


class KeyAccountSubstitution(models.Model):
    """A manager who is away, and who stands in for him from day to day (MGR-08).

    From the first to the last day the substitute works on exactly the customers of the
    one he stands in for, with all that hangs on them; before and after on none of them.
    """

    _name = "key.account.substitution"
    _description = "Substitution"
    _inherit = ["mail.thread"]
    _order = "date_from desc, id desc"
    _rec_name = "user_id"

    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Manager Away",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain=[("key_account_role", "=", "manager")],
    )
    substitute_id = fields.Many2one(
        comodel_name="res.users",
        string="Substitute",
        required=True,
        index=True,
        tracking=True,
        ondelete="restrict",
        domain=[("key_account_role", "=", "manager")],
    )
    unit_id = fields.Many2one(
        related="user_id.key_account_unit_id",
        store=True,
        index=True,
        help="The unit of the manager who is away.",
    )
    date_from = fields.Date(
        string="First Day",
        required=True,
        tracking=True,
        default=lambda self: self.env["key.account.unit"]._get_today(),
    )
    date_to = fields.Date(string="Last Day", required=True, tracking=True)
    reason = fields.Char(help="Leave, training, illness …")
    phase = fields.Selection(
        selection=PHASES, compute="_compute_phase", search="_search_phase"
    )

    _dates = models.Constraint(
        "CHECK (date_from <= date_to)", "The last day comes after the first."
    )
    _other = models.Constraint(
        "CHECK (user_id <> substitute_id)", "Nobody stands in for himself."
    )
    _one_at_a_time = models.Constraint(
        "EXCLUDE USING gist (int4range(user_id, user_id, '[]') WITH &&, "
        "daterange(date_from, date_to, '[]') WITH &&)",
        "Somebody else stands in for this manager on some of these days.",
    )

    @api.model
    def _get_present_domain(self):
        today = self.env["key.account.unit"]._get_today()
        return Domain("date_from", "<=", today) & Domain("date_to", ">=", today)

    @api.depends("date_from", "date_to")
    def _compute_phase(self):
        today = self.env["key.account.unit"]._get_today()
        for one in self:
            if not one.date_from or not one.date_to or one.date_from > today:
                one.phase = "planned"
            else:
                one.phase = "present" if one.date_to >= today else "over"

    def _search_phase(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        today = self.env["key.account.unit"]._get_today()
        domains = {
            "planned": Domain("date_from", ">", today),
            "present": self._get_present_domain(),
            "over": Domain("date_to", "<", today),
        }
        return Domain.OR(domains[phase] for phase in value if phase in domains)

    @api.constrains("user_id", "substitute_id")
    def _check_managers(self):
        for one in self:
            for user in one.user_id | one.substitute_id:
                if user.key_account_role != "manager":
                    raise ValidationError(
                        self.env._(
                            "%(user)s is no account manager: choose one of those.",
                            user=user.name,
                        )
                    )

    @api.model_create_multi
    def create(self, vals_list):
        today = self.env["key.account.unit"]._get_today()
        found = super().create(vals_list)
        if any(one.date_to < today for one in found) and not self.env.su:
            raise UserError(
                self.env._("A substitution begins today or later: choose the days.")
            )
        found._take_effect()
        return found

    def write(self, vals):
        self._check_past(vals)
        result = super().write(vals)
        self._take_effect()
        return result

    def _check_past(self, vals):
        """What was is not rewritten: a substitution under way can be ended or made
        longer, one that is over stays."""
        today = self.env["key.account.unit"]._get_today()
        for one in self.filtered(lambda one: one.date_from < today):
            last = fields.Date.to_date(vals.get("date_to")) or one.date_to
            moved = {"user_id", "substitute_id", "date_from"} & vals.keys()
            if moved or one.date_to < today or last < fields.Date.add(today, days=-1):
                raise UserError(
                    self.env._(
                        "The substitution of %(user)s has begun: its last day can "
                        "still be changed, from yesterday on.",
                        user=one.user_id.name,
                    )
                )

    def action_end(self):
        """End today what is under way: yesterday was the last day."""
        today = self.env["key.account.unit"]._get_today()
        for one in self.filtered(lambda one: one.phase == "present"):
            if one.date_from == today:
                one.unlink()
            else:
                one.date_to = fields.Date.add(today, days=-1)
        return True

    @api.ondelete(at_uninstall=False)
    def _unlink_except_past(self):
        today = self.env["key.account.unit"]._get_today()
        if any(one.date_from < today for one in self):
            raise UserError(
                self.env._("A substitution that has begun stays: end it instead.")
            )

    def unlink(self):
        result = super().unlink()
        self._take_effect()
        return result

    def _take_effect(self):
        """The substitutes read and write accordingly from their next request on."""
        self.env.flush_all()
        self.env["res.users"].invalidate_model(
            ["key_account_manager_ids", "key_account_shared_ids"], flush=False
        )
        self.env.registry.clear_cache()
