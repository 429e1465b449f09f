# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


class KeyAccountRequest(models.Model):
    """Who reads a request: the units of the customer, and the unit that serves him.

    Nearly always they are one. A customer of one city who is served in another is
    read by both, and still by one indexed column (SVC-03).
    """

    _inherit = "key.account.request"

    service_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Served by",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The unit that serves a customer of another unit.",
    )
    scope_id = fields.Many2one(
        comodel_name="key.account.scope",
        string="Units Concerned",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                vals.pop("service_unit_id", None)
                vals.pop("scope_id", None)
        requests = super().create(vals_list)
        requests._align_scope()
        return requests

    def write(self, vals):
        if not self.env.su:
            vals = {
                key: value
                for key, value in vals.items()
                if key not in ("scope_id", "service_unit_id")
            }
        return super().write(vals)

    @api.model
    def _register_visit(self, customer, vals):
        """A request of a customer of another unit, served by the unit of the user."""
        self.check_access("create")
        unit = self.env.user.key_account_unit_id
        is_away = unit != customer.key_account_unit_id
        code = "cross_region" if is_away else "basic"
        # sudo: the customer is not in the user's reach; he was identified.
        request = self.sudo().create(
            {
                "class_id": self._default_term("service_class", code).id,
                **vals,
                "partner_id": customer.id,
                "handler_id": self.env.uid,
                "service_unit_id": unit.id if is_away else False,
            }
        )
        if is_away:
            request._tell_home_manager()
        return request.sudo(False)

    def _tell_home_manager(self):
        """The manager at home learns who serves his customer, and with what."""
        self.ensure_one()
        manager = self.manager_id
        if not manager:
            manager = self._clock_get_heads(2).get(self, manager)
        for user in manager:
            self.with_context(
                lang=user.lang, mail_activity_quick_update=True
            ).activity_schedule(
                "key_account_service.mail_activity_type_visit", user_id=user.id
            )
            user._bus_send(
                "simple_notification",
                {
                    "type": "info",
                    "title": self.with_context(lang=user.lang).env._(
                        "A customer of yours is served elsewhere"
                    ),
                    "message": f"{self.partner_id.name}: {self.display_name}",
                },
            )

    def _follow_owner(self):
        """The ledger and the scope go where the customer or line of the request is."""
        self.env["key.account.clock.event"]._follow(self)
        self._align_scope()

    @api.model
    def _align_scopes_of(self, partner_ids):
        """The requests of customers whose units or managers changed."""
        # sudo: whoever assigns a customer need not read all of its requests.
        requests = self.sudo().with_context(active_test=False)
        requests.search([("partner_id", "in", partner_ids)])._align_scope()

    def _align_scope(self):
        """Write the set of units of each request where it is another one now."""
        self.env["key.account.scope"]._align(self, "service_unit_id")
