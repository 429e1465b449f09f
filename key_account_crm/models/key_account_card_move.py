# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL, format_date

from .key_account_card import STATES

# action: (label, the states it starts from, the state it leads to). An action without
# a state to leave it where it is. The only place that says so: screens, batches and
# tests ask here.
ACTIONS = {
    "apply": ("Application", (None,), "requested"),
    "refuse": ("Refusal", ("requested",), "refused"),
    "open": ("Opening", ("requested",), "issued"),
    "activate": ("Activation", ("issued",), "active"),
    "freeze": ("Freezing", ("active",), "frozen"),
    "unfreeze": ("Unfreezing", ("frozen",), "active"),
    "lose": ("Loss Report", ("issued", "active", "frozen"), "lost"),
    "find": ("Loss Report Withdrawn", ("lost",), "active"),
    "replace": ("Replacement", ("issued", "active", "frozen", "lost"), "replaced"),
    "renumber": ("Change of Card Number", ("issued", "active", "frozen"), "replaced"),
    "renew": ("Renewal", ("issued", "active", "frozen"), None),
    "expire": ("Expiry", ("issued", "active", "frozen", "lost"), "expired"),
    "cancel": (
        "Cancellation",
        ("requested", "issued", "active", "frozen", "lost"),
        "cancelled",
    ),
    "reverse": ("Reversal of Joining", ("issued", "active", "frozen"), "reversed"),
}
# Steps that end a binding.
ENDS = ("refused", "replaced", "cancelled", "expired", "reversed")


class KeyAccountCardMove(models.Model):
    """A step of a VIP card: what was done, when, by whom, why, on what document.

    A ledger: a step is never changed nor deleted; a wrong one is answered by another.
    Steps are made by ``key.account.card._step``, which also says who may.
    """

    _name = "key.account.card.move"
    _description = "VIP Card Step"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"

    card_id = fields.Many2one(
        comodel_name="key.account.card",
        string="Card",
        required=True,
        index=True,
        ondelete="restrict",
    )
    action = fields.Selection(
        selection=[(action, label) for action, (label, *_steps) in ACTIONS.items()],
        required=True,
        index=True,
    )
    state_from = fields.Selection(selection=STATES, string="From")
    state_to = fields.Selection(selection=STATES, string="To", required=True)
    date = fields.Datetime(required=True, default=fields.Datetime.now, index=True)
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        domain=[("category", "=", "card_reason")],
        ondelete="restrict",
    )
    reason = fields.Text(string="Remarks")
    document = fields.Char(help="Reference of the paper or file the step rests on.")
    other_card_id = fields.Many2one(
        comodel_name="key.account.card",
        string="Other Card",
        ondelete="restrict",
        help="The card that takes the place of this one, or whose place it takes.",
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Operator",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.depends("action", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["action"]._description_selection(self.env))
        for move in self:
            day = format_date(self.env, move.date)
            move.display_name = f"{labels.get(move.action, '')} ({day})"

    def write(self, vals):
        raise UserError(
            self.env._("A step stays as it was made: answer it with another one.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Steps of a card stay: answer one with another one.")
        )

    @api.model
    def _record_set(self, rows, reason_id=None):
        """Append the steps that a query gives, in one statement; returns how many.

        For batches, which write the states themselves.

        :param SQL rows: a query with the columns card_id, action, state_from,
            state_to, reason, run_id
        """
        self._key_account_say_who()
        done = self.env.execute_query(
            SQL(
                """
                INSERT INTO key_account_card_move (
                    card_id, partner_id, line_id, unit_id, manager_id, action,
                    state_from, state_to, date, reason, run_id, reason_id, user_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT card.id, card.partner_id, card.line_id, card.unit_id,
                       card.manager_id, step.action, step.state_from, step.state_to,
                       now() AT TIME ZONE 'UTC', step.reason, step.run_id::integer,
                       %(reason)s::integer, %(uid)s, %(uid)s,
                       now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(rows)s) AS step (
                       card_id, action, state_from, state_to, reason, run_id)
                  JOIN key_account_card AS card ON card.id = step.card_id
                RETURNING id
                """,
                rows=rows,
                reason=reason_id,
                uid=self.env.uid,
            )
        )
        self.env["key.account.card"].invalidate_model(["move_ids"], flush=False)
        return len(done)
