# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountDuplicate(models.Model):
    """Two customers that share something only one customer should have (FILE-20).

    One row is one pair and one reason. A pair whose common name was explained is none.
    Only who may read both customers sees the pair.
    """

    _name = "key.account.duplicate"
    _description = "Possible Duplicate"
    _auto = False
    _order = "partner_id, other_id, reason"
    _rec_name = "partner_id"
    _depends = {
        "res.partner": [
            "name",
            "key_account_kind",
            "key_account_credit_code",
            "key_account_duplicate_note",
            "key_account_unit_id",
        ],
        "key.account.number": ["name", "state", "partner_id"],
        "key.account.person": ["identity_number", "partner_id"],
    }

    partner_id = fields.Many2one(
        comodel_name="res.partner", string="Customer", readonly=True
    )
    other_id = fields.Many2one(
        comodel_name="res.partner", string="Other Customer", readonly=True
    )
    reason = fields.Selection(selection="_selection_reason", readonly=True)
    unit_id = fields.Many2one(
        comodel_name="key.account.unit", string="Unit", readonly=True
    )
    other_unit_id = fields.Many2one(
        comodel_name="key.account.unit", string="Other Unit", readonly=True
    )

    def _selection_reason(self):
        reasons = self.env["res.partner"]._get_key_account_duplicate_reasons()
        return list(reasons.items())

    @property
    def _table_query(self):
        conditions = self.env["res.partner"]._key_account_duplicate_conditions()
        entries = [
            SQL(
                "SELECT %s AS reason, value, partner_id FROM (%s) AS source "
                "WHERE value IS NOT NULL",
                reason,
                source,
            )
            for reason, source in conditions.items()
        ]
        return SQL(
            """
            WITH entry AS MATERIALIZED (%(entries)s)
            SELECT row_number() OVER (
                       ORDER BY one.partner_id, two.partner_id, one.reason
                   ) AS id,
                   one.partner_id, two.partner_id AS other_id, one.reason,
                   partner.key_account_unit_id AS unit_id,
                   other.key_account_unit_id AS other_unit_id
              FROM entry AS one
              JOIN entry AS two
                ON two.reason = one.reason
               AND two.value = one.value
               AND two.partner_id > one.partner_id
              JOIN res_partner AS partner ON partner.id = one.partner_id
              JOIN res_partner AS other ON other.id = two.partner_id
             WHERE one.reason <> 'name'
                OR COALESCE(
                    partner.key_account_duplicate_note,
                    other.key_account_duplicate_note, ''
                ) = ''
            """,
            entries=SQL(" UNION ").join(entries),
        )

    def action_merge(self):
        """Open the merge of the selected pairs' customers."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_merge_action"
        )
        customers = self.partner_id | self.other_id
        action["context"] = {"default_partner_ids": customers.ids}
        return action
