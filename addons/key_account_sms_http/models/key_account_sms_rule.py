# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

OUTCOMES = [
    ("accepted", "Taken over"),
    ("delivered", "Delivered"),
    ("temporary", "Not now: again later"),
    ("number", "Wrong number"),
    ("country", "Country not served"),
    ("credit", "No credit"),
    ("account", "Account or signature refused"),
    ("rejected", "Text or message refused"),
    ("server", "Refused"),
    ("expired", "Expired"),
    ("invalid_destination", "Nobody has this number"),
    ("not_allowed", "Recipient wants no messages"),
    ("not_delivered", "Not delivered"),
    ("lost", "Not known"),
]
IN_REPORTS = {
    "accepted",
    "delivered",
    "rejected",
    "expired",
    "invalid_destination",
    "not_allowed",
    "not_delivered",
}


class KeyAccountSmsRule(models.Model):
    """What something in an answer or a report means. The first rule that fits counts.

    An answer that fits none is judged by its status; one of success that says nothing
    known leaves the message "not known": it is not sent again.
    """

    _name = "key.account.sms.rule"
    _description = "Rule for an SMS Gateway's Answers"
    _order = "use, sequence, id"

    gateway_id = fields.Many2one(
        comodel_name="key.account.sms.gateway",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="gateway_id.company_id", store=True)
    sequence = fields.Integer(default=10)
    use = fields.Selection(
        selection=[("answer", "Answer"), ("report", "Report")],
        required=True,
        default="answer",
    )
    source = fields.Selection(
        selection=[
            ("path", "Value at a path"),
            ("status", "HTTP status"),
            ("body", "Whole text"),
            ("header", "Header"),
        ],
        string="Looks At",
        required=True,
        default="path",
    )
    key = fields.Char(
        string="Path or Header", help="E.g. code, data.code, @.status of a list's part."
    )
    test = fields.Selection(
        selection=[
            ("is", "is"),
            ("in", "is one of"),
            ("match", "holds the pattern"),
            ("any", "is anything"),
        ],
        string="Condition",
        required=True,
        default="is",
    )
    value = fields.Char()
    outcome = fields.Selection(selection=OUTCOMES, string="Means", required=True)

    @api.constrains("use", "source", "key", "test", "value", "outcome")
    def _check_rule(self):
        for rule in self:
            rule._check_key()
            if rule.use == "report" and rule.outcome not in IN_REPORTS:
                raise ValidationError(
                    self.env._("A report does not say such a thing of a message.")
                )
            try:
                re.compile(rule.value or "")
            except re.error as error:
                if rule.test == "match":
                    raise ValidationError(
                        self.env._("The pattern is malformed: %(error)s", error=error)
                    ) from error

    def _check_key(self):
        if self.source == "path":
            self.gateway_id._check_path(self.key)
        if self.source in ("path", "header") and not self.key:
            raise ValidationError(self.env._("Say the path or the header to look at."))
