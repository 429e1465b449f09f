# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from ..layout import ANSWER, ANSWERS

# Error codes of this interface, behind those of the others; append only.
CODES = (
    "order",
    "order_unknown",
    "order_branch",
    "order_number",
    "order_unsent",
    "order_answered",
    "order_over",
)


class KeyAccountFeedText(models.AbstractModel):
    """What the codes of interface 06002 say, in the language of their reader."""

    _inherit = "key.account.feed.text"

    @api.model
    def _get_record(self, letter):
        return ANSWER if letter == ANSWER.letter else super()._get_record(letter)

    @api.model
    def _get_codes(self):
        return super()._get_codes() + CODES

    @api.model
    def _get_name_texts(self, value):
        texts = super()._get_name_texts(value)
        reason, remedy = texts["10"]
        more = self.env._("Answers about suspensions are 06002 (kind a).")
        return texts | {"10": (reason, f"{remedy} {more}")}

    @api.model
    def _get_reading_texts(self, refusal, values):
        texts = super()._get_reading_texts(refusal, values)
        if refusal.feed_id.interface == "suspension":
            reason, _remedy = texts["letter"]
            remedy = self.env._(
                "Rows of interface %(code)s begin with A and |.", code=ANSWERS
            )
            texts["letter"] = reason, remedy
        return texts

    @api.model
    def _get_other_texts(self, refusal, values):
        _ = self.env._
        repeat = _("Repeat the number of the order as it stands in the file of orders.")
        return {
            **super()._get_other_texts(refusal, values),
            "order": (
                _("%(field)s: “%(value)s” is not the number of an order.", **values),
                _("Write S and ten digits, as in the file of orders."),
            ),
            "order_unknown": (
                _("%(field)s: there is no order “%(value)s”.", **values),
                repeat,
            ),
            "order_branch": (
                _("%(field)s: “%(value)s” is an order for another branch.", **values),
                _("Leave the row out."),
            ),
            "order_number": (
                _(
                    "%(field)s: the order is not about the number “%(value)s”.",
                    **values,
                ),
                repeat,
            ),
            "order_unsent": (
                _("%(field)s: “%(value)s” was not sent to you yet.", **values),
                repeat,
            ),
            "order_answered": (
                _("%(field)s: the order was answered otherwise before.", **values),
                _(
                    "An answer stays. Ask the office that ordered it for a new order "
                    "where something has changed."
                ),
            ),
            "order_over": (
                _("%(field)s: “%(value)s” was withdrawn.", **values),
                _("Leave the row out, and undo what was done."),
            ),
        }
