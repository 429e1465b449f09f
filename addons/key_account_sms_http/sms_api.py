# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.addons.sms.tools.sms_api import SmsApiBase

from .dispatch import Dispatch

# What failed, as the ledger says it: as Odoo calls it in answers of a provider.
FAILURES = {
    "number": "wrong_number_format",
    "country": "country_not_supported",
    "credit": "insufficient_credit",
    "account": "unregistered",
    "server": "server_error",
}


class SmsApiHttp(SmsApiBase):
    """Odoo's door to a provider: hands messages to the gateways of the company.

    A message is known by its uuid. Asked again for one that was handed over (the
    transaction that asked was lost, say), it tells what became of it and sends nothing.
    What waits for its next try is not among the results: it stays in the queue.
    """

    PROVIDER_TO_SMS_FAILURE_TYPE = SmsApiBase.PROVIDER_TO_SMS_FAILURE_TYPE | {
        "country_not_supported": "sms_country_not_supported",
        "insufficient_credit": "sms_credit",
        "unregistered": "sms_acc",
    }
    # Seconds one may wait for the limit of a gateway before messages stay in the queue.
    patience = 3.0

    def _send_sms_batch(self, messages, delivery_reports_url=False):
        dispatch = Dispatch(self.company._get_key_account_sms_gateways(), self.patience)
        items, results = dispatch.take(messages)
        dispatch.run(items)
        return results + [
            self._prepare_result(*row)
            for row in dispatch.ledger.read_outcomes([item.uuid for item in items])
        ]

    def _prepare_result(self, uuid, state, failure, reason):
        if state in ("accepted", "delivered"):
            name = "success" if state == "accepted" else "delivered"
            return {"uuid": uuid, "state": name, "failure_reason": False}
        if state == "unknown":
            return {
                "uuid": uuid,
                "state": "unknown",
                "failure_reason": self._get_sms_api_error_messages()["unknown"],
            }
        name = FAILURES.get(failure, failure)
        reason = reason or self._get_sms_api_error_messages().get(name)
        return {"uuid": uuid, "state": name, "failure_reason": reason}

    def _get_sms_api_error_messages(self):
        _ = self.env._
        return super()._get_sms_api_error_messages() | {
            "wrong_number_format": _("The number is not written as it should be."),
            "country_not_supported": _("No gateway serves the country of the number."),
            "insufficient_credit": _("The gateway has no credit left."),
            "unregistered": _("The gateway does not accept our account or signature."),
            "server_error": _("The gateway refused the message."),
            "rejected": _("The gateway refused the text."),
            "not_allowed": _("The number may not be sent to."),
            "unknown": _(
                "The gateway gave no clear answer: the message may have been sent, so "
                "it is not sent again by itself."
            ),
        }
