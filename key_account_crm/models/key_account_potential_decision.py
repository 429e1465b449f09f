# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..life_cycle import add_working_days
from .key_account_potential import FIRST_STAGES, QUALIFIED_STAGES


class KeyAccountPotential(models.Model):
    """What a potential file comes to: decided by its score, converted, or lost.

    A manager decides and converts where the score qualifies; below it an approver
    (head, company, centre) may convert all the same (domain 3.2).
    """

    _inherit = "key.account.potential"

    def action_decide(self):
        """Score by the rule in force today and keep the result (GRD-01)."""
        for file in self:
            file._decide()

    def _decide(self):
        self.ensure_one()
        self.check_access("write")
        self._check_may_decide()
        today = fields.Date.context_today(self)
        rules = self.env["key.account.qualification.rule"]
        rule = rules._get_in_force(today, self.unit_id)
        if not rule:
            raise UserError(
                self.env._(
                    "No qualification rule is in force on %(date)s: ask the centre to "
                    "approve one.",
                    date=today,
                )
            )
        score, parts = rule._score(self, today)
        result = rule._get_verdict(score)
        if result == "rejected" and not self.closing_reason:
            raise UserError(
                self.env._(
                    "%(score)s points are too few (below %(limit)s): write the closing "
                    "reason, then decide again.",
                    score=score,
                    limit=rule.threshold_nurture,
                )
            )
        # sudo: a decision is written here only, by whoever may write the file.
        self.sudo().write(
            {
                "score_decided": score,
                "parts": parts,
                "rule_id": rule.id,
                "result": result,
                "date_confirmed": today,
                "confirmed_by_id": self.env.uid,
            }
        )
        getattr(self, f"_after_{result}")()

    def _check_may_decide(self):
        if self.stage not in FIRST_STAGES:
            raise UserError(
                self.env._(
                    "The file of %(customer)s was decided: nothing is left to score.",
                    customer=self.partner_id.display_name,
                )
            )
        self._check_stops()

    def _check_stops(self):
        if stops := self._get_stops():
            raise UserError(
                self.env._(
                    "%(customer)s cannot be qualified:\n%(stops)s",
                    customer=self.partner_id.display_name,
                    stops="\n".join(stops),
                )
            )

    def _get_term_id(self, code):
        term = self.env.ref(f"key_account_crm.key_account_term_move_{code}")
        return term.id

    def _after_qualified(self):
        """The customer is qualified; whoever assigns gets a few days to do so."""
        self._move_customer("qualified", "qualified")
        self.sudo().write({"stage": "qualified"})  # sudo: part of the decision
        if not self.manager_id:
            self.activity_schedule(
                "key_account_crm.mail_activity_type_assign",
                date_deadline=add_working_days(
                    self.date_confirmed, self.rule_id.assign_days
                ),
                user_id=self._get_assigner().id,
            )

    def _after_nurture(self):
        """The file is looked at again some months later."""
        self._move_customer("potential", "given_up")
        self.sudo().write({"stage": "verifying"})  # sudo: part of the decision
        self.activity_schedule(
            "key_account_crm.mail_activity_type_nurture",
            date_deadline=self.date_confirmed
            + relativedelta(months=self.rule_id.nurture_months),
            user_id=(self.manager_id or self._get_assigner()).id,
        )

    def _move_customer(self, state, term):
        """Bring the customer into the state the decision leads to."""
        if self.partner_id.key_account_state != state:
            self.partner_id._key_account_move(
                state,
                reason=self.env._("Score %(score)s", score=self.score_decided),
                reason_id=self._get_term_id(term),
            )

    def _after_rejected(self):
        self.sudo().write({"stage": "lost"})  # sudo: part of the decision

    def _after_lost(self):
        """Close the files; customers that were qualified are potential again."""
        # sudo: the day of closing is not entered by hand.
        self.sudo().write({"date_closed": fields.Date.context_today(self)})
        for file in self:
            if file.partner_id.key_account_state == "qualified":
                file.partner_id._key_account_move(
                    "potential",
                    reason=file.closing_reason,
                    reason_id=file._get_term_id("given_up"),
                )

    def _get_assigner(self):
        """Who assigns managers for this file's unit: its head, or the next above."""
        return self.unit_id._get_decider() or self.env.user

    def action_convert(self):
        """Ask for kind and line of the customer to be."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_conversion_action"
        )
        action["context"] = {
            "default_potential_id": self.id,
            "default_kind": self.kind,
            "default_line_id": self.line_id.id,
        }
        return action

    def _convert(self, kind, line=None, reason=None):
        """Make the customer active, of this kind, with a file of the line if one is
        told. The potential file stays, linked with the move and closed."""
        self.ensure_one()
        self.check_access("write")
        self._check_stops()
        partner, values = self.partner_id, self._prepare_line_file(line)
        term = self._get_term_id("converted")
        if self.result != "qualified" and not partner._key_account_is_approver():
            raise AccessError(partner._key_account_explain_approver("active"))
        if partner.key_account_state == "potential":
            partner._key_account_move("qualified", reason=reason, reason_id=term)
        partner._key_account_move("active", reason=reason, reason_id=term)
        if kind != partner.key_account_kind:
            # sudo: the kind of a customer is a key field, which the conversion decides.
            partner.sudo().write(
                {"key_account_kind": kind, "is_company": kind != "individual"}
            )
        if line and line not in partner.sudo().key_account_line_file_ids.line_id:
            self.env["key.account.line.file"].create(values)

    def _prepare_line_file(self, line):
        """Values of the professional line file that goes on from this file."""
        return {
            "partner_id": self.partner_id.id,
            "line_id": line and line.id,
            "unit_id": self.unit_id.id,
            "manager_id": self.manager_id.id,
            "date_from": fields.Date.context_today(self),
            "amount_year": self.revenue_year,
            "competitor_id": self.supplier_id.id,
        }

    @api.model
    def _follow_moves(self, moves):
        """Open files follow what became of their customer. Called as superuser."""
        if not moves:
            return
        files = {file.partner_id.id: file for file in self._get_open(moves.partner_id)}
        for move in moves:
            file = files.get(move.partner_id.id)
            vals = file and file._prepare_follow_vals(move)
            if vals:
                file.write(vals)

    def _prepare_follow_vals(self, move):
        """What a move of the customer changes on its open file."""
        if move.state_to == "active":
            return {
                "stage": "converted",
                "move_id": move.id,
                "date_closed": move.date,
                "probability": 100,
            }
        if move.state_to == "churned":
            reason = move.reason or move.reason_id.name
            return {"stage": "lost", "closing_reason": self.closing_reason or reason}
        if move.state_to == "qualified" and self.stage not in QUALIFIED_STAGES:
            return {"stage": "qualified"}
        if move.state_to == "potential" and self.stage in QUALIFIED_STAGES:
            return {"stage": "verifying"}
        return {}
