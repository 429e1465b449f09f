# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import heapq

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class KeyAccountAssignmentRule(models.Model):
    """Who gets which customers (ASG-01): by kind, industry, region, grade and load.

    Rows are read from the top; the first that fits a customer says who gets it.
    """

    _name = "key.account.assignment.rule"
    _description = "Assignment Rule"
    _inherit = ["key.account.rule.mixin"]
    _rule_key = ()
    _rule_children = {"row_ids": ("code",)}

    row_ids = fields.One2many(
        comodel_name="key.account.assignment.rule.row",
        inverse_name="rule_id",
        string="Rows",
        copy=True,
    )

    def _rule_problems(self):
        problems = super()._rule_problems()
        if not self.row_ids:
            problems.append(self.env._("Nobody would be assigned: add a row."))
        for row in self.row_ids:
            if not row.user_id and not row.target_unit_id:
                problems.append(
                    self.env._(
                        "Row %(row)s names nobody: choose a manager, or the unit whose "
                        "managers share the customers.",
                        row=row.code,
                    )
                )
        return problems

    def _get_last_decision_date(self):
        """The last day on which customers were assigned by these versions."""
        # sudo: a rule is judged for everybody; only a day comes of it.
        groups = (
            self.env["key.account.handover"]
            .sudo()
            ._read_group(
                [("rule_id", "in", self.ids), ("state", "=", "done")],
                [],
                ["date_effective:max"],
            )
        )
        return groups[0][0]

    def _get_choice_query(self, domain, is_moving_unit=True) -> SQL:
        """(partner_id, line_id, from_user_id, from_unit_id, to_user_id, to_unit_id) of
        the customers in the domain that the rule would move, in the user's reach."""
        chosen = self._choose(domain)
        units = self._get_units({user for _partner, user in chosen})
        return SQL(
            """
            SELECT partner.id AS partner_id, NULL::integer AS line_id,
                   partner.key_account_manager_id AS from_user_id,
                   partner.key_account_unit_id AS from_unit_id,
                   choice.user_id AS to_user_id,
                   COALESCE(choice.unit_id, partner.key_account_unit_id) AS to_unit_id
              FROM unnest(%(partners)s::integer[], %(users)s::integer[],
                          %(units)s::integer[]) AS choice (partner_id, user_id, unit_id)
              JOIN res_partner AS partner ON partner.id = choice.partner_id
             WHERE partner.key_account_manager_id IS DISTINCT FROM choice.user_id
            """,
            partners=[partner for partner, _user in chosen],
            users=[user for _partner, user in chosen],
            units=[
                units.get(user) if is_moving_unit else None for _partner, user in chosen
            ],
        )

    def _get_units(self, user_ids):
        users = self.env["res.users"].browse(user_ids)
        # sudo: where a manager belongs is no secret.
        return {user.id: user.sudo().key_account_unit_id.id for user in users}

    def _choose(self, domain):
        """[(customer id, manager id)]: the first row that fits; where a unit shares,
        whoever has the most room left in proportion."""
        taken, chosen = set(), []
        base = Domain("key_account_kind", "!=", False) & domain
        rows = self.row_ids.sorted("sequence")
        rooms = self._get_rooms(rows)
        partners = self.env["res.partner"].with_context(active_test=False)
        for row in rows:
            found = partners._search(base & row._get_domain(), order="id")
            ids = [i for i in found if i not in taken]
            taken.update(ids)
            if row.user_id:
                chosen += [(partner_id, row.user_id.id) for partner_id in ids]
            else:
                chosen += self._share(ids, rooms.get(row.target_unit_id.id, []))
        return chosen

    @api.model
    def _get_rooms(self, rows):
        """{unit id: heap of [share of the limit used, user id, load, limit]}"""
        rooms = {}
        for unit in rows.filtered(lambda row: not row.user_id).target_unit_id:
            # sudo: loads and limits of managers decide; only who gets what comes out.
            files = (
                self.env["key.account.manager"]
                .sudo()
                .search([("unit_id", "child_of", unit.id), ("state", "=", "active")])
            )
            heap = [
                [file.load / (file.load_max or 1), file.user_id.id, file.load, limit]
                for file in files
                if (limit := file.load_max)
            ]
            heapq.heapify(heap)
            rooms[unit.id] = heap
        return rooms

    @api.model
    def _share(self, ids, heap):
        """One customer after another to whoever is used least, none beyond a limit."""
        chosen = []
        for partner_id in ids:
            if not heap or heap[0][0] >= 1:
                break
            _used, user_id, load, limit = heap[0]
            chosen.append((partner_id, user_id))
            heapq.heapreplace(heap, [(load + 1) / limit, user_id, load + 1, limit])
        return chosen

    def _get_trial_query(self, day) -> SQL:
        """Customers without a manager, and who would get them (RULE-03)."""
        self.ensure_one()
        self.env.flush_all()
        unassigned = Domain("key_account_manager_id", "=", False)
        if self.unit_id:
            unassigned &= Domain("key_account_unit_id", "child_of", self.unit_id.id)
        return SQL(
            """
            SELECT choice.partner_id, choice.line_id, NULL::varchar AS before,
                   account.login AS after, NULL::numeric AS amount_before,
                   NULL::numeric AS amount_after, 'new' AS direction
              FROM (%s) AS choice JOIN res_users AS account
                ON account.id = choice.to_user_id
            """,
            self._get_choice_query(unassigned),
        )
