# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Domain
from odoo.tests import tagged, users
from odoo.tools import SQL

from ..models.res_partner_search import IDENTIFIERS
from .common import KeyAccountCommon

NAMES = (
    "Globex Trading Ltd",
    "GLOBEX 华信 Holdings",
    "北京华信科技有限公司",
    "上海信华物流有限公司",
    "华为",
    "信",
    "O'Neil 100% Juice",
    "snake_case Foods",
    "snakeXcase Foods",
    "Back\\slash & Co",
    "back%slash",
    "  Blank  around ",
    "カタカナ商事",
    "ab",
    "Ångström Ltd",
)
WORDS = (
    "",
    " ",
    "a",
    "ab",
    "glob",
    "GLOBEX",
    "lobex tra",
    "Ltd",
    "华",
    "信",
    "华信",
    "信华",
    "华信科",
    "北京华信科技有限公司",
    "x 华",
    "华 H",
    "Globex 华信",
    "公司%北京",
    "京%信",
    "北_华",
    "华_科",
    "_",
    "__",
    "%",
    "100%",
    "0% J",
    "snake_case",
    "snake\\_case",
    "\\",
    "k\\sl",
    "k\\\\sl",
    "back\\%slash",
    "abc\\",
    "blank  ",
    "  blank",
    "\\华信",
    "カタ",
    "商事",
    "ang",
    "Å",
    "'",
    "O'Neil",
    "absent word",
    "不存在",
)


@tagged("post_install", "-at_install")
class TestResPartnerSearch(KeyAccountCommon):
    """Customers are found by part, at the same rows as by the plain condition."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customers = cls.env["res.partner"].create(
            [
                {
                    "name": name,
                    "key_account_kind": "group",
                    "key_account_unit_id": cls.post_1.id,
                }
                for name in NAMES
            ]
        )
        cls.acme = cls._create_customer(
            "Acme",
            cls.manager,
            key_account_short_name="顶峰",
            key_account_code="00C077",
            phone="010 8877 6655",
        )
        cls.number = cls.env["key.account.number"].create(
            {"name": "0755123456", "partner_id": cls.acme.id}
        )

    def _find(self, *domain, user=None):
        partners = self.env["res.partner"].with_user(user or self.env.user)
        return partners.search(list(domain))

    def _find_plainly(self, fname, operator, word):
        """What PostgreSQL itself answers, without any help of ours."""
        self.env.flush_all()
        column = SQL.identifier(fname)
        pattern = SQL("%s", f"%{word}%")
        if operator == "ilike":
            column = self.registry.unaccent(column)
            pattern = self.registry.unaccent(pattern)
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE %s %s %s AND active",
                column,
                SQL(operator.upper()),
                pattern,
            )
        )
        return {row[0] for row in rows}

    def test_a_name_by_part_finds_what_the_plain_condition_finds(self):
        for fname in ("name", "complete_name"):
            for operator in ("ilike", "like"):
                for word in filter(None, WORDS):
                    with self.subTest(field=fname, operator=operator, word=word):
                        self.assertEqual(
                            set(self._find((fname, operator, word)).ids),
                            self._find_plainly(fname, operator, word),
                        )

    def test_the_others_are_found_by_not_like(self):
        everybody = set(self._find().ids)
        for word in filter(None, WORDS):
            with self.subTest(word=word):
                self.assertEqual(
                    set(self._find(("complete_name", "not ilike", word)).ids),
                    everybody - self._find_plainly("complete_name", "ilike", word),
                )

    def test_a_search_for_nothing_finds_everybody(self):
        everybody = self._find()
        for fname in ("name", "display_name", "key_account_search"):
            with self.subTest(field=fname):
                self.assertEqual(self._find((fname, "ilike", "")), everybody)

    def test_display_name_finds_what_the_plain_condition_finds(self):
        for word in filter(None, WORDS):
            with self.subTest(word=word):
                expected = set()
                for fname in ("complete_name", *IDENTIFIERS):
                    expected |= self._find_plainly(fname, "ilike", word)
                found = self._find(("display_name", "ilike", word))
                self.assertEqual(set(found.ids), expected)

    def test_a_contact_is_found_by_its_company(self):
        contact = self.env["res.partner"].create(
            {"name": "王小明", "parent_id": self.acme.id}
        )
        for word in ("小明", "me, 王", "王小明"):
            with self.subTest(word=word):
                found = self._find(("complete_name", "ilike", word))
                self.assertEqual(found, contact)

    @users("ka_manager")
    def test_a_customer_is_found_by_whatever_a_colleague_knows(self):
        partners = self.env["res.partner"]
        for word in (
            "acm",
            "顶峰",
            "峰",
            "C07",
            "c077",
            "8877 66",
            "01088776655",
            "07551234",
            "123456",
            "ＡＣＭＥ",
        ):
            with self.subTest(word=word):
                found = partners.search([("key_account_search", "ilike", word)])
                self.assertEqual(found, self.acme.with_env(self.env))
                if word.isascii():
                    by_name = partners.name_search(word)
                    self.assertEqual([id_ for id_, _name in by_name], self.acme.ids)

    def test_a_search_obeys_the_scope(self):
        for word in ("acme", "顶峰", "峰", "00C077", "8877", "0755123456"):
            for user in (self.manager_b, self.head_b, self.operator):
                with self.subTest(word=word, user=user.login):
                    found = self._find(("key_account_search", "ilike", word), user=user)
                    self.assertFalse(found)
            found = self._find(("key_account_search", "ilike", word), user=self.agent)
            self.assertEqual(found.ids, self.acme.ids)

    def test_a_number_of_another_company_finds_nobody(self):
        """Who serves a customer reads its file, but not the other lines' numbers."""
        self._create_line_file(self.acme, self.express, self.manager_b)
        self.assertTrue(self._find(("name", "=", "Acme"), user=self.head_b))
        self.assertFalse(
            self._find(("key_account_search", "ilike", "0755123456"), user=self.head_b)
        )
        self.assertTrue(
            self._find(("key_account_search", "ilike", "0755123456"), user=self.head)
        )

    def test_parts_go_through_an_index(self):
        if not self.registry.has_trigram:
            self.skipTest("this database has no pg_trgm")
        self._fill(10000)
        for fname, word, index in (
            ("name", "Globex", "name_trigram_idx"),
            ("complete_name", "华信科", "name_trigram_idx"),
            ("name", "华信", "chars_idx"),
            ("complete_name", "鑫", "chars_idx"),
            ("display_name", "Globex", "name_trigram_idx"),
            ("display_name", "Globex", "identifier_trigram_idx"),
            ("display_name", "华信", "chars_idx"),
            ("key_account_search", "顶峰", "chars_idx"),
        ):
            with self.subTest(field=fname, word=word):
                plan = self._explain(Domain(fname, "ilike", word))
                self.assertIn(f"res_partner_key_account_{index}", plan)
                self.assertNotIn("Seq Scan on res_partner", plan)

    def _fill(self, count):
        """Rows among which an index is of use."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO res_partner (name, complete_name, active, type)
                SELECT name, name, TRUE, 'contact'
                  FROM (SELECT 'Filling material ' || n AS name
                          FROM generate_series(1, %s) AS n) AS names
                """,
                count,
            )
        )
        self.env.cr.execute("ANALYZE res_partner")

    def _explain(self, domain):
        """The plan without sequential scans, unless nothing else can answer.

        Whether an index is worth it depends on rows not yet vacuumed; whether the
        condition can use it is what a change of the code would break.
        """
        self.env.cr.execute("SET LOCAL enable_seqscan = off")
        query = self.env["res.partner"]._search(domain)
        rows = self.env.execute_query(SQL("EXPLAIN %s", query.select()))
        return "\n".join(row[0] for row in rows)
