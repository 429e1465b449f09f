# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountStanding(models.Model):
    """The one narrow row of a customer's often rewritten figures that belong to the
    basic file: how complete it is, when it was verified (COL-07)."""

    _name = "key.account.standing"
    _description = "Customer Standing"
    _rec_name = "partner_id"

    # The constraint below is its index.
    partner_id = fields.Many2one(
        comodel_name="res.partner",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    scope_id = fields.Many2one(
        comodel_name="key.account.scope", index=True, readonly=True, ondelete="restrict"
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit", index=True, readonly=True, ondelete="restrict"
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    completeness = fields.Integer(
        readonly=True, aggregator="avg", help="0 to 100, by the completeness rule."
    )
    date_verified = fields.Date(string="Verified on", readonly=True)

    _partner_uniq = models.Constraint(
        "UNIQUE (partner_id)", "A customer has one standing."
    )

    @api.model
    def _ensure(self, partners):
        """Make the rows that are missing, in one statement, completeness included."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO key_account_standing (
                    partner_id, scope_id, unit_id, manager_id, completeness,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner.id, partner.key_account_scope_id,
                       partner.key_account_unit_id, partner.key_account_manager_id,
                       file.score, %(uid)s,
                       now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM (%(scores)s) AS file
                  JOIN res_partner AS partner ON partner.id = file.id
                    ON CONFLICT (partner_id) DO NOTHING
                """,
                uid=self.env.uid,
                scores=self.env["key.account.completeness.item"]._get_score_query(
                    partners.ids
                ),
            )
        )
        partners.invalidate_recordset(["key_account_standing_ids"], flush=False)

    @api.model
    def _touch(self, partner_ids):
        """Let a new fact and a new assignment of the same customer meet.

        Both write the customer's narrow row. Of two transactions that began before
        either was finished the later one then fails and is tried again, and sees what
        the earlier one did: no fact stays behind with a former owner.
        """
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_standing SET write_date = now() AT TIME ZONE 'UTC'
                 WHERE partner_id = ANY(%s)
                """,
                list(partner_ids),
            )
        )

    @api.model
    def _realign(self, partner_ids):
        """Scope, unit and manager of the rows follow those of the customers."""
        self._touch(partner_ids)
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_standing AS standing
                   SET scope_id = partner.key_account_scope_id,
                       unit_id = partner.key_account_unit_id,
                       manager_id = partner.key_account_manager_id
                  FROM res_partner AS partner
                 WHERE partner.id = standing.partner_id
                   AND partner.id = ANY(%(partners)s)
                   AND (standing.scope_id, standing.unit_id, standing.manager_id)
                       IS DISTINCT FROM
                       (partner.key_account_scope_id, partner.key_account_unit_id,
                        partner.key_account_manager_id)
                """,
                partners=list(partner_ids),
            )
        )
        self.invalidate_model(["scope_id", "unit_id", "manager_id"], flush=False)
