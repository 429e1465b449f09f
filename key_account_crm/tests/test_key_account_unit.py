# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2 import IntegrityError

from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
class TestKeyAccountUnit(KeyAccountCommon):
    """The tree of units (ORG-01, ORG-08, BU-01 to BU-03)."""

    def test_closing_a_unit_in_use_says_what_is_left(self):
        self._create_customer("Acme", self.manager)
        with self.assertRaisesRegex(UserError, "1 customers.*3 users.*Move them"):
            self.post_1.action_archive()

    def test_an_empty_unit_closes_and_opens(self):
        unit = self._create_unit("T-EMPTY", self.post, "department")
        unit.action_archive()
        self.assertFalse(unit.active)
        unit.action_unarchive()
        self.assertTrue(unit.active)

    def test_a_unit_with_open_departments_stays(self):
        company = self._create_unit("T-NEW", self.centre, "company")
        self._create_unit("T-NEW-1", company, "department")
        with self.assertRaisesRegex(UserError, "1 open subordinate units"):
            company.action_archive()

    def test_a_unit_in_use_cannot_be_deleted(self):
        with self.assertRaises(UserError):
            self.post_1.unlink()

    def test_levels_go_downwards(self):
        with self.assertRaisesRegex(ValidationError, "cannot stand below"):
            self._create_unit("T-WRONG", self.post_1, "company")

    def test_a_unit_cannot_stand_below_itself(self):
        with self.assertRaises(UserError):
            self.post.parent_id = self.post_1

    def test_there_is_one_centre(self):
        level = self.env.ref("key_account_crm.key_account_unit_level_centre")
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.env["key.account.unit"].create(
                {"name": "Second", "code": "T-2ND", "level_id": level.id}
            )

    def test_city_codes_have_five_digits(self):
        self.post.city_code = "01310"
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            self.parcel.city_code = "13A"
            self.env.flush_all()
