# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

DECIDERS = (
    "key_account_crm.group_key_account_company",
    "key_account_crm.group_key_account_centre",
)


class KeyAccountGradeMove(models.Model):
    """Who proposes a grade, and who decides (GRD-06, GRD-07, GRD-08; domain 3.2).

    Staff propose for the customers they write; company managers decide for those of
    their company, the centre for all. Nobody decides about his own proposal.
    """

    _inherit = "key.account.grade.move"

    @api.model
    def _propose(self, partners, vals, reason):
        """Propose another grade, or a protection, by hand.

        :param dict vals: grade_to_id, trigger, and floor_id with floor_until
        :return: the proposals
        """
        partners.check_access("write")
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why, so that another person can decide about it.")
            )
        self._check_floor(vals)
        vals_list = [
            {**vals, **self._prepare_move(partner, vals), "reason": reason}
            for partner in partners
        ]
        # sudo: proposals are made here only; the right to write the file was checked.
        return self.sudo().create(vals_list).sudo(False)

    def _check_floor(self, vals):
        if bool(vals.get("floor_id")) != bool(vals.get("floor_until")):
            raise UserError(
                self.env._("A protection has a grade and an end: give both.")
            )
        until = fields.Date.to_date(vals.get("floor_until"))
        if until and until < fields.Date.context_today(self):
            raise UserError(self.env._("The protection would have ended already."))

    @api.model
    def _prepare_move(self, partner, vals):
        """Values of a move of a customer to the grade of ``vals``."""
        # sudo: the standing of a customer whose file the user may write.
        standing = partner.sudo().key_account_standing_ids
        grade = self.env["key.account.grade"].browse(vals.get("grade_to_id") or [])
        self._check_grade(partner, standing, grade, vals)
        return {
            "partner_id": partner.id,
            "kind": partner.key_account_kind,
            "grade_from_id": standing.grade_id.id,
            "direction": self._get_direction(standing.grade_id, grade),
            "streak": standing.grade_streak,
            "date": fields.Date.context_today(self),
            "user_id": self.env.uid,
        }

    def _check_grade(self, partner, standing, grade, vals):
        if partner.key_account_state in (False, "potential", "qualified", "churned"):
            raise UserError(
                self.env._(
                    "%(customer)s is not in service: only customers in service have a "
                    "grade.",
                    customer=partner.display_name,
                )
            )
        allowed = grade._get_kinds_field(partner.key_account_kind)
        if grade and not (grade.active and grade[allowed]):
            raise UserError(
                self.env._(
                    "%(grade)s is no grade for customers like %(customer)s.",
                    grade=grade.name,
                    customer=partner.display_name,
                )
            )
        if grade == standing.grade_id and not vals.get("floor_id"):
            raise UserError(
                self.env._(
                    "%(customer)s has this grade already: choose another one, or a "
                    "protection.",
                    customer=partner.display_name,
                )
            )

    @api.model
    def _get_direction(self, grade_from, grade_to):
        if not grade_from and grade_to:
            return "new"
        if grade_from == grade_to:
            return "same"
        is_up = grade_to and grade_to.rank > grade_from.rank
        return "up" if is_up else "down"

    def _confirm(self):
        """Apply what may be applied; return the proposals that were overtaken."""
        self._check_decider()
        # sudo: the right to decide was checked; nobody writes the ledger himself.
        moves = self.sudo()
        moves.env.flush_all()
        overtaken = moves.filtered(
            lambda m: m.partner_id.key_account_standing_ids.grade_id != m.grade_from_id
        )
        today = fields.Date.context_today(self)
        for move in moves - overtaken:
            move._decide(
                "applied",
                date_effective=today,
                date_expiry=move._get_expiry(today),
            )
        overtaken._decide(
            "withdrawn", refusal=self.env._("The grade changed meanwhile.")
        )
        moves.env["key.account.standing"]._apply_grade_moves(moves - overtaken)
        return overtaken.sudo(False)

    def _get_expiry(self, day):
        """End of the membership: that of the proposal, or as the rule in force says;
        a mere protection leaves it."""
        if self.date_expiry and self.date_expiry >= day:
            return self.date_expiry
        if self.direction == "same":
            return self.partner_id.key_account_standing_ids.grade_valid_to
        rule = self.rule_id or self.env["key.account.grade.rule"]._get_in_force(
            day, self.unit_id, kind=self.kind
        )
        return rule._get_expiry(day) if self.grade_to_id else False

    def _refuse(self, reason):
        self._check_decider()
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why, so that the proposer knows what to do next.")
            )
        self._decide("refused", refusal=reason)
        partner_ids = self.partner_id.ids
        self.env["key.account.standing"]._reset_grade_streaks(partner_ids)

    def _withdraw(self):
        self._check_waiting()
        if any(move.user_id != self.env.user for move in self):
            raise AccessError(
                self.env._("Only the one who made a proposal withdraws it.")
            )
        self._decide("withdrawn")

    def _decide(self, state, **vals):
        # sudo: nobody writes rows of the ledger; who may decide was checked before.
        self.sudo().write(
            {
                "state": state,
                "decided_by_id": self.env.uid,
                "date_decided": fields.Datetime.now(),
                **vals,
            }
        )
        # The index of waiting proposals knows only what is in the database.
        self.flush_recordset(["state"])

    def _filter_decidable(self):
        """Those of these moves that the user may decide about."""
        user = self.env.user
        if not any(user.has_group(group) for group in DECIDERS):
            return self.browse()
        of_others = self.filtered(lambda move: move.user_id != user)
        writable = of_others.partner_id._filtered_access("write")
        return of_others.filtered(lambda move: move.partner_id in writable)

    def _check_decider(self):
        self._check_waiting()
        if any(move.user_id == self.env.user for move in self):
            raise AccessError(
                self.env._(
                    "Nobody decides about his own proposal: ask the level above."
                )
            )
        if self._filter_decidable() != self:
            raise AccessError(
                self.env._(
                    "Grades are decided by the manager of the customer's company or "
                    "by the centre."
                )
            )

    def _check_waiting(self):
        self.check_access("read")
        # sudo: two deciders at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        if any(move.state != "proposed" for move in self):
            raise UserError(
                self.env._("This proposal is decided already: reload the page.")
            )
