# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL


class KeyAccountFeedInterface(models.AbstractModel):
    """Which customers the codes of a file mean, those of before a merge included."""

    _inherit = "key.account.feed.interface"

    @api.model
    def _create_customer_keys(self):
        """Which customer every code of the file means, whether it is being made.

        Files of customers add the rows that this file itself brings.
        """
        codes = SQL(" UNION ").join(
            SQL("SELECT DISTINCT customer AS code FROM %s", self._stage_table(record))
            for record in self._get_records().values()
            if "customer" in record.names
        )
        self._create_table(
            SQL.identifier("feed_known"),
            SQL(
                """
                SELECT code.code, partner.id, partner.key_account_unit_id AS unit_id,
                       partner.key_account_manager_id AS manager_id,
                       NULL::integer AS row, FALSE AS is_refused
                  FROM (%(codes)s) AS code
                  JOIN res_partner AS partner ON partner.key_account_code = code.code
                 WHERE partner.key_account_kind IS NOT NULL
                 UNION ALL
                SELECT code.code, partner.id, partner.key_account_unit_id,
                       partner.key_account_manager_id, NULL, FALSE
                  FROM (%(codes)s) AS code
                  JOIN key_account_code_alias AS alias ON alias.name = code.code
                  JOIN res_partner AS partner ON partner.id = alias.partner_id
                 WHERE NOT EXISTS (SELECT FROM res_partner AS other
                                    WHERE other.key_account_code = code.code)
                """,
                codes=codes,
            ),
        )
        self._create_table(
            SQL.identifier("feed_alias"),
            SQL(
                """
                SELECT known.code, known.id, partner.key_account_code AS code_now
                  FROM feed_known AS known
                  JOIN key_account_code_alias AS alias
                    ON alias.name = known.code AND alias.partner_id = known.id
                  JOIN res_partner AS partner ON partner.id = known.id
                """
            ),
        )

    @api.model
    def _customer_errors(self):
        return [
            (
                SQL("stage.customer IS NOT NULL AND known.code IS NULL"),
                "customer customer",
            ),
            (
                SQL("known.is_refused"),
                SQL("concat('customer_refused customer ', known.row)"),
            ),
        ]
