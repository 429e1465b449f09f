# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

LETTERS = [
    ("C", "Customer"),
    ("K", "Contact"),
    ("N", "Service Number"),
    ("L", "Line File"),
    ("B", "Bill"),
    ("P", "Payment"),
]


class KeyAccountFeedResult(models.Model):
    """What becomes of the rows of one record type of a transmission, with examples."""

    _name = "key.account.feed.result"
    _description = "Key Account Transmission Result"
    _order = "feed_id, id"

    feed_id = fields.Many2one(
        comodel_name="key.account.feed", required=True, index=True, ondelete="cascade"
    )
    unit_id = fields.Many2one(related="feed_id.unit_id", store=True, index=True)
    letter = fields.Selection(selection=LETTERS, string="Record")
    created_count = fields.Integer(string="Created")
    changed_count = fields.Integer(string="Changed")
    unchanged_count = fields.Integer(string="Unchanged")
    refused_count = fields.Integer(string="Refused")
    withdrawn_count = fields.Integer(string="Taken Back")
    examples = fields.Json(string="Examples as Data")
    example_text = fields.Text(string="Examples", compute="_compute_example_text")

    @api.depends("examples")
    @api.depends_context("lang")
    def _compute_example_text(self):
        labels = {
            "created": self.env._("Created"),
            "changed": self.env._("Changed"),
            "unchanged": self.env._("Unchanged"),
            "withdrawn": self.env._("Taken Back"),
        }
        for result in self:
            result.example_text = "\n".join(
                f"{labels[outcome]}: " + ", ".join(row["name"] or "" for row in rows)
                for outcome, rows in (result.examples or {}).items()
            )
