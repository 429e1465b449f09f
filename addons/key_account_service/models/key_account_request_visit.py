# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class KeyAccountRequest(models.Model):
    """A customer served away from home: at a partner's place, at whose cost, and what
    the home manager learns when it is done (SVC-03, SVC-04)."""

    _inherit = "key.account.request"

    card_use_id = fields.Many2one(
        comodel_name="key.account.card.use",
        string="Card Use",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The benefit that was used at a partner's place.",
    )
    date_settled = fields.Date(
        string="Settled on",
        readonly=True,
        copy=False,
        help="When the home unit and the unit that served settled the cost.",
    )
    settled_by_id = fields.Many2one(
        comodel_name="res.users",
        string="Settled by",
        readonly=True,
        copy=False,
        ondelete="restrict",
    )

    def action_settle(self):
        """The centre has settled between the units what these cost: in sets, once."""
        self.check_access("read")
        if not self.env.user.has_group("key_account_crm.group_key_account_centre"):
            raise AccessError(
                self.env._("The centre settles between units: ask somebody there.")
            )
        for request in self:
            if not request._is_to_settle():
                raise UserError(
                    self.env._(
                        "%(request)s is not settled: only what is done for a customer "
                        "of another unit is, once.",
                        request=request.display_name,
                    )
                )
        self._move(
            {
                "date_settled": fields.Date.context_today(self),
                "settled_by_id": self.env.uid,
            }
        )
        return True

    def _is_to_settle(self):
        return (
            bool(self.service_unit_id and self.unit_id)
            and self.service_unit_id != self.unit_id
            and self.state in ("done", "closed")
            and not self.date_settled
        )

    def write(self, vals):
        locked = {"cost", "currency_id"} & vals.keys()
        if locked and any(request.date_settled for request in self):
            raise UserError(
                self.env._("It was settled between the units: its cost stays.")
            )
        return super().write(vals)

    def _finish(self, date=None, **vals):
        result = super()._finish(date=date, **vals)
        for request in self.filtered(
            lambda one: one.service_unit_id and one.service_unit_id != one.unit_id
        ):
            request._tell_home_done()
        return result

    def _tell_home_done(self):
        """The home manager reads what was done, by whom and at which cost."""
        self.ensure_one()
        # sudo: the system tells, whoever did it; the request is its reader's own.
        request = self.sudo()
        manager = request.manager_id
        if not manager:
            return
        request = request.with_context(lang=manager.lang)
        request.message_notify(
            partner_ids=manager.partner_id.ids,
            subject=request.display_name,
            body=request.env._(
                "Your customer %(customer)s was served by %(unit)s: %(result)s Cost: "
                "%(cost)s, borne by %(home)s.",
                customer=request.partner_id.name,
                unit=request.service_unit_id.name,
                result=request.result or request.result_id.name or "–",
                cost=request.currency_id.format(request.cost),
                home=request.unit_id.name,
            ),
            model=request._name,
            res_id=request.id,
        )
