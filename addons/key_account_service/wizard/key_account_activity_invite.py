# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from odoo.addons.key_account_crm.models.res_partner import KINDS


class KeyAccountActivityInvite(models.TransientModel):
    """Asks which customers are invited to an activity, and says how many that are and
    how many are left out, before it invites them."""

    _name = "key.account.activity.invite"
    _description = "Invite Customers"

    activity_id = fields.Many2one(
        comodel_name="key.account.activity", required=True, ondelete="cascade"
    )
    grade_ids = fields.Many2many(
        comodel_name="key.account.grade", string="Grades", help="Empty: all grades."
    )
    kind = fields.Selection(
        selection=KINDS, string="Customer Kind", help="Empty: all kinds."
    )
    invite_count = fields.Integer(string="To Be Invited", compute="_compute_counts")
    optout_count = fields.Integer(
        string="Do Not Want It",
        compute="_compute_counts",
        help="They opted out of invitations.",
    )
    known_count = fields.Integer(string="Invited Already", compute="_compute_counts")

    @api.depends("activity_id", "grade_ids", "kind")
    @api.depends_context("uid")
    def _compute_counts(self):
        for wizard in self:
            rows = self.env.execute_query(
                SQL(
                    "SELECT verdict, COUNT(*) FROM (%s) AS found GROUP BY verdict",
                    wizard._get_guest_query(),
                )
            )
            counts = dict(rows)
            wizard.invite_count = counts.get("ok", 0)
            wizard.optout_count = counts.get("optout", 0)
            wizard.known_count = counts.get("known", 0)

    def _get_guest_query(self) -> SQL:
        """Customers that the user writes, and why one is not invited."""
        self.env.flush_all()
        partners = self.env["res.partner"]
        domain = [
            ("key_account_kind", "!=", False),
            ("key_account_state", "in", ("active", "won_back")),
        ]
        if self.kind:
            domain.append(("key_account_kind", "=", self.kind))
        if self.grade_ids:
            grades = ("key_account_grade_id", "in", self.grade_ids.ids)
            domain.append(grades)
        rule = self.env["ir.rule"]._compute_domain("res.partner", "write")
        query = partners._search(fields.Domain(domain) & rule)
        return SQL(
            """
            SELECT partner.id AS partner_id,
                   partner.key_account_unit_id AS unit_id,
                   partner.key_account_manager_id AS manager_id,
                   CASE WHEN EXISTS (
                        SELECT FROM key_account_activity_guest AS guest
                         WHERE guest.activity_id = %(activity)s
                           AND guest.partner_id = partner.id
                           AND guest.contact_id IS NULL) THEN 'known'
                        WHEN %(optout)s THEN 'optout' ELSE 'ok' END AS verdict
              FROM res_partner AS partner
             WHERE partner.id IN %(partners)s
            """,
            activity=self.activity_id.id or 0,
            optout=self.env["key.account.optout"]._get_optout_condition(
                SQL("partner.id"),
                SQL("NULL::integer"),
                "marketing",
                SQL("%s", "mail"),
                fields.Date.context_today(self),
            ),
            partners=query.subselect(),
        )

    def action_invite(self):
        self.ensure_one()
        self.env["key.account.activity.guest"].check_access("create")
        self.activity_id.check_access("read")
        if self.activity_id.state != "planned":
            raise UserError(self.env._("The activity is over."))
        self.env["key.account.standing"]._touch(
            [
                row[0]
                for row in self.env.execute_query(
                    SQL("SELECT partner_id FROM (%s) AS f", self._get_guest_query())
                )
            ]
        )
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_activity_guest (
                    activity_id, partner_id, unit_id, manager_id, state, cost,
                    currency_id, create_uid, create_date, write_uid, write_date)
                SELECT %(activity)s, partner_id, unit_id, manager_id, 'invited', 0,
                       %(currency)s, %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(guests)s) AS found
                 WHERE verdict = 'ok'
                """,
                activity=self.activity_id.id,
                currency=self.activity_id.currency_id.id,
                uid=self.env.uid,
                guests=self._get_guest_query(),
            )
        )
        self.env["key.account.activity.guest"].invalidate_model(flush=False)
        return {"type": "ir.actions.act_window_close"}
