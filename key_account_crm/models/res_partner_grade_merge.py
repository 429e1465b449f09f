# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class ResPartner(models.Model):
    """Grades of files that become one: the history of both stays, the higher grade
    and the longer protection hold."""

    _inherit = "res.partner"

    def _key_account_merge_one(self, source, reason):
        """As superuser, like the whole merge."""
        moves = self.env["key.account.grade.move"]
        waiting = moves.search(
            [("partner_id", "=", source.id), ("state", "=", "proposed")]
        )
        waiting._decide(
            "withdrawn", refusal=self.env._("The file was merged into another one.")
        )
        standing = source.key_account_standing_ids
        former = {
            "grade": standing.grade_id,
            "expiry": standing.grade_valid_to,
            "floor": standing.grade_floor_id,
            "until": standing.grade_floor_until,
        }
        super()._key_account_merge_one(source, reason)
        self._key_account_take_grade(former, reason)

    def _key_account_take_grade(self, former, reason):
        """Take over what the merged file had, where it is more."""
        standing = self.key_account_standing_ids
        is_higher = former["grade"] and former["grade"].rank > (
            standing.grade_id.rank if standing.grade_id else 0
        )
        is_protected = former["until"] and (
            not standing.grade_floor_until
            or former["floor"].rank > standing.grade_floor_id.rank
        )
        if not is_higher and not is_protected:
            return
        vals = self._key_account_prepare_merged_grade(
            standing, former, is_higher, is_protected
        )
        # sudo: as superuser like the whole merge; the right to it was checked.
        moves = self.env["key.account.grade.move"].sudo()
        move = moves.create({**vals, "reason": reason})
        self.env["key.account.standing"]._apply_grade_moves(move)
        # What waited for the target was decided on another grade: it is void.
        waiting = moves.search(
            [("partner_id", "=", self.id), ("state", "=", "proposed")]
        )
        waiting._decide("withdrawn", refusal=self.env._("The grade changed meanwhile."))

    def _key_account_prepare_merged_grade(
        self, standing, former, is_higher, is_protected
    ):
        today = fields.Date.context_today(self)
        grade = former["grade"] if is_higher else standing.grade_id
        moves = self.env["key.account.grade.move"]
        return {
            "partner_id": self.id,
            "kind": self.key_account_kind,
            "grade_from_id": standing.grade_id.id,
            "grade_to_id": grade.id,
            "direction": moves._get_direction(standing.grade_id, grade),
            "state": "applied",
            "trigger": "merge",
            "date": today,
            "date_effective": today,
            "date_expiry": former["expiry"] if is_higher else standing.grade_valid_to,
            "floor_id": is_protected and former["floor"].id,
            "floor_until": is_protected and former["until"],
            "decided_by_id": self.env.uid,
            "date_decided": fields.Datetime.now(),
        }
