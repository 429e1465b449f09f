# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL


class KeyAccountCard(models.Model):
    """Membership presupposes a grade that gives a card; below it the card lapses
    (CARD-06, domain 2.5).

    A customer that was never graded is not judged: where no grading runs, cards are
    given by hand.
    """

    _inherit = "key.account.card"

    def _get_member_condition(self) -> SQL:
        return SQL(
            """
            %s AND NOT EXISTS (
                SELECT FROM key_account_standing AS standing
                  LEFT JOIN key_account_grade AS grade ON grade.id = standing.grade_id
                 WHERE standing.partner_id = partner.id
                   AND standing.grade_date IS NOT NULL
                   AND COALESCE(grade.card_kind, '') = '')
            """,
            super()._get_member_condition(),
        )

    def _get_membership_problem(self):
        problem = super()._get_membership_problem()
        if problem:
            return problem
        # sudo: whoever may open the card may not read the standing of the customer's
        # other lines; only whether its grade gives a card comes out.
        standing = self.partner_id.sudo().key_account_standing_ids
        if standing.grade_date and not standing.grade_id.card_kind:
            return self.env._("its grade gives no card.")
        return False
