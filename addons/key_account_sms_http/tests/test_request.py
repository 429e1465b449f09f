# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from odoo.tests import BaseCase, tagged

from .. import template
from ..request import Field, Sign, Spec, prepare, values_of

MOMENT = datetime(2026, 1, 15, 8, 0, 0, tzinfo=UTC)
# Whatever a person or a hostile number may hold, but for halves of characters.
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
FAST = settings(deadline=None, max_examples=150)


def values(spec, text="您好", numbers=("13812345678",)):
    return values_of(spec, text, list(numbers), "u1", 1, MOMENT, "n0nce")


def form(**vals):
    return Spec(
        url="https://gateway.example/send",
        fields=(
            Field("form", "to", "{number}"),
            Field("form", "text", "{text}"),
            Field("form", "pass", "{secret:password}"),
        ),
        secrets={"password": "s3cret"},
        **vals,
    )


@tagged("post_install", "-at_install")
class TestRequest(BaseCase):
    """ARR-03: a text or a number is data for the gateway, never a field of its own."""

    @given(TEXTS, TEXTS)
    @FAST
    def test_form_fields_hold_what_was_written(self, text, number):
        for charset in ("utf-8", "gb18030"):
            spec = form(charset=charset)
            body = prepare(spec, values(spec, text, [number])).body
            pairs = parse_qsl(body.decode(), keep_blank_values=True, encoding=charset)
            wanted = [("to", number), ("text", text), ("pass", "s3cret")]
            self.assertEqual(pairs, wanted)

    @given(TEXTS, TEXTS)
    @FAST
    def test_address_holds_what_was_written(self, text, number):
        spec = Spec(
            url="https://gateway.example/v1/{number}/send?v=2",
            method="GET",
            body_format="none",
            fields=(Field("query", "text", "{text}"), Field("query", "end", "1")),
        )
        asked = prepare(spec, values(spec, text, [number]))
        url = urlsplit(asked.url)
        self.assertEqual(url.netloc, "gateway.example")
        self.assertEqual(url.path.count("/"), 3)
        self.assertFalse(url.fragment)
        pairs = parse_qsl(url.query, keep_blank_values=True)
        self.assertEqual(pairs, [("v", "2"), ("text", text), ("end", "1")])

    @given(TEXTS, st.lists(TEXTS, min_size=1, max_size=3))
    @FAST
    def test_json_keeps_its_structure(self, text, numbers):
        spec = Spec(
            url="https://gateway.example/",
            body_format="json",
            body_template='{"to": "{numbers}", "m": {"text": "<{text}>"}, '
            '"n": "{int:parts}"}',
        )
        body = prepare(spec, values(spec, text, numbers)).body
        wanted = {"to": numbers, "m": {"text": f"<{text}>"}, "n": 1}
        self.assertEqual(json.loads(body), wanted)

    @given(TEXTS, TEXTS)
    @FAST
    def test_xml_keeps_its_structure(self, text, number):
        spec = Spec(
            url="https://gateway.example/",
            body_format="xml",
            body_template='<sms to="{number}"><text>{text}</text></sms>',
        )
        root = etree.fromstring(prepare(spec, values(spec, text, [number])).body)
        self.assertEqual([child.tag for child in root], ["text"])
        self.assertEqual(list(root.attrib), ["to"])
        clean = template.NOT_XML.sub("", text).replace("\r\n", "\n").replace("\r", "\n")
        self.assertEqual(root[0].text or "", clean)

    @given(st.text(st.sampled_from("{}secrt:paswod numbx"), max_size=40))
    @FAST
    def test_what_is_put_in_is_never_looked_at_again(self, text):
        text += "{secret:password}{number}"
        self.assertEqual(
            template.fill("{text}|{number}", {"text": text, "number": "1"}),
            f"{text}|1",
        )

    def test_templates_compute_nothing(self):
        for text in ("{text.__class__}", "{0}", "{text!r}", "{{text}}", "%(text)s"):
            with self.subTest(text=text):
                filled = template.fill(text, {"text": "T"})
                self.assertIn(filled, (text, "{T}"))

    def test_headers_refuse_control_characters(self):
        spec = Spec(
            url="https://gateway.example/",
            fields=(Field("header", "X-Text", "{text}"),),
        )
        with self.assertRaises(ValueError):
            prepare(spec, values(spec, "a\r\nX-Admin: 1"))
        self.assertEqual(
            prepare(spec, values(spec, "您好")).headers, (("X-Text", "您好".encode()),)
        )

    def test_secrets_are_not_in_what_is_printed(self):
        spec = form()
        asked = prepare(spec, values(spec))
        self.assertNotIn("s3cret", f"{spec!r} {asked!r}")

    def test_text_in_gb18030(self):
        spec = form(charset="gb18030")
        body = prepare(spec, values(spec, "您好")).body
        self.assertIn(b"text=%C4%FA%BA%C3", body)

    def test_md5_of_values_in_an_order(self):
        spec = form(
            sign=Sign(
                "md5",
                "{account}{fields}{secret:password}{timestamp}",
                names=("text", "to"),
                joiner="",
                separator="",
                output="hex_upper",
            ),
            account="acme",
        )
        spec = Spec(
            **{
                **vars(spec),
                "fields": (*spec.fields, Field("form", "sign", "{signature}")),
            }
        )
        body = prepare(spec, values(spec)).body
        wanted = hashlib.md5("acme您好13812345678s3cret1768464000".encode()).hexdigest()
        self.assertEqual(dict(parse_qsl(body.decode()))["sign"], wanted.upper())

    def test_hmac_of_a_body_in_a_header(self):
        spec = Spec(
            url="https://gateway.example/",
            body_format="json",
            body_template='{"text": "{text}"}',
            sign=Sign("hmac_sha256", "{timestamp}.{body}", key="{secret:key}"),
            secrets={"key": "k"},
            fields=(Field("header", "X-Sign", "{signature}"),),
        )
        asked = prepare(spec, values(spec))
        wanted = hmac.new(b"k", b"1768464000." + asked.body, "sha256").hexdigest()
        self.assertEqual(dict(asked.headers)["X-Sign"].decode(), wanted)

    def test_signed_query_as_its_documentation_computes_it(self):
        """The published example of the signature of an RPC call (HMAC-SHA1)."""
        fields = {
            "Timestamp": "2016-02-23T12:46:24Z",
            "Format": "XML",
            "AccessKeyId": "testid",
            "Action": "DescribeRegions",
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf",
            "Version": "2014-05-26",
            "SignatureVersion": "1.0",
        }
        spec = Spec(
            url="https://gateway.example/",
            method="GET",
            body_format="none",
            fields=(
                *(Field("query", name, value) for name, value in fields.items()),
                Field("query", "Signature", "{signature}"),
            ),
            sign=Sign(
                "hmac_sha1",
                "GET&%2F&{fields_encoded}",
                key="{secret:key}&",
                is_encoded=True,
                output="base64",
            ),
            secrets={"key": "testsecret"},
        )
        query = dict(parse_qsl(urlsplit(prepare(spec, values(spec)).url).query))
        self.assertEqual(query["Signature"], "OLeaidS1JvxuMvnyHOwuJ+uX5qY=")
        self.assertEqual(len(base64.b64decode(query["Signature"])), 20)
