# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_date

from .res_partner import STATES

# From a state (None: the registration) to the states that may follow it. The only place
# that says so: screens, batches and tests ask here.
STEPS = {
    None: ("potential", "active"),
    "potential": ("qualified", "churned"),
    "qualified": ("active", "potential"),
    "active": ("suspended", "churned"),
    "suspended": ("active", "churned"),
    "churned": ("won_back",),
    "won_back": ("active", "suspended", "churned"),
}
# States in which there is something to lose.
LIVE_STATES = ("active", "suspended", "won_back")


class KeyAccountStateMove(models.Model):
    """A step of a customer's life-cycle: from, to, day, reason, operator (FILE-19).

    A ledger: a move is never changed nor deleted, a wrong one is answered by another
    one. The customer's state is the state its last move leads to.

    Moves are made by ``res.partner._key_account_move``, which also says who may.
    """

    _name = "key.account.state.move"
    _description = "Life-Cycle Move"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"

    # The indexes below begin with it.
    partner_id = fields.Many2one(index=False)
    state_from = fields.Selection(
        selection=STATES, string="From", help="Empty at the registration."
    )
    state_to = fields.Selection(selection=STATES, string="To", required=True)
    date = fields.Date(required=True, index=True, default=fields.Date.context_today)
    reason_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Reason",
        domain=[("category", "=", "move_reason")],
        ondelete="restrict",
    )
    reason = fields.Text(string="Remarks")
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Operator",
        required=True,
        index=True,
        default=lambda self: self.env.user,
        ondelete="restrict",
    )
    document = fields.Char(help="Reference of the paper or file the move rests on.")
    attachment_ids = fields.Many2many(
        comodel_name="ir.attachment",
        relation="key_account_state_move_attachment_rel",
        column1="move_id",
        column2="attachment_id",
        string="Attachments",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        index="btree_not_null",
        ondelete="restrict",
    )

    _state_differs = models.Constraint(
        "CHECK (state_from IS DISTINCT FROM state_to)",
        "A move leads to another state.",
    )
    _partner_date_idx = models.Index("(partner_id, date DESC, id DESC)")

    @api.depends("state_from", "state_to", "date")
    @api.depends_context("lang")
    def _compute_display_name(self):
        labels = dict(self._fields["state_to"]._description_selection(self.env))
        for move in self:
            steps = [labels.get(move.state_from), labels.get(move.state_to)]
            day = format_date(self.env, move.date)
            move.display_name = f"{' → '.join(filter(None, steps))} ({day})"

    @api.constrains("date", "partner_id")
    def _check_date(self):
        for move in self:
            self._check_day(move.partner_id, move.date, before=move)

    @api.model
    def _check_day(self, partner, day, before=None):
        """Refuse a day in the future or before the customer's last move.

        :param before: the move of that day, where it is made already
        """
        if day and day > fields.Date.context_today(self):
            raise ValidationError(
                self.env._(
                    "%(customer)s cannot move on %(date)s, which is in the "
                    "future: enter the move on that day.",
                    customer=partner.display_name,
                    date=day,
                )
            )
        # sudo: the date of the previous move counts whoever may read it.
        domain = [("partner_id", "=", partner.id)]
        if before:
            domain.append(("id", "<", before.id))
        previous = self.sudo().search(domain, limit=1)
        if day and previous.date and previous.date > day:
            raise ValidationError(
                self.env._(
                    "%(customer)s moved last on %(previous)s: a move on %(date)s "
                    "would lie before that. Choose a later date.",
                    customer=partner.display_name,
                    previous=previous.date,
                    date=day,
                )
            )

    @api.model
    def _is_departure(self, state_from, state_to):
        """Whether a customer that was served leaves: it gets a churned file."""
        return state_to == "churned" and state_from in LIVE_STATES

    def write(self, vals):
        raise UserError(
            self.env._("A move stays as it was made: answer it with another move.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(
            self.env._("Moves of the life-cycle stay: answer one with another move.")
        )

    def _attach(self, attachments):
        """Hand the operator's uploads to this move, so that its readers see them."""
        self.ensure_one()
        attachments.check_access("write")
        # sudo: the attachments are the operator's own (checked above); nobody may write
        # a move, hence nobody may attach to it but here.
        attachments.sudo().write({"res_model": self._name, "res_id": self.id})

    @api.model
    def _get_steps_query(self) -> SQL:
        """The allowed steps as rows (state_from, state_to), to check sets with."""
        return SQL(
            "VALUES %s",
            SQL(", ").join(
                SQL("(%s::varchar, %s::varchar)", state_from, state_to)
                for state_from, steps in STEPS.items()
                for state_to in steps
            ),
        )

    @api.model
    def _record(self, rows, reason_id=None):
        """Append the moves a query gives, in one statement, and return them.

        For code that works in sets and writes the states itself; it has checked dates
        and steps (``_get_steps_query``). ``_follow_up`` of the result does what moves
        entail.

        :param SQL rows: a query with the columns partner_id, state_from, state_to,
            date, reason, run_id
        :param int reason_id: the term of moves other than registrations
        """
        self.env.flush_all()
        registration = self.env.ref(
            "key_account_crm.key_account_term_move_registration",
            raise_if_not_found=False,
        )
        ids = self.env.execute_query(
            SQL(
                """
                INSERT INTO key_account_state_move (
                    partner_id, state_from, state_to, date, reason, run_id, reason_id,
                    user_id, unit_id, manager_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT step.partner_id, step.state_from, step.state_to,
                       step.date::date, step.reason, step.run_id::integer,
                       CASE WHEN step.state_from IS NULL THEN %(registration)s::integer
                            ELSE %(reason)s::integer END,
                       %(uid)s, partner.key_account_unit_id,
                       partner.key_account_manager_id,
                       %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s,
                       now() AT TIME ZONE 'UTC'
                  FROM (%(rows)s) AS step (
                       partner_id, state_from, state_to, date, reason, run_id)
                  JOIN res_partner AS partner ON partner.id = step.partner_id
                RETURNING id
                """,
                rows=rows,
                registration=registration.id if registration else None,
                reason=reason_id,
                uid=self.env.uid,
            )
        )
        self.env["res.partner"].invalidate_model(["key_account_move_ids"], flush=False)
        return self.browse(row[0] for row in ids)

    @api.model
    def _complete(self, partner_ids, reason=None, run_id=None):
        """Give every customer whose state its moves do not explain the missing move.

        That is the first move of a new customer, dated on the day its file was opened,
        and today's move of one whose state the system itself wrote. Repeating it
        changes nothing. Returns the new moves.
        """
        system = self.env.ref(
            "key_account_crm.key_account_term_move_system", raise_if_not_found=False
        )
        moves = self._record(
            self._get_missing_query(partner_ids, reason, run_id), system and system.id
        )
        # sudo: what a move entails is not for the operator to choose, and needs rows of
        # lines he may not read.
        moves.sudo()._follow_up()
        return moves

    @api.model
    def _get_missing_query(self, partner_ids, reason, run_id) -> SQL:
        return SQL(
            """
            SELECT partner.id, last.state_to, partner.key_account_state,
                   CASE WHEN last.id IS NULL
                        THEN LEAST(partner.key_account_date_from, %(today)s::date)
                        ELSE GREATEST(last.date, %(today)s::date) END,
                   %(reason)s::text, %(run)s::integer
              FROM res_partner AS partner
              LEFT JOIN LATERAL (
                SELECT id, state_to, date
                  FROM key_account_state_move
                 WHERE partner_id = partner.id
                 ORDER BY date DESC, id DESC
                 LIMIT 1
              ) AS last ON TRUE
             WHERE partner.id = ANY(%(partners)s)
               AND partner.key_account_kind IS NOT NULL
               AND partner.key_account_state IS DISTINCT FROM last.state_to
            """,
            today=fields.Date.context_today(self),
            reason=reason,
            run=run_id,
            partners=list(partner_ids),
        )

    def _follow_up(self):
        """Do what these new moves entail. Hook for other addons.

        Customers that were served and left get a churned file, those that return have
        theirs closed; potential files follow their customer; what was proposed for it
        meanwhile is void.
        """
        churns = self.env["key.account.churn"]
        churns._open(
            self.filtered(
                lambda move: self._is_departure(move.state_from, move.state_to)
            )
        )
        churns._close(self.filtered(lambda move: move.state_to == "won_back"))
        self.env["key.account.potential"]._follow_moves(
            self.filtered(lambda move: move.state_from in ("potential", "qualified"))
        )
        self.env["key.account.move.proposal"]._overtake(self.filtered("state_from"))
