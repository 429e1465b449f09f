# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

DIRECTIONS = [
    ("up", "Up"),
    ("down", "Down"),
    ("new", "New"),
    ("none", "None"),
]


class KeyAccountRuleTrialLine(models.Model):
    """A customer (or one line of it) that a tried version of a rule would move."""

    _name = "key.account.rule.trial.line"
    _description = "Row of a Dry Run"
    _inherit = ["key.account.fact.mixin"]
    _order = "trial_id desc, direction, amount_after desc, id"
    _rec_name = "partner_id"
    _key_account_logged = False

    trial_id = fields.Many2one(
        comodel_name="key.account.rule.trial",
        string="Dry Run",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(readonly=True, ondelete="cascade")
    line_id = fields.Many2one(readonly=True, ondelete="cascade")
    before = fields.Char(readonly=True, help="By what is in force.")
    after = fields.Char(readonly=True, help="By the version tried.")
    amount_before = fields.Float(
        string="Figure before", readonly=True, digits=(16, 2), aggregator=None
    )
    amount_after = fields.Float(
        string="Figure after", readonly=True, digits=(16, 2), aggregator=None
    )
    direction = fields.Selection(selection=DIRECTIONS, readonly=True)
