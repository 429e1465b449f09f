# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""From the description of a gateway and the values of messages to one HTTP request."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote, quote_plus, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from . import signing, template

CONTENT_TYPES = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "xml": "application/xml",
}


@dataclass(frozen=True)
class Field:
    """A header, or a field of the query or the form."""

    place: str
    name: str
    value: str
    is_optional: bool = False


@dataclass(frozen=True)
class Sign:
    algorithm: str
    template: str
    key: str = ""
    names: tuple = ()
    joiner: str = "="
    separator: str = "&"
    is_encoded: bool = False
    output: str = "hex"


@dataclass(frozen=True)
class Spec:
    """All that is needed to talk to a gateway while no transaction is open."""

    url: str
    method: str = "POST"
    body_format: str = "form"
    body_template: str = ""
    charset: str = "utf-8"
    fields: tuple = ()
    sign: Sign | None = None
    secrets: dict = field(default_factory=dict, repr=False)
    account: str = ""
    sender: str = ""
    number_separator: str = ","
    time_format: str = "%Y%m%d%H%M%S"
    time_zone: str = "UTC"
    report_url: str = ""
    timeout: float = 10.0
    is_internal: bool = False


@dataclass(frozen=True)
class Request:
    method: str
    url: str = field(repr=False)
    headers: tuple = field(default=(), repr=False)
    body: bytes = field(default=b"", repr=False)


def values_of(spec, text, numbers, uuid, parts, now=None, nonce=None):
    """What the variables of a template stand for in one request."""
    now = now or datetime.now(UTC)
    return {
        "text": text,
        "number": spec.number_separator.join(numbers),
        "numbers": list(numbers),
        "uuid": uuid,
        "parts": parts,
        "account": spec.account,
        "sender": spec.sender,
        "timestamp": int(now.timestamp()),
        "timestamp_ms": int(now.timestamp() * 1000),
        "datetime": now.astimezone(ZoneInfo(spec.time_zone)).strftime(spec.time_format),
        "nonce": nonce or secrets.token_hex(16),
        "report_url": spec.report_url,
        **{f"secret:{code}": value for code, value in spec.secrets.items()},
    }


def prepare(spec, values):
    """The request, signed. Raises ValueError on what no header can hold."""
    if spec.sign:
        values = values | {"signature": _signature(spec, values)}
    body = _body(spec, values)
    headers = [(name, _header(value)) for name, value in _pairs(spec, values, "header")]
    if body:
        names = {name.lower() for name, _value in headers}
        if "content-type" not in names:
            content_type = CONTENT_TYPES[spec.body_format]
            headers.append(("Content-Type", f"{content_type}; charset={spec.charset}"))
    return Request(spec.method, _url(spec, values), tuple(headers), body)


def _pairs(spec, values, *places, is_signed=False):
    """Fields with their values. Those that hold the signature are not signed."""
    pairs = []
    for one in spec.fields:
        if one.place in places and not (
            is_signed and "signature" in template.used(one.value)
        ):
            value = template.fill(one.value, values)
            if value or not one.is_optional:
                pairs.append((one.name, value))
    return pairs


def _header(value):
    if any(ord(character) < 32 or ord(character) == 127 for character in value):
        raise ValueError("a header holds no control characters")
    return value.encode()


def _url(spec, values):
    parts = urlsplit(spec.url)
    path = template.fill(
        parts.path or "/", values, lambda text: quote(text, safe="-._~")
    )
    query = _encoded(_pairs(spec, values, "query"), spec.charset)
    query = "&".join(text for text in (parts.query, query) if text)
    return urlunsplit((parts.scheme, parts.netloc, path, query, ""))


def _encoded(pairs, charset, encode=signing.percent):
    return "&".join(f"{encode(n, charset)}={encode(v, charset)}" for n, v in pairs)


def _plus(text, charset):
    return quote_plus(text, encoding=charset)


def _body(spec, values):
    if spec.body_format == "form":
        return _encoded(_pairs(spec, values, "form"), spec.charset, _plus).encode()
    if spec.body_format == "json":
        filled = template.fill_json(spec.body_template, values)
        text = json.dumps(filled, ensure_ascii=False, separators=(",", ":"))
        return text.encode(spec.charset)
    if spec.body_format == "xml":
        return template.fill_xml(spec.body_template, values).encode(spec.charset)
    return b""


def _signature(spec, values):
    sign = spec.sign
    fields = signing.canonical(
        _signed_pairs(spec, values),
        sign.names,
        sign.joiner,
        sign.separator,
        sign.is_encoded,
        spec.charset,
    )
    values = values | {
        "fields": fields,
        "fields_encoded": signing.percent(fields, spec.charset),
    }
    if "body" in template.used(sign.template):
        values["body"] = _body(spec, values).decode(spec.charset)
    message = template.fill(sign.template, values).encode(spec.charset)
    key = template.fill(sign.key or "", values).encode(spec.charset)
    return signing.digest(sign.algorithm, key, message, sign.output)


def _signed_pairs(spec, values):
    """Query and form fields, and the plain values of a JSON body."""
    pairs = _pairs(spec, values, "query", "form", is_signed=True)
    if spec.body_format == "json":
        filled = template.fill_json(spec.body_template, values | {"signature": ""})
        unsigned = json.loads(spec.body_template)
        pairs += [
            (name, str(value))
            for name, value in filled.items()
            if isinstance(value, str | int)
            and "signature" not in template.used(str(unsigned[name]))
        ]
    return pairs
