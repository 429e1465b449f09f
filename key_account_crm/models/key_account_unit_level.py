# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountUnitLevel(models.Model):
    """A level of the organisation, named as the operator names it (ORG-01)."""

    _name = "key.account.unit.level"
    _description = "Key Account Unit Level"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10,
        help="A unit's level comes after the level of the unit above it.",
    )

    _name_uniq = models.Constraint("UNIQUE (name)", "This level exists already.")
