# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

from .. import parts

# Texts with fields of the records differ: so many are written out to be counted.
MAX_RENDERED = 200


class SmsComposer(models.TransientModel):
    """Says before sending how many parts a message has and what it will cost."""

    _inherit = "sms.composer"

    key_account_estimate = fields.Char(
        string="Parts and Price",
        compute="_compute_key_account_estimate",
        compute_sudo=False,
    )

    @api.depends(
        "body", "composition_mode", "res_model", "res_id", "res_ids", "numbers"
    )
    def _compute_key_account_estimate(self):
        for composer in self:
            # Of the first gateway: the one that sends unless it fails.
            gateway = self.env.company._get_key_account_sms_gateways()[:1]
            composer.key_account_estimate = (
                composer._describe_estimate(gateway)
                if gateway and composer.body
                else False
            )

    def _describe_estimate(self, gateway):
        texts, recipients = self._get_estimated_texts()
        found = [parts.count(gateway._write_text(text)) for text in texts]
        if len(found) == 1:
            return gateway._describe_cost(found[0], recipients)
        total = sum(one.parts for one in found) * gateway.price
        return self.env._(
            "%(parts)s part(s) in %(messages)s messages: %(total)s by %(gateway)s",
            parts=sum(one.parts for one in found),
            messages=len(found),
            total=gateway._format_cost(total),
            gateway=gateway.name,
        )

    def _get_estimated_texts(self):
        """(texts, recipients): each text as it will be sent, or one for all."""
        if self.composition_mode == "numbers":
            return [self.body], len((self.numbers or "").split(","))
        records = self._get_records()
        if self.composition_mode == "mass" and records and "{{" in self.body:
            sample = records[:MAX_RENDERED]
            try:
                return list(self._prepare_body_values(sample).values()), len(sample)
            except ValueError:
                # A template half written; sending it will say what is wrong.
                return [self.body], len(records)
        return [self.body], max(len(records or ()), 1)
