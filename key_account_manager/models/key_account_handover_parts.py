# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL


class Part(NamedTuple):
    """Something open that hangs on customers and travels with them."""

    model: str
    label: str
    is_open: SQL  # condition on the alias ``fact``
    person: str | None = None  # column of who works on it: it follows too


class KeyAccountHandover(models.Model):
    """What travels with the customers, and who works on it from then on."""

    _inherit = "key.account.handover"

    @api.model
    def _get_parts(self):
        """What is open of customers. Hook: every addon adds its own."""
        return [
            Part(
                "key.account.potential",
                self.env._("potential files"),
                SQL("fact.stage NOT IN ('converted', 'lost')"),
            ),
        ]

    def _count_parts(self):
        """{(from id, to id): {label: number}} of what is open, a statement each."""
        found = {}
        for part in self._get_parts():
            rows = self.env.execute_query(
                SQL(
                    """
                    SELECT row.from_user_id, row.to_user_id, COUNT(*)
                      FROM %(joined)s
                     WHERE row.order_id = %(order)s AND %(is_open)s
                     GROUP BY row.from_user_id, row.to_user_id
                    """,
                    joined=self._join_facts(part.model),
                    order=self.id,
                    is_open=part.is_open,
                )
            )
            for giver, taker, count in rows:
                found.setdefault((giver, taker), {})[part.label] = count
        for giver, taker, count in self._count_activities():
            label = self.env._("reminders")
            found.setdefault((giver, taker), {})[label] = count
        return found

    def _join_facts(self, model_name) -> SQL:
        """``row`` of this order and the ``fact``s that belong to it: those of its line,
        or of the customer as such where no line file has them."""
        table = SQL.identifier(self.env[model_name]._table)
        if "line_id" not in self.env[model_name]._fields:
            return SQL(
                "key_account_handover_line AS row JOIN %s AS fact "
                "ON fact.partner_id = row.partner_id AND row.line_id IS NULL",
                table,
            )
        return SQL(
            """
            key_account_handover_line AS row
              JOIN %s AS fact ON fact.partner_id = row.partner_id
               AND (fact.line_id IS NOT DISTINCT FROM row.line_id
                    OR row.line_id IS NULL AND NOT EXISTS (
                        SELECT 1 FROM key_account_line_file AS file
                         WHERE file.partner_id = fact.partner_id
                           AND file.line_id = fact.line_id))
            """,
            table,
        )

    def _get_activity_query(self) -> SQL:
        """(id, from_user_id, to_user_id) of the reminders of givers on what travels."""
        parts = [
            SQL(
                """
                SELECT activity.id, row.from_user_id, row.to_user_id
                  FROM key_account_handover_line AS row
                  JOIN mail_activity AS activity
                    ON activity.res_model = 'res.partner'
                   AND activity.res_id = row.partner_id
                   AND activity.user_id = row.from_user_id AND activity.active
                 WHERE row.order_id = %s AND row.line_id IS NULL
                """,
                self.id,
            )
        ]
        for name in self.env["res.partner"]._key_account_fact_models():
            if "activity_ids" in self.env[name]._fields:
                parts.append(
                    SQL(
                        """
                        SELECT activity.id, row.from_user_id, row.to_user_id
                          FROM %(joined)s
                          JOIN mail_activity AS activity
                            ON activity.res_model = %(model)s
                           AND activity.res_id = fact.id
                           AND activity.user_id = row.from_user_id
                           AND activity.active
                         WHERE row.order_id = %(order)s
                        """,
                        joined=self._join_facts(name),
                        model=name,
                        order=self.id,
                    )
                )
        return SQL(" UNION ALL ").join(parts)

    def _count_activities(self):
        return self.env.execute_query(
            SQL(
                "SELECT from_user_id, to_user_id, COUNT(*) FROM (%s) AS one "
                "GROUP BY from_user_id, to_user_id",
                self._get_activity_query(),
            )
        )

    def _move_persons(self):
        """Who works on what is open: the new manager, where it was the former one."""
        for part in self._get_parts():
            if part.person:
                self.env.cr.execute(
                    SQL(
                        """
                        UPDATE %(table)s AS target SET %(person)s = moved.to_user_id
                          FROM (
                            SELECT fact.id, row.to_user_id FROM %(joined)s
                             WHERE row.order_id = %(order)s AND row.state = 'planned'
                               AND row.to_user_id IS NOT NULL
                               AND fact.%(person)s = row.from_user_id AND %(is_open)s
                          ) AS moved
                         WHERE moved.id = target.id
                        """,
                        table=SQL.identifier(self.env[part.model]._table),
                        person=SQL.identifier(part.person),
                        joined=self._join_facts(part.model),
                        order=self.id,
                        is_open=part.is_open,
                    )
                )
        self.env.cr.execute(
            SQL(
                """
                UPDATE mail_activity SET user_id = moved.to_user_id
                  FROM (%s) AS moved
                 WHERE moved.id = mail_activity.id AND moved.to_user_id IS NOT NULL
                """,
                self._get_activity_query(),
            )
        )
