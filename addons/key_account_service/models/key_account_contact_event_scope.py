# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountContactEvent(models.Model):
    """Who reads a contact, and which figures follow it.

    An ordinary contact is read by the unit and the manager of its line; an important
    one by all who serve the customer (COL-08), still by one indexed column.
    """

    _inherit = "key.account.contact.event"
    _key_account_untracked = ("scope_id", "home_manager_id")

    scope_id = fields.Many2one(
        comodel_name="key.account.scope",
        string="Units Concerned",
        readonly=True,
        copy=False,
        index=True,
        ondelete="restrict",
    )
    home_manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Reported to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The manager of the customer's file, of an important contact.",
    )

    @api.model
    def _align_scopes_of(self, partner_ids):
        """The contacts of customers whose units or managers changed."""
        # sudo: whoever assigns a customer need not read all of its contacts.
        events = self.sudo().with_context(active_test=False)
        events.search([("partner_id", "in", partner_ids)])._align_scope()

    def _align_scope(self):
        """Write who is concerned of each contact where it is somebody else now."""
        if not self:
            return
        self.env.flush_all()
        units = self.env.execute_query(
            SQL(
                "SELECT DISTINCT unit_id FROM key_account_contact_event "
                "WHERE id = ANY(%s) AND unit_id IS NOT NULL",
                self.ids,
            )
        )
        scopes = self.env["key.account.scope"]
        found = scopes._get_for_keys([str(unit) for (unit,) in units])
        rows = [SQL("(%s::int, %s::int)", int(key), s.id) for key, s in found.items()]
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_contact_event AS event
                   SET scope_id = concerned.scope_id,
                       home_manager_id = concerned.manager_id
                  FROM (
                    SELECT event.id,
                           CASE WHEN event.is_important
                                THEN partner.key_account_scope_id
                                ELSE single.scope_id END AS scope_id,
                           CASE WHEN event.is_important
                                THEN partner.key_account_manager_id END AS manager_id
                      FROM key_account_contact_event AS event
                      JOIN res_partner AS partner ON partner.id = event.partner_id
                      LEFT JOIN (VALUES (NULL::int, NULL::int) %(rows)s)
                           AS single (unit_id, scope_id)
                        ON single.unit_id = event.unit_id
                     WHERE event.id = ANY(%(ids)s)
                  ) AS concerned
                 WHERE concerned.id = event.id
                   AND (event.scope_id, event.home_manager_id)
                       IS DISTINCT FROM (concerned.scope_id, concerned.manager_id)
                """,
                rows=SQL("").join(SQL(", %s", row) for row in rows),
                ids=self.ids,
            )
        )
        self.invalidate_recordset(["scope_id", "home_manager_id"], flush=False)

    # ---- what follows ----------------------------------------------------------

    def _get_figure_keys(self):
        """(customers, first day) that freshness and months of these rest on."""
        days = filter(None, self.mapped("day"))
        return set(self.partner_id.ids), min(days, default=None)

    def _refresh_figures(self, before=None):
        """Bring freshness and months of the customers in line with their contacts.

        :param before: what ``_get_figure_keys`` said before they changed
        """
        partner_ids, first = self._get_figure_keys()
        if before:
            partner_ids |= before[0]
            first = min(filter(None, (first, before[1])), default=None)
        if not partner_ids:
            return
        ids = sorted(partner_ids)
        # Of two who log at once the later one fails, is tried again and sees both.
        self.env["key.account.standing"]._touch(ids)
        since = first and first.replace(day=1)
        # sudo: figures follow from the contacts, whoever logs one.
        self.env["key.account.month"].sudo()._refresh_months(ids, since)
        self.env["key.account.contact.standing"].sudo()._refresh(ids)

    def _cost_get_basis(self):
        self.ensure_one()
        if self.state != "done":
            return None
        return {
            "kind": self.kind_id,
            "day": self.day,
            "hours": self.duration,
            "km": self.distance,
        }

    @api.model
    def _cost_get_day_sql(self) -> SQL:
        return SQL("fact.day")

    def _cost_get_day(self):
        self.ensure_one()
        return self.day

    def action_report_intelligence(self):
        """What the customer said of a competitor, as a note of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Competitor Intelligence"),
            "res_model": "key.account.intelligence",
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_line_id": self.line_id.id,
                "default_contact_event_id": self.id,
            },
        }
