# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged
from odoo.tools import SQL

from .common import DAY, KeyAccountFeedCommon, customer, record

# Columns in which two equal rows differ all the same.
OWN_COLUMNS = {
    "id",
    "key_account_code",
    "commercial_partner_id",
    "parent_id",
    "create_date",
    "write_date",
    "ref",
    "key_account_channel_id",
    "key_account_method_id",
}


@tagged("post_install", "-at_install")
@freeze_time("2026-02-01 08:00:00")
class TestKeyAccountFeedCustomer(KeyAccountFeedCommon):
    """Interface 01001: what a file makes is what the screens would make (FILE-01)."""

    def _get_row(self, partner):
        self.env.flush_all()
        self.env.cr.execute("SELECT * FROM res_partner WHERE id = %s", [partner.id])
        return {
            name: value
            for name, value in self.env.cr.dictfetchone().items()
            if name not in OWN_COLUMNS
        }

    def test_customer_equals_one_made_by_the_orm(self):
        self.env.company.country_id = self.env.ref("base.cn")
        for kind, name in (("G", "group"), ("I", "individual")):
            with self.subTest(kind=kind):
                self._load(
                    customer(
                        f"F-{kind}",
                        kind=kind,
                        name="Acme Trading",
                        manager_id="ka_manager",
                        phone="13800138000",
                        email="Office@Acme.cn",
                        website="acme.cn",
                        street="Main 1",
                        staff_count="12",
                        credit_limit="123450",
                        is_unified="Y",
                        date_from="20200229",
                    )
                )
                partner = self._create_customer(
                    "Acme Trading",
                    manager=self.manager,
                    key_account_kind=name,
                    phone="13800138000",
                    email="Office@Acme.cn",
                    website="acme.cn",
                    street="Main 1",
                    key_account_staff_count=12,
                    key_account_credit_limit=1234.5,
                    key_account_is_unified=True,
                    key_account_date_from="2020-02-29",
                )
                loaded = self._find(f"F-{kind}")
                self.assertEqual(loaded.phone_sanitized, "+8613800138000")
                self.assertEqual(self._get_row(loaded), self._get_row(partner))

    def test_contact_equals_one_made_by_the_orm(self):
        self._load(
            customer("F-1", street="Main 1", manager_id="ka_manager"),
            record(
                "K",
                change="I",
                customer="F-1",
                code="1",
                name="Li Na",
                function="Head",
                phone="010 12",
            ),
        )
        partner = self._find("F-1")
        loaded = partner.child_ids
        contact = self.env["res.partner"].create(
            {
                "name": "Li Na",
                "parent_id": partner.id,
                "function": "Head",
                "phone": "010 12",
            }
        )
        self.assertEqual(self._get_row(loaded), self._get_row(contact))

    def test_file_brings_customer_contact_line_and_number(self):
        feed = self._load(
            customer("F-1"),
            record(
                "K",
                change="I",
                customer="F-1",
                code="1",
                name="Li Na",
                mobile="13900139000",
                birthday="19800229",
                sex="F",
            ),
            record(
                "L",
                change="I",
                customer="F-1",
                line_id="T-LETTER",
                unit_id="T-POST-2",
                manager_id="ka_manager_2",
                amount_year="1000000",
            ),
            record(
                "N",
                change="I",
                name="031100",
                line_id="T-LETTER",
                customer="F-1",
                holder_id="1",
                state="S",
            ),
        )
        self.assertCounts(feed, created=4)
        partner = self._find("F-1")
        person = self.env["key.account.person"].search(
            [("partner_id", "=", partner.child_ids.id)]
        )
        self.assertRecordValues(person, [{"mobile": "13900139000", "sex": "female"}])
        self.assertRecordValues(
            partner.key_account_line_file_ids,
            [{"unit_id": self.post_2.id, "amount_year": 10000.0}],
        )
        self.assertRecordValues(
            partner.key_account_number_ids,
            [
                {
                    "name": "031100",
                    "holder_id": partner.child_ids.id,
                    "unit_id": self.post_2.id,
                    "manager_id": self.manager_2.id,
                }
            ],
        )
        self.assertEqual(
            partner.key_account_scope_id.unit_ids, self.post_1 | self.post_2
        )
        self.assertEqual(
            partner.child_ids.key_account_scope_id, partner.key_account_scope_id
        )

    def test_scope_of_a_loaded_customer_holds_at_once(self):
        self._load(customer("F-1", manager_id="ka_manager"))
        partner = self._find("F-1")
        for user, reads in (
            (self.manager, True),
            (self.head, True),
            (self.colleague, False),
            (self.head_b, False),
        ):
            with self.subTest(user=user.login):
                found = self.env["res.partner"].with_user(user)
                self.assertEqual(
                    bool(found.search_count([("id", "=", partner.id)])), reads
                )

    def test_first_move_and_later_moves_are_made(self):
        """FILE-19: the state changes by a dated move of reason feed."""
        self._load(customer("F-1", state="P"))
        self._load(customer("F-1", state="Q", changed_at=f"{DAY}130000"))
        moves = self._find("F-1").key_account_move_ids.sorted("id")
        self.assertEqual(moves.mapped("state_to"), ["potential", "qualified"])
        self.assertEqual(set(moves.mapped("reason")), {"feed"})
        self.assertTrue(moves[1].run_id)

    def test_customer_that_leaves_is_churned_not_deleted(self):
        self._load(customer("F-1"))
        feed = self._load(customer("F-1", change="D"))
        self.assertCounts(feed, changed=1)
        self.assertEqual(self._find("F-1").key_account_state, "churned")

    def test_group_may_stand_behind_its_members(self):
        feed = self._load(
            customer("F-3", parent_id="F-2"),
            customer("F-2", parent_id="F-1"),
            customer("F-1"),
        )
        self.assertCounts(feed, created=3)
        self.assertEqual(self._find("F-3").key_account_parent_id, self._find("F-2"))

    def test_empty_field_keeps_and_mark_clears(self):
        self._load(customer("F-1", phone="010 1", street="Main 1"))
        self._load(customer("F-1", phone="", street="\\N"))
        self.assertRecordValues(
            self._find("F-1"), [{"phone": "010 1", "street": False}]
        )

    def test_change_of_a_key_field_is_logged(self):
        """COL-05: an interface needs no decision, its change has a row all the same."""
        names = self.env["key.account.change"]._get_key_fields()
        self.assertIn("name", names)
        self._load(customer("F-1", name="Old"))
        self._load(customer("F-1", name="New"))
        partner = self._find("F-1")
        change = self.env["key.account.change"].search(
            [("partner_id", "=", partner.id), ("field_name", "=", "name")]
        )
        self.assertRecordValues(
            change, [{"old_value": "Old", "new_value": "New", "state": "applied"}]
        )

    def test_contacts_follow_name_address_and_assignment(self):
        self._load(
            customer("F-1", name="Old", street="Main 1"),
            record("K", change="I", customer="F-1", code="1", name="Li Na"),
        )
        self._load(
            customer("F-1", name="New", street="Main 2", manager_id="ka_manager")
        )
        contact = self._find("F-1").child_ids
        self.assertRecordValues(
            contact,
            [
                {
                    "complete_name": "New, Li Na",
                    "street": "Main 2",
                    "key_account_manager_id": self.manager.id,
                }
            ],
        )

    def test_facts_follow_a_new_assignment(self):
        self._load(customer("F-1"))
        bill = self._create_bill(self._find("F-1"))
        self._load(customer("F-1", unit_id="T-POST-2", manager_id="ka_manager_2"))
        self.assertRecordValues(
            bill, [{"unit_id": self.post_2.id, "manager_id": self.manager_2.id}]
        )

    def test_same_content_again_writes_nothing(self):
        rows = [
            customer("F-1", phone="010 1", website="acme.cn"),
            record("K", change="I", customer="F-1", code="1", name="Li", sex="M"),
            record(
                "L", change="I", customer="F-1", line_id="T-LETTER", unit_id="T-POST-1"
            ),
            record("N", change="I", name="0311", customer="F-1", state="C"),
        ]
        self._load(*rows)
        self.env.flush_all()
        tables = (
            "res_partner",
            "key_account_line_file",
            "key_account_number",
            "key_account_person",
            "key_account_standing",
            "key_account_state_move",
            "key_account_change",
        )
        before = self._fingerprint(tables)
        feed = self._load(*rows)
        self.assertCounts(feed, unchanged=4)
        self.assertEqual(self._fingerprint(tables), before)

    def _fingerprint(self, tables):
        """Place and version of every row: an UPDATE of any kind would move one."""
        self.env.flush_all()
        found = {}
        for table in tables:
            self.env.cr.execute(
                SQL(
                    "SELECT ctid::text, xmin::text FROM %s ORDER BY id",
                    SQL.identifier(table),
                )
            )
            found[table] = self.env.cr.fetchall()
        return found
