# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountStanding(models.Model):
    """The grade a customer has now, and how long its figures have pointed elsewhere.

    Written by moves of the grade only; the moves are the history (GRD-16).
    """

    _inherit = "key.account.standing"

    grade_id = fields.Many2one(
        comodel_name="key.account.grade",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    grade_date = fields.Date(
        string="Graded on", readonly=True, help="Empty: never, or not since it left."
    )
    grade_valid_to = fields.Date(string="Membership until", readonly=True)
    grade_floor_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="Not below",
        readonly=True,
        ondelete="restrict",
        help="Protection: no run takes the customer below this grade.",
    )
    grade_floor_until = fields.Date(string="Protected until", readonly=True)
    grade_streak = fields.Integer(
        string="Months in a Row",
        readonly=True,
        aggregator=None,
        help="In which the figures led to a higher grade; below zero: to a lower one.",
    )
    grade_goal_id = fields.Many2one(
        comodel_name="key.account.grade",
        string="On the Way to",
        readonly=True,
        ondelete="restrict",
    )
    grade_month = fields.Date(
        string="Month Counted", readonly=True, help="The last month of the streak."
    )
    grade_streak_before = fields.Integer(
        string="Months before",
        readonly=True,
        aggregator=None,
        help="The streak before the month counted: the month may be graded again.",
    )
    grade_goal_before_id = fields.Many2one(
        comodel_name="key.account.grade", readonly=True, ondelete="restrict"
    )
    grade_notified = fields.Date(
        string="Notice Given for",
        readonly=True,
        help="End of the membership that the customer was told about.",
    )

    _grade_valid_to_idx = models.Index(
        "(grade_valid_to) WHERE grade_valid_to IS NOT NULL"
    )

    @api.model
    def _apply_grade_moves(self, moves):
        """Let the customers of applied moves have what these say, in one statement."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_standing AS standing
                   SET grade_id = move.grade_to_id,
                       grade_date = CASE WHEN move.trigger <> 'churn'
                                         THEN move.date_effective END,
                       grade_valid_to = move.date_expiry,
                       grade_floor_id = CASE
                           WHEN move.trigger = 'churn' THEN NULL
                           WHEN move.floor_until IS NOT NULL THEN move.floor_id
                           ELSE standing.grade_floor_id END,
                       grade_floor_until = CASE
                           WHEN move.trigger = 'churn' THEN NULL
                           ELSE COALESCE(move.floor_until, standing.grade_floor_until)
                           END,
                       grade_streak = 0, grade_streak_before = 0,
                       grade_goal_id = NULL, grade_goal_before_id = NULL,
                       write_uid = %(uid)s, write_date = now() AT TIME ZONE 'UTC'
                  FROM key_account_grade_move AS move
                 WHERE move.id = ANY(%(moves)s)
                   AND standing.partner_id = move.partner_id
                """,
                uid=self.env.uid,
                moves=moves.ids,
            )
        )
        self._forget_grades()

    @api.model
    def _reset_grade_streaks(self, partner_ids):
        """Months in a row count anew: somebody decided otherwise."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_standing
                   SET grade_streak = 0, grade_streak_before = 0,
                       grade_goal_id = NULL, grade_goal_before_id = NULL
                 WHERE partner_id = ANY(%s)
                """,
                list(partner_ids),
            )
        )
        self._forget_grades()

    @api.model
    def _forget_grades(self):
        names = [name for name in self._fields if name.startswith("grade_")]
        self.invalidate_model(names, flush=False)
        partner = self.env["res.partner"]
        partner.invalidate_model(
            [name for name in partner._fields if name.startswith("key_account_grade_")],
            flush=False,
        )
