# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountAssignment(models.Model):
    """How the ledger follows whoever assigns: a form, a feed, a merge, a batch."""

    _inherit = "key.account.assignment"

    @api.model
    def _sync(self, partner_ids, origin="hand", order=None):
        """Bring the ledger in line with who is responsible for these customers now.

        Two statements for any number of customers: rows that no longer hold end
        yesterday, others begin today. What is in line stays untouched.
        """
        if not partner_ids:
            return
        self.env.flush_all()
        values = {
            "owners": self._get_owners_query(list(partner_ids)),
            "partners": list(partner_ids),
            "today": self.env["key.account.unit"]._get_today(),
        }
        self.env.cr.execute(SQL(self._CLOSE, **values))
        self.env.cr.execute(
            SQL(
                self._OPEN,
                **values,
                origin=origin,
                order=order.id if order else None,
                uid=self.env.uid,
            )
        )
        self.invalidate_model(flush=False)

    # The open row of a customer or line whose manager or unit is another one now.
    _CLOSE = """
        UPDATE key_account_assignment AS row
           SET date_to = GREATEST(%(today)s::date, row.date_from) - 1
          FROM key_account_assignment AS open
          LEFT JOIN (%(owners)s) AS owner
            ON owner.partner_id = open.partner_id
           AND owner.line_id IS NOT DISTINCT FROM open.line_id
         WHERE open.partner_id = ANY(%(partners)s)
           AND open.role = 'main' AND NOT open.is_merged AND open.date_to IS NULL
           AND row.id = open.id
           AND (owner.partner_id IS NULL
                OR (owner.manager_id, owner.unit_id)
                   IS DISTINCT FROM (open.user_id, open.served_unit_id))
    """
    _OPEN = """
        INSERT INTO key_account_assignment (
            partner_id, line_id, unit_id, manager_id, user_id, served_unit_id, role,
            date_from, origin, order_id, is_merged,
            create_uid, create_date, write_uid, write_date
        )
        SELECT owner.partner_id, owner.line_id, owner.unit_id, owner.manager_id,
               owner.manager_id, owner.unit_id, 'main', %(today)s::date,
               CASE WHEN %(origin)s = 'hand' AND NOT EXISTS (
                        SELECT 1 FROM key_account_assignment AS earlier
                         WHERE earlier.partner_id = owner.partner_id
                           AND earlier.line_id IS NOT DISTINCT FROM owner.line_id)
                    THEN 'new' ELSE %(origin)s END,
               %(order)s, FALSE, %(uid)s,
               now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM (%(owners)s) AS owner
          LEFT JOIN key_account_assignment AS open
            ON open.partner_id = owner.partner_id
           AND open.line_id IS NOT DISTINCT FROM owner.line_id
           AND open.role = 'main' AND NOT open.is_merged AND open.date_to IS NULL
         WHERE open.id IS NULL
         ORDER BY owner.partner_id
    """

    @api.model
    def _get_owners_query(self, partner_ids) -> SQL:
        """(partner_id, line_id, manager_id, unit_id): who answers for each customer
        and each of its line files today."""
        return SQL(
            """
            SELECT id AS partner_id, NULL::integer AS line_id,
                   key_account_manager_id AS manager_id,
                   key_account_unit_id AS unit_id
              FROM res_partner
             WHERE id = ANY(%(partners)s) AND key_account_kind IS NOT NULL
             UNION ALL
            SELECT partner_id, line_id, manager_id, unit_id
              FROM key_account_line_file
             WHERE partner_id = ANY(%(partners)s)
            """,
            partners=partner_ids,
        )

    @api.model
    def _sync_all(self, origin="hand"):
        """The whole ledger: at installation, and as a check each night.

        :return: how many rows had to be ended or begun
        """
        before = self.env.execute_query(SQL(self._STATE))
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE key_account_kind IS NOT NULL "
                "UNION SELECT partner_id FROM key_account_assignment "
                "WHERE date_to IS NULL"
            )
        )
        self._sync([row[0] for row in rows], origin=origin)
        after = self.env.execute_query(SQL(self._STATE))
        return after[0][0] - before[0][0]

    _STATE = "SELECT COUNT(*) + COUNT(date_to) FROM key_account_assignment"

    @api.model
    def _set_assistants(self, partner_ids, user, order, is_adding=True):
        """Make somebody the assistant of these customers from today on, or no longer
        from today on (ASG-05)."""
        self.env.flush_all()
        values = {
            "partners": list(partner_ids),
            "user": user.id,
            "today": self.env["key.account.unit"]._get_today(),
            "order": order.id,
            "uid": self.env.uid,
        }
        self.env.cr.execute(SQL(self._ASSIST if is_adding else self._RELEASE, **values))
        count = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        self.env.registry.clear_cache()
        return count

    _ASSIST = """
        INSERT INTO key_account_assignment (
            partner_id, unit_id, manager_id, user_id, served_unit_id, role,
            date_from, origin, order_id, is_merged,
            create_uid, create_date, write_uid, write_date
        )
        SELECT partner.id, partner.key_account_unit_id, partner.key_account_manager_id,
               %(user)s, partner.key_account_unit_id, 'assistant', %(today)s::date,
               'assign', %(order)s, FALSE, %(uid)s,
               now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
          FROM res_partner AS partner
         WHERE partner.id = ANY(%(partners)s) AND partner.key_account_kind IS NOT NULL
           AND partner.key_account_manager_id IS DISTINCT FROM %(user)s
           AND NOT EXISTS (
                SELECT 1 FROM key_account_assignment AS open
                 WHERE open.partner_id = partner.id AND open.line_id IS NULL
                   AND open.role = 'assistant' AND open.user_id = %(user)s
                   AND open.date_to IS NULL AND NOT open.is_merged)
    """
    _RELEASE = """
        UPDATE key_account_assignment AS row
           SET date_to = GREATEST(%(today)s::date, row.date_from) - 1
         WHERE row.partner_id = ANY(%(partners)s) AND row.role = 'assistant'
           AND row.user_id = %(user)s AND row.date_to IS NULL
    """
