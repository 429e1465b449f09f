# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models


class KeyAccountCardKind(models.Model):
    """A kind of VIP card (CARD-06): diamond, gold, silver, VIP, another series."""

    _name = "key.account.card.kind"
    _description = "VIP Card Kind"
    _order = "sequence, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="Text that files and interfaces use; never translated."
    )
    sequence = fields.Integer(default=10, help="The highest kind comes first.")
    active = fields.Boolean(default=True)
    months = fields.Integer(
        string="Valid for",
        default=12,
        required=True,
        help="Months from the opening to the yearly re-check, which renews the card "
        "or lets it expire.",
    )
    blank_count = fields.Integer(string="In Stock", compute="_compute_blank_count")

    _code_uniq = models.Constraint(
        "UNIQUE (code)", "There is a card kind with this code."
    )
    _months_range = models.Constraint(
        "CHECK (months BETWEEN 1 AND 120)", "A card is valid for 1 to 120 months."
    )

    def _compute_blank_count(self):
        counts = {}
        if self.env["key.account.card.blank"].has_access("read"):
            groups = self.env["key.account.card.blank"]._read_group(
                [("kind_id", "in", self.ids), ("state", "=", "in_stock")],
                ["kind_id"],
                ["__count"],
            )
            counts = {kind.id: count for kind, count in groups}
        for kind in self:
            kind.blank_count = counts.get(kind.id, 0)
