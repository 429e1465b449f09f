# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..models.key_account_dunning_step import TAKING
from ..models.key_account_suspension import KINDS


class KeyAccountSuspensionPropose(models.TransientModel):
    """Asks whose numbers to look at, shows who would be suspended and who is left out
    and why, and proposes what it shows: for one number or for a whole unit."""

    _name = "key.account.suspension.propose"
    _description = "Propose Suspensions"

    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        ondelete="cascade",
        default=lambda self: self.env.user.key_account_unit_id,
        help="Numbers of this unit and those below, as far as you may read them.",
    )
    partner_ids = fields.Many2many(
        comodel_name="res.partner",
        relation="key_account_suspension_propose_partner_rel",
        column1="wizard_id",
        column2="partner_id",
        string="Customers",
        domain=[("key_account_kind", "!=", False)],
        help="Empty: all.",
    )
    number_ids = fields.Many2many(
        comodel_name="key.account.number",
        relation="key_account_suspension_propose_number_rel",
        column1="wizard_id",
        column2="number_id",
        string="Numbers",
        help="Empty: all.",
    )
    by = fields.Selection(
        selection=[
            ("policy", "What the policy reached"),
            ("hand", "A step of my choice"),
        ],
        string="Propose",
        default="policy",
        required=True,
    )
    kind = fields.Selection(
        selection=[pair for pair in KINDS if pair[0] in TAKING], string="Step"
    )
    reason = fields.Text(help="Needed for a step of your choice.")
    line_ids = fields.One2many(
        comodel_name="key.account.suspension.propose.line",
        inverse_name="wizard_id",
        string="Numbers in Arrears",
    )
    shown_for = fields.Char(readonly=True)
    due_count = fields.Integer(string="Would Be Proposed", compute="_compute_counts")
    out_count = fields.Integer(string="Left Out", compute="_compute_counts")

    @api.depends("line_ids.left_out")
    def _compute_counts(self):
        for wizard in self:
            wizard.out_count = len(wizard.line_ids.filtered("left_out"))
            wizard.due_count = len(wizard.line_ids) - wizard.out_count

    def action_preview(self):
        """Look who would be suspended today, and who is left out and why."""
        self.ensure_one()
        self._check()
        # sudo: the rows of a preview are the system's; they reach no further than the
        # numbers its user may read.
        self.sudo().line_ids.unlink()
        self.env.flush_all()
        steps = self.env["key.account.suspension"]
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_suspension_propose_line (
                    wizard_id, number_id, partner_id, currency_id, kind, amount,
                    days_overdue, bill_count, is_protected, left_out,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(wizard)s, number_id, partner_id, currency_id, kind,
                       GREATEST(amount, 0), %(day)s::date - oldest, bill_count,
                       is_protected, reason, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(candidates)s) AS candidate
                 ORDER BY reason IS NOT NULL, oldest, number_id
                """,
                wizard=self.id,
                day=fields.Date.context_today(self),
                uid=self.env.uid,
                candidates=steps._get_candidates_sql(
                    fields.Date.context_today(self), self._get_scope(), self._get_kind()
                ),
            )
        )
        self.env.invalidate_all(flush=False)
        self.shown_for = self._get_question()
        return self._reopen()

    def action_propose(self):
        """Propose what the preview shows and still holds."""
        self.ensure_one()
        self._check()
        if self.shown_for != self._get_question():
            raise UserError(self.env._("Look at the preview first."))
        if self._get_kind() and not (self.reason or "").strip():
            raise UserError(self.env._("Write down why: whoever approves it reads it."))
        due = self.line_ids.filtered(lambda line: not line.left_out)
        if not due:
            raise UserError(self.env._("Nobody would be suspended: see why below."))
        scope = SQL("%s AND number.id = ANY(%s)", self._get_scope(), due.number_id.ids)
        # sudo: the rows are the system's; they are of the numbers that the user may
        # read, which the scope says.
        steps = self.env["key.account.suspension"].sudo()
        proposed = steps._propose(
            scope,
            kind=self._get_kind(),
            source="hand" if self._get_kind() else "policy",
            reason=self.reason,
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_arrears.key_account_suspension_action"
        )
        return action | {"domain": [("id", "in", proposed.ids)], "context": {}}

    def _check(self):
        if self.by == "hand" and not self.kind:
            raise UserError(self.env._("Choose the step."))
        if self.unit_id not in self.env.user.key_account_unit_ids and not self.env.su:
            raise UserError(
                self.env._("Choose a unit of your own: others propose for theirs.")
            )

    def _get_question(self):
        """What a preview is of: one of something else is none."""
        parts = (self.unit_id, self.partner_ids, self.number_ids)
        ids = [",".join(map(str, sorted(part.ids))) for part in parts]
        return "/".join([*ids, self._get_kind() or ""])

    def _get_kind(self):
        return self.kind if self.by == "hand" else None

    def _get_scope(self) -> SQL:
        """The numbers meant, as far as the user may read them."""
        numbers = self.env["key.account.number"]
        domain = [("unit_id", "in", self.unit_id._get_below().ids)]
        if self.partner_ids:
            domain.append(("partner_id", "in", self.partner_ids.ids))
        if self.number_ids:
            domain.append(("id", "in", self.number_ids.ids))
        query = numbers._search(domain)
        return SQL("number.id IN %s", query.subselect())

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Propose Suspensions"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
