# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import csv
import doctest
import random
import unicodedata
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged, users

from odoo.addons.key_account_crm import name_key

from .common import KeyAccountCommon

CHINESE = Path("/work/shared/data/zh/stock_basic_gbk.csv")
WORDS = (
    "Acme",
    "Émile",
    "Co.",
    "Ltd",
    "&",
    "and",
    "S.A.",
    "S.p.A.",
    "GmbH",
    "A/S",
    "B.V.",
    "分公司",
    "有限公司",
    "集团",
    "（北京）",
    "ΟΔΟΣ",
    "İş",
)


@tagged("post_install", "-at_install")
class TestKeyAccountDuplicate(KeyAccountCommon):
    """A customer has one file, however its name is spelt (FILE-20)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_customer(
            "北京银行股份有限公司", cls.manager, key_account_credit_code="91110000-X"
        )
        cls.partners = cls.env["res.partner"]

    def _register(self, user, name="New", **vals):
        vals = {"name": name, "key_account_kind": "group", **vals}
        return self.partners.with_user(user).create(vals)

    # -- the key of a name

    def test_the_examples_of_the_module_hold(self):
        self.assertFalse(doctest.testmod(name_key).failed)

    def test_names_that_are_one_customer(self):
        for one, other in (
            ("北京银行", "北京银行股份有限公司"),
            ("华为技术(北京)有限公司", "华为技术（北京）有限责任公司"),
            ("首都（集团）有限公司", "首都集团"),
            ("中国邮政总公司", "中国邮政"),
            ("ABC 贸易有限公司", "ＡＢＣ贸易"),
            ("Acme Co., Ltd.", "ACME CO LTD"),
            ("Acme Limited", "acme"),
            ("Smith & Sons Inc.", "Smith and Sons, Incorporated"),
            ("Coca-Cola", "Coca Cola"),
            ("Müller GmbH & Co. KG", "MÜLLER"),
            ("Foo S.A.", "Foo SA"),
            ("Novo A/S", "Novo"),
            ("Barilla S.p.A.", "Barilla"),
            ("Philips B.V.", "PHILIPS BV"),
            ("O'Neil Corp.", "ONeil Corporation"),
            ("ｱｸﾒ株式会社", "アクメ"),
        ):
            with self.subTest(one=one, other=other):
                key = name_key.name_key(one)
                self.assertTrue(key)
                self.assertEqual(key, name_key.name_key(other))

    def test_names_that_are_two_customers(self):
        for one, other in (
            ("北京银行股份有限公司上海分公司", "北京银行股份有限公司"),
            ("北京银行分公司", "北京银行"),
            ("北京银行上海分公司", "北京银行天津分公司"),
            ("宏达子公司", "宏达"),
            ("华为技术（北京）有限公司", "华为技术（上海）有限公司"),
            ("Acme", "Acne"),
            ("C++ Ltd", "C Ltd"),
            ("Acme 1", "Acme 2"),
            ("Co. Ltd", "Inc."),
            ("Hotel Spa", "Hotel"),
        ):
            with self.subTest(one=one, other=other):
                self.assertNotEqual(name_key.name_key(one), name_key.name_key(other))

    def _parity_names(self):
        names = ["", " ", "***", "Co., Ltd.", "分公司", "有限公司", "ß", "ΑΣ", "İ"]
        rnd = random.Random(20260310)
        signs = [
            chr(code)
            for code in range(1, 0x30000)
            if unicodedata.category(chr(code)) not in ("Cs", "Cn", "Co")
        ]
        for _count in range(2000):
            names.append("".join(rnd.choices(signs, k=rnd.randint(1, 12))))
            names.append(" ".join(rnd.choices(WORDS, k=rnd.randint(1, 5))))
            names.append("".join(rnd.choices(WORDS, k=rnd.randint(1, 5))))
        return names

    def _assert_parity(self, names):
        self.env.cr.execute(
            "SELECT name, key_account_name_key(name), key_account_code_key(name) "
            "FROM unnest(%s::text[]) AS name",
            [names],
        )
        differ = [
            (name, key, code)
            for name, key, code in self.env.cr.fetchall()
            if (key, code) != (name_key.name_key(name), name_key.code_key(name))
        ]
        self.assertFalse(differ)

    def test_python_and_postgresql_agree(self):
        self._assert_parity(self._parity_names())

    def test_python_and_postgresql_agree_on_real_chinese_names(self):
        if not CHINESE.exists():
            self.skipTest(f"{CHINESE} is not on this machine")
        with CHINESE.open(encoding="gbk") as lines:
            names = [row["code_name"] for row in csv.DictReader(lines)]
        self.assertGreater(len(names), 4000)
        self._assert_parity(names)

    def test_the_column_follows_the_name_on_every_path(self):
        self.assertEqual(self.customer.key_account_name_key, "北京银行")
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET name = 'Acme, Inc.' WHERE id = %s "
            "RETURNING key_account_name_key",
            [self.customer.id],
        )
        self.assertEqual(self.env.cr.fetchone(), ("acme",))
        self.customer.invalidate_recordset()
        self.assertEqual(self.customer.key_account_name_key, "acme")
        found = self.partners.search([("key_account_name_key", "=", "acme")])
        self.assertIn(self.customer, found)
        self.customer.name = "Beta"
        found = self.partners.search([("key_account_name_key", "in", ["beta"])])
        self.assertIn(self.customer, found)

    # -- finding

    def test_duplicates_are_found_for_each_reason(self):
        letter = self.letter.id
        express = self.express.id
        number = {"name": "0012", "line_id": letter, "partner_id": self.customer.id}
        self.env["key.account.number"].create(number)
        other = self._create_customer(
            "Other", self.manager_b, key_account_credit_code=" 91110000 x"
        )
        branch = self._create_customer("北京银行上海分公司", self.manager_b)
        same = self._create_customer("北京银行天津分公司", self.manager_b)
        self.env["key.account.number"].create(
            {"name": "0012", "line_id": express, "partner_id": branch.id}
        )
        found = self.customer._key_account_find_duplicates()
        self.assertEqual(
            found[self.customer.id],
            {other.id: {"credit_code"}, branch.id: {"number"}},
        )
        same.name = "北京银行 股份 有限公司"
        found = self.customer._key_account_find_duplicates()[self.customer.id]
        self.assertEqual(found[same.id], {"name"})
        vals = {"name": "北京银行", "key_account_credit_code": "91110000X"}
        self.assertEqual(
            self.partners._key_account_find_duplicates(vals),
            {
                self.customer.id: {"name", "credit_code"},
                other.id: {"credit_code"},
                same.id: {"name"},
            },
        )

    def test_the_same_identity_document_is_found(self):
        ada = self._create_person("Ada", "31010119900101002x")
        ida = self._create_person("Ida", "3101011990 0101002X")
        self.assertEqual(
            ada._key_account_find_duplicates(), {ada.id: {ida.id: {"identity"}}}
        )

    def _create_person(self, name, number):
        person = self._create_customer(
            name, self.manager, key_account_kind="individual", is_company=False
        )
        self.env["key.account.person"].create(
            {"partner_id": person.id, "identity_number": number}
        )
        return person

    def test_contacts_are_no_duplicates(self):
        self.partners.create({"name": "北京银行", "parent_id": self.customer.id})
        self.partners.create({"name": "北京银行"})
        self.assertFalse(self.customer._key_account_find_duplicates())

    # -- registration

    @users("ka_manager", "ka_manager_2", "ka_manager_b", "ka_centre")
    def test_a_second_file_with_the_same_credit_code_is_refused(self):
        with self.assertRaisesRegex(UserError, "has a file already"):
            self._register(self.env.user, key_account_credit_code="91110000x")

    @users("ka_manager")
    def test_the_same_name_needs_a_reason_that_is_kept(self):
        with self.assertRaisesRegex(UserError, "北京银行股份有限公司.*say why"):
            self._register(self.env.user, "北京银行")
        customer = self._register(
            self.env.user, "北京银行", key_account_duplicate_note="Another city"
        )
        self.assertEqual(customer.key_account_duplicate_note, "Another city")

    @users("ka_manager_b")
    def test_a_refusal_tells_strangers_the_unit_and_nothing_else(self):
        self.customer.key_account_code = "SECRET-1"
        for vals in (
            {"name": "北京银行"},
            {"name": "New", "key_account_credit_code": "91110000X"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError) as refusal:
                self._register(self.env.user, **vals)
            self.assertIn("existing customer of unit T-Post-1", str(refusal.exception))
            self.assertNotIn("SECRET-1", str(refusal.exception))
            self.assertNotIn("股份", str(refusal.exception))

    def test_the_warning_shows_links_or_only_the_unit(self):
        self.customer.key_account_code = "SECRET-1"
        for user, is_open in ((self.manager, True), (self.manager_b, False)):
            with self.subTest(user=user.login):
                partner = self.partners.with_user(user).new(
                    {"name": "北京银行", "key_account_kind": "group"}
                )
                alert = str(partner.key_account_duplicate_alert)
                self.assertEqual(f"res.partner/{self.customer.id}" in alert, is_open)
                self.assertEqual("SECRET-1" in alert, is_open)
                self.assertEqual("T-Post-1" in alert, not is_open)
        partner = self.partners.new({"name": "Else", "key_account_kind": "group"})
        self.assertFalse(partner.key_account_duplicate_alert)

    def test_the_warning_does_not_run_what_a_name_contains(self):
        self.customer.name = "<script>x</script>"
        partner = self.partners.with_user(self.manager).new(
            {"name": "script x script", "key_account_kind": "group"}
        )
        alert = str(partner.key_account_duplicate_alert)
        self.assertIn("&lt;script&gt;", alert)
        self.assertNotIn("<script>", alert)

    @users("ka_manager")
    def test_a_potential_file_cannot_become_a_duplicate(self):
        customer = self._register(self.env.user, key_account_state="potential")
        with self.assertRaisesRegex(UserError, "has a file already"):
            customer.key_account_credit_code = "91110000X"

    def test_a_proposal_cannot_make_a_duplicate(self):
        other = self._create_customer("Other", self.manager)
        visit = self.env.ref("key_account_crm.key_account_term_channel_visit")
        manual = self.env.ref("key_account_crm.key_account_term_method_manual")
        with self.assertRaisesRegex(UserError, "has a file already"):
            other.with_user(self.manager)._key_account_propose(
                {"key_account_credit_code": "91110000X"}, "Typo", visit, manual
            )

    # -- the list of possible duplicates

    def _pairs(self, user):
        pairs = self.env["key.account.duplicate"].with_user(user).search([])
        customers = self.customer | self.other | self.third
        return {
            (pair.partner_id.id, pair.other_id.id, pair.reason)
            for pair in pairs
            if pair.partner_id in customers
        }

    def test_approvers_see_the_pairs_both_of_which_they_may_read(self):
        self.other = self._create_customer("北京银行", self.manager_2)
        self.third = self._create_customer("北京银行集团", self.manager_b)
        ids = self.customer.id, self.other.id, self.third.id
        here = {(ids[0], ids[1], "name")}
        across = {(ids[0], ids[2], "name"), (ids[1], ids[2], "name")}
        self.assertEqual(self._pairs(self.director), here | across)
        self.assertEqual(self._pairs(self.company), here)
        self.assertEqual(self._pairs(self.head), set())
        self.assertEqual(self._pairs(self.company_b), set())

    def test_an_explained_name_is_no_pair(self):
        self.third = self.other = self._create_customer(
            "北京银行", self.manager, key_account_duplicate_note="Another city"
        )
        self.assertFalse(self._pairs(self.head))
