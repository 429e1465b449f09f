# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..models.key_account_card_move import ACTIONS

# Steps with which cards come out of the stock.
GIVING = ("open", "replace", "renumber")
# The application is the card itself; what batches do is not asked for.
ASKED = [
    (action, label)
    for action, (label, *_steps) in ACTIONS.items()
    if action not in ("apply",)
]


class KeyAccountCardStep(models.TransientModel):
    """Asks for a step of one VIP card or of many: what, why, on what document.

    Only steps that all the chosen cards allow, and that the user may take, are offered.
    """

    _name = "key.account.card.step"
    _description = "Step of VIP Cards"

    card_ids = fields.Many2many(
        comodel_name="key.account.card",
        relation="key_account_card_step_card_rel",
        string="Cards",
        required=True,
    )
    card_count = fields.Integer(compute="_compute_next_actions")
    next_actions = fields.Char(compute="_compute_next_actions")
    action = fields.Selection(
        selection=ASKED,
        string="Step",
        compute="_compute_action",
        store=True,
        readonly=False,
        required=True,
    )
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        domain=[("category", "=", "card_reason")],
    )
    reason = fields.Text(string="Remarks")
    document = fields.Char(help="Reference of the paper or file the step rests on.")
    kind_id = fields.Many2one(
        comodel_name="key.account.card.kind",
        string="Card Kind",
        compute="_compute_kind_id",
        store=True,
        readonly=False,
    )
    blank_id = fields.Many2one(
        comodel_name="key.account.card.blank",
        string="Card Number",
        domain="[('kind_id', '=', kind_id), ('state', '=', 'in_stock')]",
        help="Empty: the next number of the stock.",
    )
    is_active = fields.Boolean(
        string="Activate at Once",
        default=True,
        help="The holder has the card in his hands; else it is activated later.",
    )
    is_giving = fields.Boolean(compute="_compute_is_giving")

    @api.model
    def default_get(self, fields):
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "key.account.card":
            values["card_ids"] = [Command.set(self.env.context.get("active_ids", []))]
        return values

    @api.depends("card_ids")
    @api.depends_context("uid")
    def _compute_next_actions(self):
        for wizard in self:
            steps = [
                set(filter(None, (card.next_actions or "").split(",")))
                for card in wizard.card_ids
            ]
            common = set.intersection(*steps) if steps else set()
            offered = [action for action, _label in ASKED if action in common]
            if len(steps) > 1:
                offered = [a for a in offered if a not in ("replace", "renumber")]
            wizard.next_actions = ",".join(offered)
            wizard.card_count = len(steps)

    @api.depends("next_actions")
    def _compute_action(self):
        wanted = self.env.context.get("card_action")
        for wizard in self:
            offered = (wizard.next_actions or "").split(",")
            if wanted in offered:
                wizard.action = wanted
            else:
                wizard.action = (
                    offered[0] if len(offered) == 1 and offered[0] else False
                )

    @api.depends("card_ids")
    def _compute_kind_id(self):
        for wizard in self:
            wizard.kind_id = wizard.card_ids[:1].kind_id

    @api.depends("action")
    def _compute_is_giving(self):
        for wizard in self:
            wizard.is_giving = wizard.action in GIVING

    def action_step(self):
        self.ensure_one()
        cards = self.card_ids
        if not cards:
            raise UserError(self.env._("Choose the cards first."))
        ground = {"reason": self.reason, "document": self.document}
        if self.action == "open":
            blanks = {cards: self.blank_id} if self.blank_id and len(cards) == 1 else {}
            cards._open(blanks, self.is_active, **ground)
            return {"type": "ir.actions.act_window_close"}
        ground["reason_id"] = self.reason_id.id
        if self.action in ("replace", "renumber"):
            new = cards._replace(
                self.action, self.blank_id, self.kind_id, self.is_active, **ground
            )
            return self._show(new)
        if self.action == "reverse":
            cards._reverse(**ground)
        elif self.action == "renew":
            cards._renew(**ground)
        else:
            cards._step(self.action, **ground)
        return {"type": "ir.actions.act_window_close"}

    def _show(self, card):
        return {
            "type": "ir.actions.act_window",
            "res_model": card._name,
            "res_id": card.id,
            "views": [(False, "form")],
        }
