# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KeyAccountCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_model", "odoo.addons.base.models.ir_rule")
CENTRE_ROLES = ("centre", "office", "agent", "admin")


@freeze_time("2026-03-10")
@tagged("post_install", "-at_install")
class TestKeyAccountGroup(KeyAccountCommon):
    """A group's headquarters above the centres of its provinces (ORG-07).

    ============  ============  ===========================================
    unit          below         users
    ============  ============  ===========================================
    headquarters  -             those of the centre in a single-centre city
    east          headquarters  east_centre, east_office, east_agent, east_admin
    west          headquarters  west_centre
    post          east          ka_company, ka_finance
    parcel        west          ka_company_b
    ============  ============  ===========================================
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        level = cls.env["key.account.unit.level"].create(
            {"name": "Group Headquarters", "sequence": 5}
        )
        cls.centre.write({"name": "Headquarters", "level_id": level.id})
        cls.east = cls._create_unit("T-EAST", cls.centre, "centre")
        cls.west = cls._create_unit("T-WEST", cls.centre, "centre")
        cls.post.parent_id = cls.east
        cls.parcel.parent_id = cls.west
        for role in CENTRE_ROLES:
            user = cls._create_user(f"ka_east_{role}", role, cls.east)
            setattr(cls, f"east_{role}", user)
        cls.west_centre = cls._create_user("ka_west_centre", "centre", cls.west)
        cls.eastern = cls._create_customer("Eastern", manager=cls.manager)
        cls.western = cls._create_customer("Western", manager=cls.manager_b)
        cls.shared = cls._create_customer("Shared", manager=cls.manager)
        cls._create_line_file(cls.shared, cls.express, cls.manager_b)
        cls.customers = cls.eastern | cls.western | cls.shared
        cls._create_bill(cls.eastern, 100)
        cls._create_bill(cls.western, 30)
        cls._create_bill(cls.shared, 7)
        cls._create_bill(cls.shared, 2, cls.express)

    def _read(self, user, model="res.partner", path="id"):
        return (
            self.env[model].with_user(user).search([(path, "in", self.customers.ids)])
        )

    def _billed(self, user):
        return sum(self._read(user, "key.account.bill", "partner_id").mapped("amount"))

    def test_headquarters_read_all_provinces(self):
        for user in (self.director, self.office, self.agent):
            with self.subTest(user=user.login):
                self.assertEqual(user.key_account_reach, "all")
                self.assertEqual(set(self._read(user).ids), set(self.customers.ids))
                self.assertEqual(self._billed(user), 139)

    def test_a_province_reads_its_own_and_what_it_serves(self):
        for role in ("centre", "office", "agent"):
            user = getattr(self, f"east_{role}")
            with self.subTest(user=user.login):
                self.assertEqual(user.key_account_reach, "unit")
                self.assertEqual(
                    set(self._read(user).ids), set((self.eastern | self.shared).ids)
                )
                self.assertEqual(self._billed(user), 107)
        self.assertEqual(
            set(self._read(self.west_centre).ids),
            set((self.western | self.shared).ids),
        )
        self.assertEqual(self._billed(self.west_centre), 32)

    def test_provinces_add_up_to_the_headquarters(self):
        """Design 3.4: the figure on the customer is that of the rows in reach."""
        total = self.shared.with_user(self.director).key_account_total
        parts = [
            self.shared.with_user(user).key_account_total
            for user in (self.east_centre, self.west_centre)
        ]
        self.assertEqual((total, parts), (9, [7, 2]))

    def test_every_fact_of_another_province_is_out_of_reach(self):
        """Whatever model carries a unit: no row of the west is read in the east."""
        foreign = self.west._get_below()
        for name in self.env["res.partner"]._key_account_fact_models():
            model = self.env[name].with_user(self.east_centre)
            if model.has_access("read"):
                with self.subTest(model=name):
                    self.assertFalse(model.search([("unit_id", "in", foreign.ids)]))

    def test_the_administrator_of_a_province_lists_its_customers(self):
        found = self._read(self.east_admin)
        self.assertEqual(set(found.ids), set((self.eastern | self.shared).ids))

    @mute_logger(*RULE_LOGGERS)
    def test_a_province_changes_its_own_files_only(self):
        self.eastern.with_user(self.east_centre).comment = "Ours"
        for customer, user in (
            (self.western, self.east_centre),
            (self.eastern, self.west_centre),
            (self.shared, self.west_centre),
        ):
            with self.subTest(customer=customer.name), self.assertRaises(AccessError):
                customer.with_user(user).comment = "Not ours"
        self.western.with_user(self.director).comment = "Headquarters may"

    @mute_logger(*RULE_LOGGERS)
    def test_a_province_gives_no_customer_to_another(self):
        with self.assertRaises(AccessError):
            self.eastern.with_user(self.east_centre).key_account_unit_id = self.west
        self.eastern.with_user(self.director).write(
            {"key_account_unit_id": self.parcel_1.id, "key_account_manager_id": False}
        )
        self.assertEqual(self._billed(self.east_centre), 7)
        self.assertEqual(self._billed(self.west_centre), 132)

    def test_who_moves_to_the_headquarters_reads_all_at_once(self):
        user = self.east_centre
        self.assertEqual(self._billed(user), 107)
        user.key_account_unit_id = self.centre
        self.assertEqual(self._billed(user), 139)
        user.key_account_unit_id = self.west
        self.assertEqual(self._billed(user), 32)

    def test_a_company_that_changes_the_province_takes_its_rows_along(self):
        self.assertEqual(self._billed(self.west_centre), 32)
        self.post.parent_id = self.west
        self.assertEqual(self._billed(self.west_centre), 139)
        self.assertEqual(self._billed(self.east_centre), 0)

    def test_the_drawing_shows_all_levels(self):
        tree = (
            self.env["key.account.unit"]
            .with_user(self.director)
            .hierarchy_read(
                [("parent_id", "=", False)],
                {"display_name": {}, "level_id": {"fields": {"display_name": {}}}},
                "parent_id",
                "child_ids",
            )
        )
        shown = {row["id"]: row["level_id"]["display_name"] for row in tree}
        self.assertEqual(shown[self.centre.id], "Group Headquarters")
        self.assertEqual(shown[self.east.id], "Centre")

    def test_one_centre_reaches_everything_without_a_list_of_units(self):
        """The usual city pays nothing for it: no units are compared."""
        domain = self.env["ir.rule"].with_user(self.director)
        rule = domain._compute_domain("key.account.bill", "read")
        self.assertTrue(rule.is_true())
        rule = domain.with_user(self.east_centre)._compute_domain(
            "key.account.bill", "read"
        )
        self.assertFalse(rule.is_true())
