# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

STATES = [
    ("accepted", "Accepted There"),
    ("done", "Done There"),
    ("failed", "Failed There"),
]


class KeyAccountHandoffAnswer(models.Model):
    """What an outside system said of a request that it was handed (SVC-17).

    A ledger: each answer once, by the name the system gave it. An answer that is older
    than what is known already is kept, and changes nothing.
    """

    _name = "key.account.handoff.answer"
    _description = "Answer of an Outside System"
    _inherit = ["key.account.fact.mixin"]
    _order = "date desc, id desc"
    _rec_name = "event"

    request_id = fields.Many2one(
        comodel_name="key.account.request",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    system_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Outside System",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    event = fields.Char(
        string="Name There", required=True, readonly=True, help="Unique in that system."
    )
    state = fields.Selection(selection=STATES, required=True, readonly=True)
    reference = fields.Char(string="Number There", readonly=True)
    date = fields.Datetime(string="Said at", required=True, readonly=True)
    note = fields.Text(string="Remarks", readonly=True)
    is_stale = fields.Boolean(
        string="Overtaken",
        readonly=True,
        help="A later answer had arrived before: it changed nothing.",
    )

    _event_uniq = models.UniqueIndex(
        "(system_id, event)", "The system gave this answer before."
    )

    def write(self, vals):
        # Unit and manager follow the assignment by SQL; the answer itself stays.
        raise UserError(self.env._("What a system answered stays as it came."))

    @api.ondelete(at_uninstall=False)
    def _unlink_except_ledger(self):
        raise UserError(self.env._("What a system answered stays."))
