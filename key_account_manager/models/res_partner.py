# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class ResPartner(models.Model):
    """A customer, and who was responsible for it from day to day (ASG-06)."""

    _inherit = "res.partner"

    key_account_assignment_ids = fields.One2many(
        comodel_name="key.account.assignment",
        inverse_name="partner_id",
        string="Assignments",
    )
    key_account_assistant_ids = fields.Many2many(
        comodel_name="res.users",
        string="Assistants",
        compute="_compute_key_account_assistant_ids",
        search="_search_key_account_assistant_ids",
    )

    def _compute_key_account_assistant_ids(self):
        rows = self.env["key.account.assignment"]
        found = {}
        if rows.has_access("read"):
            groups = rows._read_group(
                [
                    ("partner_id", "in", self.ids),
                    ("role", "=", "assistant"),
                    ("phase", "=", "present"),
                ],
                ["partner_id"],
                ["user_id:recordset"],
            )
            found = dict(groups)
        for partner in self:
            partner.key_account_assistant_ids = found.get(partner, False)

    def _search_key_account_assistant_ids(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        assisted = [
            ("role", "=", "assistant"),
            ("phase", "=", "present"),
            ("user_id", "in", value),
        ]
        return [("key_account_assignment_ids", "any", assisted)]

    def _key_account_realign_facts(self):
        self.env["key.account.assignment"]._sync(self.ids)
        return super()._key_account_realign_facts()

    def _key_account_move_rows(self, source):
        """The ledger of a merged file stays, beside that of the customer it is now."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_assignment
                   SET is_merged = TRUE,
                       date_to = COALESCE(
                            date_to, GREATEST(%(today)s::date, date_from) - 1)
                 WHERE partner_id = %(source)s
                """,
                source=source.id,
                today=self.env["key.account.unit"]._get_today(),
            )
        )
        return super()._key_account_move_rows(source)

    @api.model
    def _key_account_align_scopes(self, partner_ids):
        """The set of serving units of customers and their contacts, set-based: after
        home units were written by statements."""
        values = {"partners": list(partner_ids)}
        keys = self.env.execute_query(
            SQL("SELECT DISTINCT key FROM (%s) AS one", SQL(self._SCOPE_KEYS, **values))
        )
        scopes = self.env["key.account.scope"]._get_for_keys({row[0] for row in keys})
        self.env.cr.execute(
            SQL(
                """
                UPDATE res_partner AS partner SET key_account_scope_id = scope.id
                  FROM (%(keys)s) AS one
                  JOIN unnest(%(names)s::text[], %(ids)s::integer[]) AS scope (key, id)
                    ON scope.key = one.key
                 WHERE partner.commercial_partner_id = one.partner_id
                   AND partner.key_account_unit_id IS NOT NULL
                   AND partner.key_account_scope_id IS DISTINCT FROM scope.id
                """,
                keys=SQL(self._SCOPE_KEYS, **values),
                names=list(scopes),
                ids=[scope.id for scope in scopes.values()],
            )
        )
        self.invalidate_model(["key_account_scope_id"], flush=False)

    # As ``key.account.scope._make_key`` writes it.
    _SCOPE_KEYS = """
        SELECT partner_id, string_agg(unit_id::text, ',' ORDER BY unit_id) AS key
          FROM (
            SELECT id AS partner_id, key_account_unit_id AS unit_id
              FROM res_partner
             WHERE id = ANY(%(partners)s) AND key_account_unit_id IS NOT NULL
             UNION
            SELECT partner_id, unit_id FROM key_account_line_file
             WHERE partner_id = ANY(%(partners)s)
          ) AS unit
         GROUP BY partner_id
    """

    def action_view_key_account_assignments(self):
        self.ensure_one()
        name = "key_account_manager.key_account_assignment_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {}
        return action
