# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

ROLES = [("main", "Main"), ("assistant", "Assistant")]
ORIGINS = [
    ("standing", "Stood so at the Beginning"),
    ("new", "New Customer or Line"),
    ("hand", "Single Change"),
    ("assign", "Assigned"),
    ("swap", "Swapped"),
    ("reclaim", "Reclaimed"),
    ("handover", "Handed over"),
    ("rule", "By Rule"),
    ("file", "By File"),
    ("return", "Given back"),
]


class KeyAccountAssignment(models.Model):
    """Who was responsible for a customer (or its file of a line) from day to day.

    A ledger (ASG-01 to ASG-06): the main responsibility of a customer has neither gap
    nor overlap from its first row on; without a manager it is the unit's. It says by
    history what ``key_account_manager_id`` of the customer and ``manager_id`` of the
    line file say for today, whoever wrote these (``_sync``). A responsibility that
    was taken back on its first day lasted no day: its last day is the one before.
    """

    _name = "key.account.assignment"
    _description = "Assignment"
    _inherit = ["key.account.fact.mixin"]
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    role = fields.Selection(
        selection=ROLES, default="main", required=True, readonly=True
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Responsible",
        readonly=True,
        ondelete="restrict",
        help="Empty: nobody but the unit.",
    )
    served_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Unit then",
        readonly=True,
        ondelete="restrict",
    )
    date_from = fields.Date(string="First Day", required=True, readonly=True)
    date_to = fields.Date(
        string="Last Day", readonly=True, help="Empty: until further notice."
    )
    phase = fields.Selection(
        selection=[("present", "Present"), ("past", "Past")],
        compute="_compute_phase",
        search="_search_phase",
    )
    origin = fields.Selection(selection=ORIGINS, default="hand", readonly=True)
    order_id = fields.Many2one(
        comodel_name="key.account.handover",
        string="Hand-over",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    is_merged = fields.Boolean(
        string="Of a Merged File",
        readonly=True,
        help="Of a customer that was merged into this one.",
    )

    _dates = models.Constraint(
        "CHECK (date_to IS NULL OR date_to >= date_from - 1)",
        "A responsibility ends after it began.",
    )
    _main_once = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH &&, "
        "int4range(COALESCE(line_id, 0), COALESCE(line_id, 0), '[]') WITH &&, "
        "daterange(date_from, date_to + 1) WITH &&) "
        "WHERE (role = 'main' AND NOT is_merged)",
        "The customer has another main manager on some of these days.",
    )
    _assistant_once = models.Constraint(
        "EXCLUDE USING gist (int4range(partner_id, partner_id, '[]') WITH &&, "
        "int4range(COALESCE(line_id, 0), COALESCE(line_id, 0), '[]') WITH &&, "
        "int4range(user_id, user_id, '[]') WITH &&, "
        "daterange(date_from, date_to + 1) WITH &&) "
        "WHERE (role = 'assistant' AND NOT is_merged)",
        "The assistant helps with this customer on some of these days already.",
    )
    _user_idx = models.Index("(user_id, role, date_to)")

    @api.depends("date_from", "date_to")
    def _compute_phase(self):
        today = self.env["key.account.unit"]._get_today()
        for row in self:
            is_past = row.date_to and row.date_to < today
            row.phase = "past" if is_past else "present"

    def _search_phase(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        today = self.env["key.account.unit"]._get_today()
        past = Domain("date_to", "!=", False) & Domain("date_to", "<", today)
        domains = {"past": past, "present": ~past}
        return Domain.OR(domains[phase] for phase in value if phase in domains)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(self.env._("Assignments are a ledger: they stay."))

    def write(self, vals):
        if not self.env.su:
            raise UserError(
                self.env._("Assignments are a ledger: assign the customer anew.")
            )
        return super().write(vals)

    @api.model
    def _count_by_user(self, user_ids):
        """(user id, customers, line files, as assistant, ended, load) of each."""
        return self.env.execute_query(
            SQL(
                """
                SELECT user_id,
                       COUNT(*) FILTER (WHERE open AND main AND line_id IS NULL),
                       COUNT(*) FILTER (WHERE open AND main AND line_id IS NOT NULL),
                       COUNT(*) FILTER (WHERE open AND NOT main),
                       COUNT(*) FILTER (WHERE NOT open AND date_to >= date_from),
                       COUNT(DISTINCT partner_id) FILTER (WHERE open AND main)
                  FROM (
                    SELECT user_id, partner_id, line_id, date_from, date_to,
                           role = 'main' AS main,
                           date_to IS NULL OR date_to >= %(today)s AS open
                      FROM key_account_assignment
                     WHERE user_id = ANY(%(users)s)
                  ) AS row
                 GROUP BY user_id
                """,
                users=list(user_ids),
                today=self.env["key.account.unit"]._get_today(),
            )
        )
