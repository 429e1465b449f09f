# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

# A preview is read by somebody: the rest comes with the next one.
MAX_LINES = 200


class KeyAccountActivityMessage(models.TransientModel):
    """Shows the invitations to an activity that would go out, then sends them: to each
    person one, in the person's language (SVC-16)."""

    _name = "key.account.activity.message"
    _description = "Invitations"
    _inherit = ["key.account.message.mixin"]

    activity_id = fields.Many2one(
        comodel_name="key.account.activity", required=True, ondelete="cascade"
    )
    template_id = fields.Many2one(
        domain=[("model", "=", "key.account.activity.guest")],
        default=lambda self: self.env.ref(
            "key_account_service.mail_template_invitation", raise_if_not_found=False
        ),
    )
    line_ids = fields.One2many(
        comodel_name="key.account.activity.message.line",
        inverse_name="wizard_id",
        string="Invitations",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    rest_count = fields.Integer(
        string="With the Next Preview", compute="_compute_rest_count"
    )

    def _get_guests(self):
        """Those who were neither written to nor have answered, of the user's own
        customers."""
        # As who looks at it, though what is stored is reckoned by the system.
        guests = self.env["key.account.activity.guest"].with_user(self.env.uid)
        guests = guests.search(
            [
                ("activity_id", "=", self.activity_id.id),
                ("state", "=", "invited"),
                ("date_invited", "=", False),
            ],
            order="id",
        )
        return guests._filtered_access("write")

    @api.depends("activity_id", "template_id")
    def _compute_line_ids(self):
        lines = self.env["key.account.activity.message.line"]
        for wizard in self:
            vals, written = [], set()
            guests = wizard._get_guests() if wizard.template_id else []
            for guest in guests[:MAX_LINES]:
                line = lines._prepare_message(guest, wizard.template_id)
                address = (line["email"] or "").strip().lower()
                if line["is_chosen"] and address in written:
                    problem = self.env._("The same address gets one already.")
                    line.update(is_chosen=False, problem=problem)
                written.add(address)
                vals.append(line)
            wizard.line_ids = [(5,), *((0, 0, one) for one in vals)]

    @api.depends("activity_id")
    def _compute_rest_count(self):
        for wizard in self:
            wizard.rest_count = max(len(wizard._get_guests()) - MAX_LINES, 0)

    def action_send(self):
        if self.activity_id.state != "planned":
            raise UserError(self.env._("The activity is over."))
        return super().action_send()
