# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL


class KeyAccountComplaint(models.Model):
    """Who reads a complaint: the units of the customer and of the handling; of a secret
    one only the people concerned.

    A secret complaint is read by its handler, its registrant, the account manager, the
    heads of the units it is with, and the centre. The rules of every model that tells
    of complaints say the same (``res.users.key_account_secret_domain``).
    """

    _inherit = "key.account.complaint"

    scope_id = fields.Many2one(
        comodel_name="key.account.scope",
        string="Units Concerned",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )
    is_secret = fields.Boolean(
        string="Secret",
        copy=False,
        help="Only the people concerned and the centre know of it.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        complaints.filtered("is_secret")._make_secret()
        return complaints

    def write(self, vals):
        if "is_secret" in vals:
            raise AccessError(
                self.env._("A complaint is made secret, and open again, by a button.")
            )
        return super().write(vals)

    def action_make_secret(self):
        self.check_access("write")
        self.filtered(lambda one: not one.is_secret)._make_secret()
        return True

    def _make_secret(self):
        """Nobody else is told any more, nor keeps what he was told before."""
        if self:
            self._take("secret", vals={"is_secret": True})
            self._mark_clock_events()
            self._forget_others()

    def _lift_secrecy(self, reason):
        """Who may decide so: the heads of the units it is with, and the centre."""
        self.check_access("write")
        user = self.env.user
        for complaint in self.filtered("is_secret"):
            units = complaint._get_units_with()
            heads = ("head", "company")
            is_head = user.key_account_role in heads and (
                user.key_account_unit_id in units
            )
            if not (is_head or user.key_account_role == "centre" or self.env.su):
                raise AccessError(
                    self.env._(
                        "The head of the unit, or the centre, makes a secret complaint "
                        "open: ask them."
                    )
                )
            complaint._take("open", reason=reason, vals={"is_secret": False})
            complaint._mark_clock_events()

    def _get_units_with(self):
        """The units a complaint is with: their heads read it, secret or not."""
        return self.unit_id | self.handling_unit_id | self.escalated_unit_id

    def _mark_clock_events(self):
        self.env["key.account.clock.event"]._mark_secret(self)

    def _forget_others(self):
        """Followers and activities of colleagues who are not concerned any more."""
        self.env.flush_all()
        # sudo: what others follow or were to do goes too.
        secret = self.sudo()
        people = secret.message_partner_ids.user_ids | secret.activity_ids.user_id
        for user in people.filtered(lambda one: not one.share):
            readable = self.with_user(user)._filtered_access("read")
            hidden = secret.browse(set(self.ids) - set(readable.ids))
            hidden.message_unsubscribe(partner_ids=user.partner_id.ids)
            hidden.activity_ids.filtered(
                lambda todo, whose=user: todo.user_id == whose
            ).unlink()

    # ---- the units --------------------------------------------------------------

    def _check_reach(self):
        """Whoever registers a complaint does so for customers in his own reach.

        The rule alone would let a registrant get at somebody else's customer.
        """
        if self.env.su:
            return
        domain = self._get_owner_domain(self.env.user)
        if len(self.filtered_domain(domain)) < len(self):
            raise AccessError(
                self.env._(
                    "You register complaints of customers of your own units only: the "
                    "call centre registers those of all."
                )
            )

    @api.model
    def _get_owner_domain(self, user):
        """The facts a user reaches as the owner of their customers."""
        return self.env["key.account.request"]._get_owner_domain(user)

    @api.model
    def _get_mine_domain(self):
        """What the user handles, and what nobody handles of his customers."""
        return Domain("handler_id", "=", self.env.uid) | (
            Domain("handler_id", "=", False) & Domain("manager_id", "=", self.env.uid)
        )

    @api.depends("handler_id", "manager_id")
    @api.depends_context("uid")
    def _compute_is_mine(self):
        mine = self.filtered_domain(self._get_mine_domain())
        for complaint in self:
            complaint.is_mine = complaint in mine

    def _search_is_mine(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        mine = self._get_mine_domain()
        return Domain.OR(mine if wanted else ~mine for wanted in value)

    @api.model
    def _get_readable(self, alias) -> SQL:
        """Condition of a report's part: the complaints its reader may open.

        SQL knows no record rules: this asks them, so that no report says otherwise.
        """
        if self.env.su:
            return SQL("TRUE")
        if not self.has_access("read"):
            return SQL("FALSE")
        query = self.with_context(active_test=False)._search([])
        return SQL("%s.id IN %s", SQL.identifier(alias), query.subselect())

    def _follow_owner(self):
        """The ledgers and the scope go where the customer or line is."""
        self.env["key.account.clock.event"]._follow(self)
        self.env["key.account.complaint.step"]._follow(self)
        self._align_scope()

    @api.model
    def _align_scopes_of(self, partner_ids):
        """The complaints of customers whose units or managers changed."""
        # sudo: whoever assigns a customer need not read all of its complaints.
        self.sudo().search([("partner_id", "in", partner_ids)])._align_scope()

    def _align_scope(self):
        """Write the set of units of each complaint where it is another one now."""
        self.env["key.account.scope"]._align(self, "handling_unit_id")
