# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from .. import answer, paths
from ..answer import Rule, Seen, judge
from ..transport import Answer

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["code", "data", "id"]), inner, max_size=3),
    max_leaves=10,
)


def seen(status=200, body=b"", **headers):
    return Seen.of(Answer(status, headers, body))


@tagged("post_install", "-at_install")
class TestAnswer(BaseCase):
    def test_the_first_rule_that_fits(self):
        rules = [
            Rule("path", "data.code", "is", "0", "accepted"),
            Rule("path", "data.code", "in", "5, 6", "credit"),
            Rule("body", "", "match", r"(?i)busy", "temporary"),
            Rule("header", "X-Error", "any", "", "rejected"),
            Rule("status", "", "is", "500", "temporary"),
        ]
        for found, wanted in (
            (seen(body=b'{"data": {"code": 0}}'), "accepted"),
            (seen(body=b'{"data": {"code": "0"}}'), "accepted"),
            (seen(body=b'{"data": {"code": 6}}'), "credit"),
            (seen(body=b"System BUSY"), "temporary"),
            (seen(body=b"{}", **{"x-error": "no"}), "rejected"),
            (seen(500), "temporary"),
        ):
            with self.subTest(found=found):
                self.assertEqual(judge(found, rules), wanted)

    def test_without_a_rule_only_a_refusal_is_certain(self):
        for status, wanted in (
            (200, "lost"),
            (204, "lost"),
            (302, "server"),
            (400, "server"),
            (401, "account"),
            (403, "account"),
            (429, "temporary"),
            (500, "lost"),
            (502, "lost"),
            (503, "temporary"),
            (504, "lost"),
        ):
            with self.subTest(status=status):
                self.assertEqual(judge(seen(status), []), wanted)

    def test_no_answer_breaks_it(self):
        rules = [Rule("path", "a.b[0]", "is", "1", "accepted")]
        for body in (b"[" * 100000, b"\xff\xfe", b"NaN", b'{"a": {"b": {}}}', b""):
            with self.subTest(body=body[:9]):
                self.assertEqual(judge(seen(body=body), rules), "lost")

    @given(JSON, st.sampled_from(["code", "data[0].id", "data.code", "$.id", "@", ""]))
    @settings(deadline=None, max_examples=100)
    def test_a_path_finds_or_does_not(self, data, path):
        found = paths.get(data, path)
        self.assertIsInstance(answer.text_of(found), str | None)
        for part in answer.items_of(Seen(200, {}, "", data), path)[:5]:
            part.look("path", "@.code")
