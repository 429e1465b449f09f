# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.fields import Domain
from odoo.tools import SQL


class KeyAccountHandover(models.Model):
    """What an order takes: selected in the reach of whoever gives it, in sets."""

    _inherit = "key.account.handover"

    def _collect(self) -> SQL:
        """(partner_id, line_id, from_user, from_unit, to_user, to_unit) of what would
        change hands. Selected under the rules of the present user."""
        self.ensure_one()
        self.env.flush_all()
        if self.kind in ("file", "return"):
            return self._collect_kept()
        if self.kind == "rule":
            return self._collect_by_rule()
        if self.role != "main":
            return self._collect_pairs(self._select_home(), self.to_user_id, False)
        pairs = [(self.from_user_id, self.to_user_id)]
        if self.kind == "swap":
            pairs.append((self.to_user_id, self.from_user_id))
        parts = []
        for giver, taker in pairs:
            parts.append(self._collect_pairs(self._select_home(giver), taker))
            if self.kind != "assign":
                parts.append(self._collect_pairs(self._select_lines(giver), taker))
        return SQL(" UNION ALL ").join(parts)

    def _collect_kept(self) -> SQL:
        """What a file named stays as it is."""
        return SQL(
            "SELECT partner_id, line_id, from_user_id, from_unit_id, to_user_id, "
            "to_unit_id FROM key_account_handover_line WHERE order_id = %s",
            self.id,
        )

    def _get_writable(self, unit_field):
        """Only rows that the present user assigns: those of his units."""
        user = self.env.user
        if self.env.su or user.key_account_write_reach == "all":
            return Domain.TRUE
        return Domain(unit_field, "in", user.key_account_unit_ids.ids)

    def _get_codes_domain(self, field, codes):
        """Customers with one of these codes."""
        return Domain(field, "in", [code for code in codes if code])

    def _select_home(self, giver=None) -> SQL:
        """(partner_id, line_id, user_id, unit_id) of customers."""
        domain = Domain("key_account_kind", "!=", False)
        domain &= self._get_writable("key_account_unit_id")
        if self.partner_ids:
            domain &= Domain("id", "in", self.partner_ids.ids)
        elif self.kind == "assign":
            domain = Domain.FALSE
        if giver:
            domain &= Domain("key_account_manager_id", "=", giver.id)
        elif self.kind == "reclaim":
            domain &= Domain("key_account_manager_id", "!=", False)
        if self.kind == "reclaim" and not giver and not self.partner_ids:
            domain &= Domain("key_account_unit_id", "child_of", self.unit_id.id)
        query = self.env["res.partner"].with_context(active_test=False)._search(domain)
        return SQL(
            "SELECT id AS partner_id, NULL::integer AS line_id, "
            "key_account_manager_id AS user_id, key_account_unit_id AS unit_id "
            "FROM res_partner WHERE id IN %s",
            query.subselect(),
        )

    def _select_lines(self, giver) -> SQL:
        """(partner_id, line_id, user_id, unit_id) of files of lines."""
        domain = Domain("manager_id", "=", giver.id) & self._get_writable("unit_id")
        if self.partner_ids:
            domain &= Domain("partner_id", "in", self.partner_ids.ids)
        elif not giver:
            domain = Domain.FALSE
        query = self.env["key.account.line.file"]._search(domain)
        return SQL(
            "SELECT partner_id, line_id, manager_id AS user_id, unit_id "
            "FROM key_account_line_file WHERE id IN %s",
            query.subselect(),
        )

    def _collect_pairs(self, rows, taker, is_changing=True) -> SQL:
        """Rows with where they go; those that are there already are left away."""
        unit = taker.key_account_unit_id if self.is_moving_unit else None
        return SQL(
            """
            SELECT row.partner_id, row.line_id, row.user_id AS from_user_id,
                   row.unit_id AS from_unit_id, %(taker)s::integer AS to_user_id,
                   COALESCE(%(unit)s::integer, row.unit_id) AS to_unit_id
              FROM (%(rows)s) AS row
             WHERE NOT %(changing)s OR row.user_id IS DISTINCT FROM %(taker)s
            """,
            rows=rows,
            taker=taker.id or None,
            unit=unit.id if unit else None,
            changing=is_changing,
        )

    def _collect_by_rule(self) -> SQL:
        today = self.env["key.account.unit"]._get_today()
        rule = self.rule_id
        if not rule:
            rule = rule._get_in_force(today, self.unit_id)
        domain = Domain("key_account_unit_id", "child_of", self.unit_id.id)
        domain &= self._get_writable("key_account_unit_id")
        if self.partner_ids:
            domain &= Domain("id", "in", self.partner_ids.ids)
        if self.is_unassigned_only:
            domain &= Domain("key_account_manager_id", "=", False)
        return rule._get_choice_query(domain, self.is_moving_unit)

    def _fill(self, rows):
        """Write the rows of the preview, and what they mean for each manager."""
        self.ensure_one()
        if self.kind not in ("file", "return"):
            self._clear_lines()
            self._insert_lines(rows)
        self.line_count = self.env["key.account.handover.line"].search_count(
            [("order_id", "=", self.id)]
        )
        self.party_ids.unlink()
        self.env["key.account.handover.party"]._make(self)
        self.state = "prepared"

    def _clear_lines(self):
        self.env.cr.execute(
            SQL("DELETE FROM key_account_handover_line WHERE order_id = %s", self.id)
        )
        self.env["key.account.handover.line"].invalidate_model(flush=False)

    def _insert_lines(self, rows):
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_handover_line (
                    order_id, state, partner_id, line_id, unit_id, manager_id,
                    from_user_id, from_unit_id, to_user_id, to_unit_id,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT %(order)s, 'planned', row.partner_id, row.line_id,
                       row.from_unit_id, row.from_user_id, row.from_user_id,
                       row.from_unit_id, row.to_user_id, row.to_unit_id, %(uid)s,
                       now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(rows)s) AS row
                 ORDER BY row.partner_id, row.line_id NULLS FIRST
                """,
                order=self.id,
                uid=self.env.uid,
                rows=rows,
            )
        )
        self.env["key.account.handover.line"].invalidate_model(flush=False)

    def _make_reversal(self, user=None):
        """The counter-order of what this one moved, ready to be carried out."""
        self.ensure_one()
        back = self.create(
            {
                "kind": "return",
                "origin_id": self.id,
                "unit_id": self.unit_id.id,
                "user_id": (user or self.user_id).id,
                "from_user_id": self.to_user_id.id,
                "to_user_id": self.from_user_id.id,
                "reason": self.env._("Takes back %(order)s", order=self.name),
                "is_moving_unit": True,
            }
        )
        back._insert_lines(
            SQL(
                """
                SELECT partner_id, line_id, to_user_id AS from_user_id,
                       to_unit_id AS from_unit_id, from_user_id AS to_user_id,
                       from_unit_id AS to_unit_id
                  FROM key_account_handover_line
                 WHERE order_id = %s AND state = 'moved'
                """,
                self.id,
            )
        )
        back._fill(None)
        return back
