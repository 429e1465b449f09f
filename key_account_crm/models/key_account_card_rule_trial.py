# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL

from .key_account_card import LIVE

WITHOUT_LIMIT = "∞"


class KeyAccountCardRule(models.Model):
    """The dry run of allowances: who would be given more or less of what (RULE-03)."""

    _inherit = "key.account.card.rule"

    def _get_trial_query(self, day) -> SQL:
        """A row per living card and benefit that the version before or this one names:
        how often a year, by both."""
        self.ensure_one()
        return SQL(
            """
            SELECT compared.partner_id, compared.line_id,
                   benefit.code || ' ' || compared.before AS before,
                   benefit.code || ' ' || compared.after AS after,
                   compared.amount_before, compared.amount_after,
                   CASE WHEN compared.after = compared.before THEN 'none'
                        WHEN compared.after = %(all)s THEN 'up'
                        WHEN compared.before = %(all)s THEN 'down'
                        WHEN compared.amount_after > compared.amount_before THEN 'up'
                        ELSE 'down' END AS direction
              FROM (SELECT card.partner_id, card.line_id,
                           COALESCE(old.benefit_id, new.benefit_id) AS benefit_id,
                           CASE WHEN old.is_unlimited THEN %(all)s
                                ELSE COALESCE(old.quantity, 0)::text END AS before,
                           CASE WHEN new.is_unlimited THEN %(all)s
                                ELSE COALESCE(new.quantity, 0)::text END AS after,
                           COALESCE(old.quantity, 0)::numeric AS amount_before,
                           COALESCE(new.quantity, 0)::numeric AS amount_after
                      FROM key_account_card AS card
                      JOIN (SELECT DISTINCT benefit_id FROM key_account_card_rule_line)
                        AS named ON TRUE
                      LEFT JOIN %(in_force)s ON rule_of_unit.unit_id = card.unit_id
                      LEFT JOIN key_account_card_rule_line AS old
                        ON old.rule_id = rule_of_unit.rule_id
                       AND old.kind_id = card.kind_id
                       AND old.benefit_id = named.benefit_id
                      LEFT JOIN key_account_card_rule_line AS new
                        ON new.rule_id = %(rule)s
                       AND new.kind_id = card.kind_id
                       AND new.benefit_id = named.benefit_id
                     WHERE card.state IN %(live)s
                       AND (old.id IS NOT NULL OR new.id IS NOT NULL)
                   ) AS compared
              JOIN key_account_card_benefit AS benefit
                ON benefit.id = compared.benefit_id
            """,
            all=WITHOUT_LIMIT,
            in_force=self._get_map_sql(day),
            rule=self.id,
            live=LIVE,
        )
