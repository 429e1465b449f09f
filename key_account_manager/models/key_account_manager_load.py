# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain


class KeyAccountManager(models.Model):
    """How much a manager looks after, against what he can (ASG-08), what he was
    responsible for before, and who stands in for him."""

    _inherit = "key.account.manager"

    customer_count = fields.Integer(
        string="Customers", compute="_compute_load", help="Whose main manager he is."
    )
    line_count = fields.Integer(
        string="Line Files", compute="_compute_load", help="Of business lines."
    )
    assistant_count = fields.Integer(string="Assistant of", compute="_compute_load")
    former_count = fields.Integer(
        string="Responsible before",
        compute="_compute_load",
        help="Responsibilities that ended.",
    )
    load = fields.Integer(
        compute="_compute_load",
        search="_search_load",
        help="Customers and files of lines, each of a customer counted once.",
    )
    load_free = fields.Integer(string="Room for", compute="_compute_load")
    load_percent = fields.Float(
        string="Load (%)", compute="_compute_load", aggregator="avg"
    )
    is_overloaded = fields.Boolean(
        compute="_compute_load", search="_search_is_overloaded"
    )
    substitution_text = fields.Char(
        string="Substitution", compute="_compute_substitution_text"
    )

    @api.depends("user_id", "load_max")
    def _compute_load(self):
        counts = self._count_load(self.user_id.ids)
        zero = {"home": 0, "line": 0, "assistant": 0, "former": 0, "load": 0}
        for file in self:
            found = counts.get(file.user_id.id, zero)
            file.customer_count = found["home"]
            file.line_count = found["line"]
            file.assistant_count = found["assistant"]
            file.former_count = found["former"]
            file.load = found["load"]
            file.load_free = max(file.load_max - file.load, 0)
            file.load_percent = 100 * file.load / (file.load_max or 1)
            file.is_overloaded = file.load > file.load_max

    @api.model
    def _count_load(self, user_ids):
        """Map users to what they are responsible for, in one statement.

        The whole load counts, also of customers the reader does not see: only numbers
        come out, of managers whose files he reads.
        """
        self.env["key.account.assignment"].flush_model()
        rows = self.env["key.account.assignment"]._count_by_user(user_ids)
        return {
            user_id: {
                "home": home,
                "line": line,
                "assistant": assistant,
                "former": former,
                "load": load,
            }
            for user_id, home, line, assistant, former, load in rows
        }

    def _search_load(self, operator, value):
        if operator not in ("<", "<=", ">", ">=", "in", "not in"):
            return NotImplemented
        # sudo: the rules of files decide what is found; here only the loads.
        files = self.sudo().with_context(active_test=False).search([])
        return Domain(
            "id", "in", files.filtered_domain([("load", operator, value)]).ids
        )

    def _search_is_overloaded(self, operator, value):
        if operator != "in":
            return NotImplemented  # the ORM negates or unfolds the rest
        # sudo: the rules of files decide what is found; here only the loads.
        files = self.sudo().with_context(active_test=False).search([])
        found = files.filtered(lambda file: file.is_overloaded in value)
        return Domain("id", "in", found.ids)

    @api.depends("user_id", "deputy_id")
    def _compute_substitution_text(self):
        substitutions = self.env["key.account.substitution"]
        # sudo: whoever reads the file may know who stands in.
        today = self.env["key.account.unit"]._get_today()
        found = substitutions.sudo().search(
            [("user_id", "in", self.user_id.ids), ("date_to", ">=", today)],
            order="date_from desc",
        )
        nearest = {one.user_id.id: one for one in found}
        for file in self:
            one = nearest.get(file.user_id.id)
            file.substitution_text = one and self.env._(
                "%(substitute)s, %(first)s to %(last)s",
                substitute=one.substitute_id.name,
                first=one.date_from,
                last=one.date_to,
            )

    def action_view_assignments(self):
        """What he is responsible for now, or was before (context: former)."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_manager.key_account_assignment_action"
        )
        is_former = self.env.context.get("former")
        action["domain"] = [("user_id", "=", self.user_id.id)]
        action["context"] = {f"search_default_{'past' if is_former else 'present'}": 1}
        return action

    def action_view_substitutions(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_manager.key_account_substitution_action"
        )
        action["domain"] = [("user_id", "=", self.user_id.id)]
        action["context"] = {
            "default_user_id": self.user_id.id,
            "default_substitute_id": self.deputy_id.id,
        }
        return action

    def action_hand_over(self):
        """Begin the hand-over of everything this manager looks after (ASG-07)."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand over Customers"),
            "res_model": "key.account.handover",
            "view_mode": "form",
            "context": {
                "default_kind": "handover",
                "default_from_user_id": self.user_id.id,
                "default_unit_id": self.unit_id.id,
            },
        }
