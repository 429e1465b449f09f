# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import logging
import time
from typing import NamedTuple
from urllib.parse import parse_qsl

from odoo import api, fields, models
from odoo.fields import Domain

from .. import answer, paths, signing
from ..ledger import STALE_SECONDS

_logger = logging.getLogger(__name__)

MAX_AGE = 300
MAX_ITEMS = 1000


class Incoming(NamedTuple):
    """A report as it came: names of headers in small letters."""

    headers: dict
    body: bytes
    form: tuple  # pairs, when the body was a form that is parsed already
    sender: str = ""

    @property
    def signed(self):
        """What an HMAC is taken of: the body, or the fields of a form by name."""
        return self.body or signing.canonical(self.form).encode()

    def parse(self, charset):
        if self.form:
            return dict(self.form)
        text = self.body.decode(charset, "replace")
        if text.lstrip()[:1] in ("{", "["):
            return answer.parse_json(text)
        return dict(parse_qsl(text, encoding=charset))


class KeyAccountSmsGateway(models.Model):
    """Delivery reports: whose they are, what they say, told once however often said."""

    _inherit = "key.account.sms.gateway"

    @api.private
    def _receive(self, incoming):
        """(HTTP status, answer) to a report; what it says is written down."""
        self.ensure_one()
        data = incoming.parse(self.charset)
        if data is None or not self._is_authentic(incoming, data):
            # No row is written for what anybody may send.
            _logger.warning(
                "SMS gateway %s: a report from %s was not accepted",
                self.id,
                incoming.sender,
            )
            return 403, "refused"
        digest = hashlib.sha256(incoming.signed).hexdigest()
        reports = self.env["key.account.sms.report"]
        if reports._is_known(self, digest):
            return 200, self.report_answer or ""
        counts = self._apply_items(self._read_items(data))
        if counts["unknown"] and self._is_sending():
            # It may speak of a message whose number we have not been told yet.
            return 503, "again"
        reports._keep(self, digest, counts)
        return 200, self.report_answer or ""

    def _is_authentic(self, incoming, data):
        secret = self.secret_ids._reveal().get("report")
        name = self.report_auth_name or ""
        if self.report_auth == "none" or not secret or not name:
            return False
        if self.report_auth == "field":
            found = answer.text_of(paths.get(data, name))
            return signing.is_equal(found, secret)
        found = incoming.headers.get(name.lower(), "")
        if self.report_auth == "header":
            return signing.is_equal(found, secret)
        return self._is_signed(incoming, found, secret)

    def _is_signed(self, incoming, found, secret):
        message = incoming.signed
        if self.report_time_header:
            moment = incoming.headers.get(self.report_time_header.lower(), "")
            if not moment.isdecimal() or len(moment) > 12:
                return False
            if abs(time.time() - int(moment)) > MAX_AGE:
                return False
            message = moment.encode() + b"." + message
        wanted = signing.digest(
            self.report_algorithm, secret.encode(), message, self.report_output
        )
        return signing.is_equal(found.removeprefix("sha256="), wanted)

    def _read_items(self, data):
        """(our number, the gateway's, telephone number, outcome or None, reason)"""
        seen = answer.Seen(200, {}, "", data)
        rules = self._get_rules("report")
        return [
            (
                self._look(part, self.report_uuid_path),
                self._look(part, self.report_reference_path),
                self._look(part, self.report_number_path),
                next((rule.outcome for rule in rules if rule.fits(part)), None),
                self._scrub(self._look(part, self.reason_path))[: answer.MAX_REASON],
            )
            for part in answer.items_of(seen, self.report_items_path)[:MAX_ITEMS]
        ]

    def _look(self, seen, path):
        return (path and seen.look("path", path)) or ""

    def _apply_items(self, items):
        """How many said something new, something known, or speak of nothing of ours."""
        counts = {"applied": 0, "known": 0, "unknown": 0}
        found = self._find_deliveries(items)
        for uuid, reference, number, outcome, reason in items:
            mine = found.filtered(
                lambda delivery, u=uuid, r=reference, n=number: (
                    delivery.sms_uuid == u
                    if u
                    else r
                    and delivery.reference == r
                    and (not n or answer.same_number(n, delivery.number))
                )
            )
            if not mine or not outcome:
                counts["unknown"] += 1
                continue
            changed = mine._apply_report(outcome, reason or False)
            counts["applied" if changed else "known"] += 1
        return counts

    def _find_deliveries(self, items):
        uuids = [item[0] for item in items if item[0]]
        references = [item[1] for item in items if item[1] and not item[0]]
        return self.env["key.account.sms.delivery"].search(
            Domain("gateway_id", "=", self.id)
            & (Domain("sms_uuid", "in", uuids) | Domain("reference", "in", references))
        )

    def _is_sending(self):
        since = fields.Datetime.subtract(fields.Datetime.now(), seconds=STALE_SECONDS)
        return bool(
            self.env["key.account.sms.delivery"].search_count(
                [
                    ("gateway_id", "=", self.id),
                    ("state", "=", "sending"),
                    ("date_try", ">", since),
                ],
                limit=1,
            )
        )
