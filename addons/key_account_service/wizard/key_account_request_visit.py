# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.key_account_crm.models.key_account_card_attempt import (
    OUTCOMES,
    USER_RATE,
)

WAYS = [
    ("card", "VIP Card"),
    ("number", "Service Number"),
    ("code", "Customer Code"),
]


class KeyAccountRequestVisit(models.TransientModel):
    """Registers the request of a customer of another unit who stands before us.

    He is identified by his card, or by his number or code where he has none: every
    question is counted and logged, guessing is slowed and locked, and until then
    nothing but a masked name is shown. His home manager is told (SVC-03). At a
    partner's place the benefit he uses is taken from his card (SVC-04).
    """

    _name = "key.account.request.visit"
    _description = "Serve a Visiting Customer"

    way = fields.Selection(
        selection=WAYS, string="Identified by", default="card", required=True
    )
    code = fields.Char(
        string="Number",
        required=True,
        help="As the customer shows it: nothing is proposed.",
    )
    proof = fields.Char(
        help="The last four characters of the holder's identity document or of the "
        "service number, where the holder tells them."
    )
    # What was answered, to be looked at: what is registered rests on the log.
    outcome = fields.Selection(
        selection=[*OUTCOMES, ("none", "Not Asked Yet")], default="none", readonly=True
    )
    wait = fields.Integer(string="Seconds to Wait", readonly=True)
    holder = fields.Char(readonly=True)
    kind_name = fields.Char(string="Card Kind", readonly=True)
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        domain=[("category", "=", "request_kind")],
    )
    subject = fields.Char()
    description = fields.Html()
    place_id = fields.Many2one(
        comodel_name="key.account.card.place",
        string="Partner Place",
        help="Where a benefit of the card is used, of another trade than ours.",
    )
    benefit_id = fields.Many2one(
        comodel_name="key.account.card.benefit", string="Benefit"
    )
    quantity = fields.Integer(default=1)
    companion_count = fields.Integer(string="Companions")

    def action_authenticate(self):
        """Ask who it is, and show the answer in the same window."""
        self.ensure_one()
        answer = self._get_attempts()._identify(
            {
                "way": self.way,
                "value": self._get_value(),
                "proof": (self.proof or "").strip()[:64],
                "lang": self.env.lang or "en_US",
                "benefit_ids": (),
            },
            f"user:{self.env.uid}",
            USER_RATE,
            self.env.uid,
        )
        names = ("outcome", "wait", "holder", "kind_name")
        self.write({name: answer.get(name, False) for name in names})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Serve a Visiting Customer"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def action_register(self):
        self.ensure_one()
        customer = self._get_identified()
        if not self.kind_id or not (self.subject or "").strip():
            raise UserError(self.env._("Say what the customer asks for."))
        vals = {
            "kind_id": self.kind_id.id,
            "subject": self.subject,
            "description": self.description,
        }
        if self.place_id:
            vals |= self._prepare_partner_vals()
        request = self.env["key.account.request"]._register_visit(customer, vals)
        return {
            "type": "ir.actions.act_window",
            "res_model": request._name,
            "res_id": request.id,
            "views": [(False, "form")],
        }

    @api.model
    def _get_attempts(self):
        # sudo: whoever serves visitors may ask about everybody; the answer holds a
        # masked name and nothing else of the customer.
        return self.env["key.account.card.attempt"].sudo()

    def _get_value(self):
        return (self.code or "").strip()[:64]

    def _get_identified(self):
        """The customer, where the log says that this user identified him just now."""
        attempts = self._get_attempts()
        customer = attempts._find_customer(self.way, self._get_value())
        if not customer or not attempts._was_identified(customer, self.env.uid):
            raise UserError(
                self.env._(
                    "Nobody was identified by %(code)s: ask the customer for his card "
                    "and press “Identify” first.",
                    code=self.code,
                )
            )
        return customer

    def _prepare_partner_vals(self):
        """The benefit is used at a partner's place, and the request says so."""
        card = self._get_attempts()._find_card(self.way, self._get_value())
        if not card or not self.benefit_id:
            raise UserError(
                self.env._(
                    "At a partner's place a benefit of his card is used: identify the "
                    "customer by his card and choose the benefit."
                )
            )
        count = self.quantity + self.companion_count
        # sudo: the card is another unit's; its holder was identified, and whether the
        # allowance covers the use is checked all the same.
        use = (
            self.env["key.account.card.use"]
            .sudo()
            .create(
                {
                    "card_id": card.id,
                    "benefit_id": self.benefit_id.id,
                    "place_id": self.place_id.id,
                    "quantity": self.quantity,
                    "companion_count": self.companion_count,
                    "cost": self.place_id.price * count,
                    "currency_id": self.place_id.currency_id.id,
                    "user_id": self.env.uid,
                }
            )
        )
        terms = self.env["key.account.request"]
        return {
            "class_id": terms._default_term("service_class", "cross_industry").id,
            "card_use_id": use.id,
        }
