# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

CATEGORIES = [
    ("class", "Customer Class"),
    ("definition", "Definition Level"),
    ("ownership", "Ownership"),
    ("organisation", "Organisation Type"),
    ("value_class", "Value Class"),
    ("area", "Area Characteristic"),
    ("tax", "Tax Kind"),
    ("brand", "Brand"),
    ("channel", "Source Channel"),
    ("method", "Collection Method"),
    ("churn_kind", "Churn Kind"),
    ("churn_cause", "Churn Cause"),
    ("competitor", "Competitor"),
    ("move_reason", "Reason of a Move"),
    ("redemption_class", "Redemption Class"),
]


class KeyAccountTerm(models.Model):
    """A word of one of the dictionaries, which the operator may extend (FILE-16)."""

    _name = "key.account.term"
    _description = "Key Account Dictionary Term"
    _order = "category, sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and interfaces use; never translated."
    )
    category = fields.Selection(selection=CATEGORIES, required=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)

    _code_uniq = models.Constraint(
        "UNIQUE (category, code)", "This dictionary has a term with this code."
    )
