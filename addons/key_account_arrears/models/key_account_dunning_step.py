# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import re

from odoo import fields, models

CHANNELS = [
    ("sms", "SMS"),
    ("mail", "Mail"),
    ("letter", "Letter"),
    ("call", "Call by the Manager"),
    ("visit", "Visit by the Manager"),
    ("head", "Tell the Head"),
]
# What reaches the customer by itself; the other steps are tasks of colleagues.
WRITTEN = ("sms", "mail")
# Steps that take service away: proposed by the policy, decided one by one.
TAKING = ("one_way", "two_way", "removal")
PLACEHOLDER = re.compile(r"\{(\w*)\}")
# Whatever looks as if something were filled in there.
BRACES = re.compile(r"\{[^{}]*\}")
PLACEHOLDERS = ("customer", "code", "amount", "days", "due", "count", "unit", "manager")


class KeyAccountDunningStep(models.Model):
    """What is done when the oldest bill of a customer is so many days late (ARR-02)."""

    _name = "key.account.dunning.step"
    _description = "Dunning Step"
    _inherit = ["key.account.rule.line.mixin"]
    _order = "rule_id, days, id"
    _rec_name = "channel"

    rule_id = fields.Many2one(
        comodel_name="key.account.dunning.policy",
        string="Version",
        required=True,
        index=True,
        ondelete="cascade",
    )
    days = fields.Integer(
        string="Days Late",
        required=True,
        default=1,
        help="Of the oldest bill; the step of the highest number reached is taken.",
    )
    channel = fields.Selection(selection=CHANNELS, required=True, default="sms")
    fallback = fields.Selection(
        selection=CHANNELS,
        string="Otherwise",
        help="The way taken where the customer has no address for the first one, or "
        "where that fails.",
    )
    subject = fields.Char(translate=True)
    body = fields.Text(
        string="Text",
        translate=True,
        help="{customer}, {code}, {amount}, {days}, {due}, {count}, {unit} and "
        "{manager} are filled in.",
    )

    _days_positive = models.Constraint(
        "CHECK (days > 0)", "A step comes one day after the due date or later."
    )

    def _get_problems(self):
        self.ensure_one()
        problems = []
        if not (self.body or "").strip():
            problems.append(
                self.env._("Day %(days)s: write the text of the step.", days=self.days)
            )
        if self.fallback == self.channel:
            problems.append(
                self.env._(
                    "Day %(days)s: what is done otherwise is something else.",
                    days=self.days,
                )
            )
        texts = f"{self.subject or ''} {self.body or ''}"
        known = {f"{{{name}}}" for name in PLACEHOLDERS}
        unknown = set(BRACES.findall(texts)) - known
        if unknown:
            problems.append(
                self.env._(
                    "Day %(days)s: nothing can be filled in for %(names)s: choose from "
                    "%(known)s.",
                    days=self.days,
                    names=", ".join(sorted(unknown)),
                    known=", ".join(f"{{{name}}}" for name in PLACEHOLDERS),
                )
            )
        return problems

    def _fill_in(self, text, values):
        """A text with the values of one customer; names only, nothing is evaluated."""
        return PLACEHOLDER.sub(
            lambda match: str(values.get(match[1], match[0])), text or ""
        )
