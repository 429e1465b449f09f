# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from ..layout import COMPLAINT, INTERFACE, SERVICE

RECORDS = {record.letter: record for record in (COMPLAINT, SERVICE)}
# Error codes of this interface, behind those of the others; append only.
CODES = (
    "ticket",
    "complaint_type",
    "complaint_cause",
    "handler",
    "reply_early",
    "complaint_kept",
    "negative",
    "operation",
    "service_class",
    "end_early",
    "number_unknown",
    "customer_needed",
    "log_kept",
)


class KeyAccountFeedText(models.AbstractModel):
    """What the codes of interface 02001 say, in the language of their reader."""

    _inherit = "key.account.feed.text"

    @api.model
    def _get_record(self, letter):
        return RECORDS.get(letter) or super()._get_record(letter)

    @api.model
    def _get_codes(self):
        return super()._get_codes() + CODES

    @api.model
    def _get_name_texts(self, value):
        texts = super()._get_name_texts(value)
        reason, _remedy = texts["10"]
        remedy = self.env._(
            "Use 01001 (customer files, kind a or i), 02001 (service and "
            "complaints, kind a or s) "
            "or 05001 (bills and payments, kind a or s)."
        )
        return texts | {"10": (reason, remedy)}

    @api.model
    def _get_reading_texts(self, refusal, values):
        texts = super()._get_reading_texts(refusal, values)
        if refusal.feed_id.interface == "complaint":
            reason, _remedy = texts["letter"]
            remedy = self.env._(
                "Rows of interface %(code)s begin with T or S and |.", code=INTERFACE
            )
            texts["letter"] = reason, remedy
        return texts

    @api.model
    def _get_other_texts(self, refusal, values):
        _ = self.env._
        unknown = _(
            "%(field)s: the code “%(value)s” is not in the dictionary.", **values
        )
        add = _("Correct the code, or have it added to the dictionary.")
        return {
            **super()._get_other_texts(refusal, values),
            **self._get_service_texts(values),
            **dict.fromkeys(("operation", "service_class"), (unknown, add)),
            "ticket": (
                _("%(field)s: “%(value)s” is not a number.", **values),
                _("Write the number of the complaint, digits only, zeros included."),
            ),
            "complaint_type": (unknown, add),
            "complaint_cause": (unknown, add),
            "handler": (
                _("%(field)s: nobody of your branch logs in as “%(value)s”.", **values),
                _("Correct the login, or leave it empty."),
            ),
            "reply_early": (
                _(
                    "%(field)s: “%(value)s” is before the complaint was accepted.",
                    **values,
                ),
                _("Correct one of the two times."),
            ),
            "complaint_kept": (
                _(
                    "%(field)s: the complaint is known with another value than "
                    "“%(value)s”.",
                    **values,
                ),
                _(
                    "Whose complaint it is and when it was accepted stay: send another "
                    "complaint under a number of its own."
                ),
            ),
        }

    @api.model
    def _get_service_texts(self, values):
        _ = self.env._
        return {
            "negative": (
                _("%(field)s: “%(value)s” is below zero.", **values),
                _("Write what it has cost, 0 where it was nothing."),
            ),
            "end_early": (
                _("%(field)s: “%(value)s” is before the service began.", **values),
                _("Correct one of the two times."),
            ),
            "number_unknown": (
                _(
                    "%(field)s: no customer of your branch has the number “%(value)s”.",
                    **values,
                ),
                _("Correct the number, or name the customer by its code."),
            ),
            "customer_needed": (
                _("A contact is with a customer, and the row names none."),
                _("Write the customer code or one of its numbers."),
            ),
            "log_kept": (
                _(
                    "%(field)s: the service is known with another value than "
                    "“%(value)s”.",
                    **values,
                ),
                _("Whom was served stays: send another one under a number of its own."),
            ),
        }
