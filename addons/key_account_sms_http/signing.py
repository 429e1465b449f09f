# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Signatures of requests and reports, as gateways describe them.

>>> canonical([("b", "2"), ("a", "1 1")], separator="&", joiner="=")
'a=1 1&b=2'
>>> canonical([("b", "2"), ("a", "1 1")], names=["b", "a"], joiner="", separator="")
'21 1'
>>> canonical([("a", "1 /~")], is_encoded=True)
'a=1%20%2F~'
>>> digest("md5", b"", b"abc", "hex_upper")
'900150983CD24FB0D6963F7D28E17F72'
>>> digest("hmac_sha1", b"key", b"text", "base64")
'Np4pWetJRQM4shJ0j3fY3tdIR7s='
"""

import base64
import hashlib
import hmac
from urllib.parse import quote

ALGORITHMS = {
    "md5": "MD5",
    "sha1": "SHA-1",
    "sha256": "SHA-256",
    "sha512": "SHA-512",
    "hmac_md5": "HMAC-MD5",
    "hmac_sha1": "HMAC-SHA-1",
    "hmac_sha256": "HMAC-SHA-256",
    "hmac_sha512": "HMAC-SHA-512",
}
OUTPUTS = {
    "hex": "hex",
    "hex_upper": "HEX in capitals",
    "base64": "Base64",
    "base64url": "Base64 for URLs",
}


def percent(text, charset="utf-8"):
    """RFC 3986: everything but letters, digits and ``-._~``."""
    return quote(text, safe="-._~", encoding=charset)


def canonical(
    pairs, names=(), joiner="=", separator="&", is_encoded=False, charset="utf-8"
):
    """One text of the fields: the named ones in their order, or all by name.

    With an empty joiner only the values are joined.
    """
    if names:
        found = dict(pairs)
        pairs = [(name, found.get(name, "")) for name in names]
    else:
        pairs = sorted(pairs)
    if is_encoded:
        pairs = [(percent(n, charset), percent(v, charset)) for n, v in pairs]
    return separator.join(f"{n}{joiner}{v}" if joiner else v for n, v in pairs)


def digest(algorithm, key, message, output):
    name = algorithm.removeprefix("hmac_")
    if algorithm.startswith("hmac_"):
        raw = hmac.new(key, message, name).digest()
    else:
        raw = hashlib.new(name, message, usedforsecurity=False).digest()
    return encode(raw, output)


def encode(raw, output):
    if output == "hex":
        return raw.hex()
    if output == "hex_upper":
        return raw.hex().upper()
    if output == "base64url":
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")
    return base64.b64encode(raw).decode()


def is_equal(found, wanted):
    """Compared in constant time, whatever the texts hold."""
    return hmac.compare_digest(
        str(found or "").encode("utf-8", "surrogatepass"), wanted.encode()
    )
