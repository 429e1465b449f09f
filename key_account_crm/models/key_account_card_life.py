# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_card_move import ACTIONS, ENDS


class KeyAccountCard(models.Model):
    """The life of a VIP card (CARD-01, CARD-02, CARD-05, CARD-07, CARD-09).

    Staff apply for a card of a customer in their reach; every other step is taken by
    those who may write it: the head of the department, the company, the centre.
    """

    _inherit = "key.account.card"

    next_actions = fields.Char(
        string="Next Steps",
        compute="_compute_next_actions",
        help="The steps the reader may take, each between commas.",
    )

    @api.depends("state")
    @api.depends_context("uid")
    def _compute_next_actions(self):
        writable = self._origin._filtered_access("write")
        for card in self:
            steps = ()
            if card._origin in writable:
                steps = [
                    action
                    for action, (_label, states, _to) in ACTIONS.items()
                    if card.state in states
                ]
            card.next_actions = f",{','.join(steps)}," if steps else False

    def _step(self, action, reason=None, reason_id=None, document=None, **details):
        """Take a step with all of these cards. Returns the rows of the ledger.

        :param str reason: in words; this or the term is needed, but for an opening
        :param details: run_id, other_card_id of the row
        """
        self._check_step(action, reason, reason_id)
        states = {card.id: card.state for card in self}
        # sudo: the user may write these cards (checked), and their states are written
        # here only.
        cards = self.sudo()
        cards.write(self._prepare_step_vals(action))
        return cards._record(
            action,
            states,
            reason=reason,
            reason_id=reason_id,
            document=document,
            **details,
        ).sudo(False)

    def _record(self, action, states, **vals):
        """Append a row of the ledger for each card. Called once the state is written.

        :param states: map of card id to the state before
        """
        # The indexes that keep bindings apart know only what is in the table.
        self.flush_recordset()
        # sudo: rows of the ledger are made here only, for cards the user may write.
        moves = self.env["key.account.card.move"].sudo()
        return moves.create(
            [
                {
                    "card_id": card.id,
                    "partner_id": card.partner_id.id,
                    "line_id": card.line_id.id,
                    "action": action,
                    "state_from": states[card.id],
                    "state_to": card.state,
                    "user_id": self.env.uid,
                    **vals,
                }
                for card in self.sudo()
            ]
        )

    def _prepare_step_vals(self, action):
        """The values of the cards after the step."""
        _label, _states, state = ACTIONS[action]
        vals = {"state": state} if state else {}
        if state in ENDS:
            vals["date_end"] = fields.Date.context_today(self)
        return vals

    def _check_step(self, action, reason, reason_id):
        """Refuse steps that rights or state of the cards do not allow."""
        self.check_access("write")
        _label, states, _state = ACTIONS[action]
        if action not in ("open", "activate") and not (reason or reason_id):
            raise UserError(
                self.env._("A step has a reason: choose one, or write it down.")
            )
        self._wait_for_others()
        names = dict(self._fields["state"]._description_selection(self.env))
        actions = self.env["key.account.card.move"]._fields["action"]
        for card in self:
            if card.state not in states:
                raise UserError(
                    self.env._(
                        "Card %(card)s of %(customer)s is in the state %(state)s, in "
                        "which this step is not possible: %(step)s.",
                        card=card.display_name,
                        customer=card.partner_id.display_name,
                        state=names[card.state],
                        step=dict(actions._description_selection(self.env))[action],
                    )
                )

    def _wait_for_others(self):
        """Of two people who act on a card at once the second one waits, and is tried
        again when the first one changed it: then he sees what it has become."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "SELECT FROM key_account_card WHERE id = ANY(%s) "
                "ORDER BY id FOR UPDATE",
                self.ids,
            )
        )

    def _open(self, blanks=None, is_active=False, **ground):
        """Bind requested cards to numbers: the blanks given, or the next in stock.

        A card's day of opening is the day its customer became a member, and its first
        period runs from there.

        :param blanks: map of a card to the blank it gets; others take the next ones
        :param ground: reason and document of the steps
        """
        self._check_step("open", None, None)
        self._check_membership()
        chosen = dict(blanks or {})
        for kind, cards in (
            self.filtered(lambda c: c not in chosen).grouped("kind_id").items()
        ):
            found = self.env["key.account.card.blank"]._take(kind, len(cards))
            chosen.update(zip(cards, found, strict=True))
        today = fields.Date.context_today(self)
        for card in self:
            card._bind(chosen[card], today, card._get_date_to(today))
        moves = self._record("open", dict.fromkeys(self.ids, "requested"), **ground)
        # The ledger is written past the rights (sudo): not handed on like that.
        moves = moves.sudo(False)
        if is_active:
            moves |= self._step("activate", **ground)
        return moves

    def _bind(self, blank, date_from, date_to):
        """Give the card the number of a blank, which leaves the stock for ever."""
        self.ensure_one()
        blank._check_give(self.kind_id)
        # sudo: the user may write the card and reaches the blank (both checked).
        blank.sudo().write({"state": "used"})
        self.sudo().write(
            {
                "blank_id": blank.id,
                "name": blank.name,
                "state": "issued",
                "date_from": date_from,
                "date_to": date_to,
            }
        )

    def _get_date_to(self, date_from):
        """The last day of a period that begins on a day: the yearly re-check."""
        self.ensure_one()
        months = relativedelta(months=self.kind_id.months, days=-1)
        return date_from + months

    def _replace(
        self, action="replace", blank=None, kind=None, is_active=True, **reason
    ):
        """A new card takes the place of this one and keeps its period (CARD-02).

        :param action: replace, or renumber for a mere change of the card number
        :param blank: the blank to use; the next in stock unless given
        :param kind: another kind, after the customer's grade changed
        :param reason: reason, reason_id, document of the step
        """
        self.ensure_one()
        self._check_step(action, reason.get("reason"), reason.get("reason_id"))
        kind = kind or self.kind_id
        blank = blank or self.env["key.account.card.blank"]._take(kind)
        blank._check_give(kind)
        self._step(action, **reason)
        # sudo: the user may write the card whose place the new one takes (checked).
        new = self.sudo().create(self._prepare_successor_vals(kind))
        new._bind(blank.sudo(), self.date_from, self.date_to)
        new._record("open", {new.id: "requested"}, other_card_id=self.id, **reason)
        new = new.sudo(False)
        if is_active:
            new._step("activate", **reason)
        return new

    def _prepare_successor_vals(self, kind):
        return {
            "partner_id": self.partner_id.id,
            "line_id": self.line_id.id,
            "number_id": self.number_id.id,
            "kind_id": kind.id,
            "holder_id": self.holder_id.id,
            "holder_name": self.holder_name,
            "predecessor_id": self.id,
            "user_id": self.env.uid,
        }

    def _reverse(self, reason=None, reason_id=None, document=None):
        """Take a joining back: it counts as if it had never been (CARD-07)."""
        for card in self:
            if card.predecessor_id:
                raise UserError(
                    self.env._(
                        "Card %(card)s took the place of an earlier one: a joining is "
                        "reversed on the first card only. Cancel it instead.",
                        card=card.name,
                    )
                )
        return self._step(
            "reverse", reason=reason, reason_id=reason_id, document=document
        )

    def _renew(self, date_to=None, **reason):
        """Begin the next period after the re-check."""
        self._check_step("renew", reason.get("reason"), reason.get("reason_id"))
        self._check_membership()
        for card in self:
            start = card.date_to + relativedelta(days=1)
            # sudo: the user may write the card (checked); dates are written here only.
            card.sudo().write(
                {"date_to": date_to or card._get_date_to(start), "date_notice": False}
            )
        return self._step("renew", **reason)

    def _check_membership(self):
        """Refuse a card to a customer that cannot be a member (domain 2.5)."""
        for card in self:
            problem = card._get_membership_problem()
            if problem:
                raise UserError(
                    self.env._(
                        "%(customer)s cannot have the card: %(problem)s",
                        customer=card.partner_id.display_name,
                        problem=problem,
                    )
                )

    def _get_membership_problem(self):
        """Why the customer cannot hold this card today, or False."""
        self.ensure_one()
        number, customer = self.number_id, self.partner_id
        if number and number.state == "closed":
            return self.env._("its number %(number)s is closed.", number=number.name)
        if number and number.partner_id != customer:
            return self.env._(
                "the number %(number)s has another owner.", number=number.name
            )
        if customer.key_account_state in ("potential", "qualified", "churned"):
            return self.env._("it is not a customer that is served now.")
        return False

    def action_withdraw(self):
        """Take an own application back, as long as nothing was decided on it."""
        for card in self:
            if card.state != "requested" or card.user_id != self.env.user:
                raise UserError(
                    self.env._(
                        "Only the one who applied withdraws an application, before it "
                        "is decided on."
                    )
                )
        self.check_access("read")
        states = {card.id: card.state for card in self}
        # sudo: who applied may not write cards, but withdraw what he asked for.
        cards = self.sudo()
        cards.write(self._prepare_step_vals("cancel"))
        cards._record("cancel", states, reason=self.env._("Withdrawn by the applicant"))
        return True
