# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json
import re
from urllib.parse import urlsplit

from lxml import etree

from odoo import api, models
from odoo.exceptions import ValidationError

from odoo.addons.phone_validation.tools import phone_validation

from .. import paths, signing, template, transport
from ..answer import Rule
from ..request import Field, Sign, Spec

PATHS = (
    "items_path item_number_path reference_path reason_path cost_path "
    "report_items_path report_uuid_path report_reference_path report_number_path"
).split()


class KeyAccountSmsGateway(models.Model):
    """What is wrong with a description, and the description without the database."""

    _inherit = "key.account.sms.gateway"

    def _get_problem(self):
        """The first thing that forbids to send with this description, or None."""
        return self._get_url_problem() or self._get_body_problem()

    def _get_url_problem(self):
        try:
            url = urlsplit(self.url)
            host = url.hostname
            _port = url.port
        except ValueError:
            host = None
        if not host or url.scheme not in ("http", "https"):
            return self.env._("The address begins with https:// or http:// and a host.")
        if url.username or url.password is not None:
            return self.env._(
                "The address holds no user and no password: put them into secrets and "
                "fields."
            )
        if re.search(r"[\s{}\\\x00-\x1f\x7f]", url.netloc) or url.fragment:
            return self.env._("The host of the address is fixed and has no fragment.")
        if template.unknown(url.path) or "{" in url.query:
            return self.env._(
                "Variables of the address stand in its path; those of the query are "
                "fields."
            )
        if template.secrets(url.path):
            return self.env._("The address of a request is no place for a secret.")
        try:
            is_allowed = transport.is_allowed(host, self.is_internal)
        except ValueError:
            is_allowed = True  # a name: judged when it is resolved
        if not is_allowed:
            return self.env._(
                "The address stands in a network that is not allowed. A gateway in "
                "your own network has to be marked as such."
            )
        return None

    def _get_body_problem(self):
        if self.body_format in ("none", "form"):
            return None
        text = self.body_template or ""
        unknown = template.unknown(text)
        if unknown:
            return self.env._(
                "The body has no variable %(names)s.", names=", ".join(unknown)
            )
        try:
            if self.body_format == "json":
                is_object = isinstance(json.loads(text), dict)
            else:
                parser = etree.XMLParser(resolve_entities=False, no_network=True)
                is_object = etree.fromstring(text.encode(), parser) is not None
        except (ValueError, etree.XMLSyntaxError) as error:
            return self.env._("The body is malformed: %(error)s", error=error)
        if not is_object:
            return self.env._("The body is a JSON object: {…}.")
        return None

    @api.constrains(*PATHS)
    def _check_paths(self):
        for gateway in self:
            for name in PATHS:
                gateway._check_path(gateway[name])

    @api.model
    def _check_path(self, path):
        if not paths.is_valid(path):
            raise ValidationError(
                self.env._(
                    "%(path)s is no path. Write it like data.list[0].code, and @.code "
                    "for a part of a list.",
                    path=path,
                )
            )

    def _get_spec(self):
        """Everything a request needs, so that no transaction is open while it lasts."""
        self.ensure_one()
        self.secret_ids._check_readable()
        return Spec(
            url=self.url,
            method=self.method,
            body_format=self.body_format,
            body_template=self.body_template or "",
            charset=self.charset,
            fields=tuple(
                Field(row.place, row.name, row.value or "", row.is_optional)
                for row in self.field_ids
            ),
            sign=self._get_sign(),
            secrets=self.secret_ids._reveal(),
            account=self.account or "",
            sender=self.sender or "",
            number_separator=self.number_separator or ",",
            time_format=self.time_format or "%s",
            time_zone=self.time_zone,
            report_url=self.report_url,
            timeout=self.timeout,
            is_internal=self.is_internal,
        )

    def _get_sign(self):
        if not self.sign_algorithm:
            return None
        return Sign(
            algorithm=self.sign_algorithm,
            template=self.sign_template or "",
            key=self.sign_key or "",
            names=tuple(_split(self.sign_names)),
            joiner=self.sign_joiner or "",
            separator=self.sign_separator or "",
            is_encoded=self.sign_is_encoded,
            output=self.sign_output or "hex",
        )

    def _get_rules(self, use):
        return [
            Rule(rule.source, rule.key or "", rule.test, rule.value or "", rule.outcome)
            for rule in self.rule_ids
            if rule.use == use
        ]

    def _serves(self, number):
        """Whether numbers of this country are the gateway's."""
        if not self.country_ids:
            return True
        region = phone_validation.phone_get_region_data_for_number(number)
        return region["code"] in self.country_ids.mapped("code")

    def _is_test_number(self, number):
        return number in _split(self.test_numbers)

    def _write_number(self, number):
        """The number as the gateway wants it."""
        digits = re.sub(r"\D", "", number)
        if self.number_format == "national":
            region = phone_validation.phone_get_region_data_for_number(number)
            return region["national_number"] or digits
        prefixes = {"plus": "+", "digits": "", "zeros": "00"}
        return prefixes[self.number_format] + digits

    def _write_text(self, text):
        """The text with the signature of texts before it, once."""
        prefix = self.text_prefix or ""
        return text if text.startswith(prefix) else prefix + text

    def _describe_cost(self, found, recipients):
        """Parts of a text and what they cost, for a person to read before sending."""
        self.ensure_one()
        total = found.parts * recipients * self.price
        encodings = {"gsm7": self.env._("Latin"), "ucs2": self.env._("Unicode")}
        return self.env._(
            "%(parts)s part(s), %(units)s characters (%(encoding)s); "
            "%(recipients)s recipient(s): %(total)s by %(gateway)s",
            parts=found.parts,
            units=found.units,
            encoding=encodings[found.encoding],
            recipients=recipients,
            total=self._format_cost(total),
            gateway=self.name,
        )

    def _format_cost(self, amount):
        """Prices of a part have more decimals than coins."""
        digits = max(self.currency_id.decimal_places, 4 if amount < 1 else 2)
        return f"{self.currency_id.symbol}{amount:.{digits}f}"

    def _scrub(self, text):
        """A text of the gateway's without what it may repeat of our secrets."""
        for value in self.secret_ids._reveal().values():
            for form in {value, signing.percent(value), json.dumps(value)[1:-1]}:
                text = text.replace(form, "•••") if form else text
        return text


def _split(text):
    return [part.strip() for part in (text or "").split(",") if part.strip()]
