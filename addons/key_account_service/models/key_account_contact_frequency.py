# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountContactFrequency(models.Model):
    """How many days may pass between contacts with the customers of a grade."""

    _name = "key.account.contact.frequency"
    _description = "Frequency of a Contact Rule"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, days, id"
    _rec_name = "grade_code"
    _rule_parent = "rule_id"

    rule_id = fields.Many2one(
        comodel_name="key.account.contact.rule",
        string="Contact Rule",
        required=True,
        index=True,
        ondelete="cascade",
    )
    grade_code = fields.Char(string="Grade", required=True)
    whom = fields.Selection(
        selection=[("customer", "The Customer"), ("person", "Each Decision Maker")],
        required=True,
        default="customer",
        help="Decision makers are the contacts whose decision role is “Decides”.",
    )
    kind_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Kind",
        ondelete="restrict",
        domain=[("category", "=", "contact_kind")],
        help="Empty: a contact of whatever kind.",
    )
    days = fields.Integer(
        string="At Least Every (Days)",
        required=True,
        help="15 is twice a month, 30 once, 91 once a quarter, 182 twice a year.",
    )

    _frequency_uniq = models.UniqueIndex(
        "(rule_id, whom, grade_code, kind_id) NULLS NOT DISTINCT",
        "The rule says how often for this grade and kind.",
    )
    _days_range = models.Constraint(
        "CHECK (days BETWEEN 1 AND 1100)", "Contacts follow within 1 to 1100 days."
    )
