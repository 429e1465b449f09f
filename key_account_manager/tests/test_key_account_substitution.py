# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time
from psycopg2.errors import ExclusionViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import ManagerCommon


@tagged("post_install", "-at_install")
class TestKeyAccountSubstitution(ManagerCommon):
    """Who stands in sees exactly what the absent manager sees, for those days."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.absent = cls._create_customer("Absent's", cls.manager)
        cls.own = cls._create_customer("Own", cls.colleague)
        cls.third = cls._create_customer("Third's", cls.manager_2)
        cls.bill = cls._create_bill(cls.absent)
        cls.other_bill = cls._create_bill(cls.third)
        with freeze_time("2026-03-02 04:00:00"):
            cls.substitution = cls.env["key.account.substitution"].create(
                {
                    "user_id": cls.manager.id,
                    "substitute_id": cls.colleague.id,
                    "date_from": "2026-03-10",
                    "date_to": "2026-03-12",
                }
            )

    def test_from_the_first_to_the_last_day(self):
        """MGR-08: nothing before, nothing after, no restart between. The day is the
        centre's: its last second counts, the next does not."""
        self.env.company.resource_calendar_id.tz = "Asia/Shanghai"
        rows = (self.absent, self.own, self.third, self.bill, self.other_bill)
        own, all_his = {self.own}, {self.own, self.absent, self.bill}
        for moment, seen in (
            ("2026-03-09 15:59:59", own),
            ("2026-03-09 16:00:00", all_his),
            ("2026-03-11 12:00:00", all_his),
            ("2026-03-12 15:59:59", all_his),
            ("2026-03-12 16:00:00", own),
        ):
            with self.subTest(moment), freeze_time(moment):
                self.assertEqual(self._sees(self.colleague, *rows), seen)

    def test_a_client_cannot_move_the_day(self):
        colleague = self.colleague.with_user(self.colleague)
        colleague.tz = "Pacific/Kiritimati"
        with freeze_time("2026-03-09 14:00:00"):
            partner = self.absent.with_user(self.colleague)
            found = partner.with_context(tz="Pacific/Kiritimati").search(
                [("id", "=", self.absent.id)]
            )
            self.assertFalse(found)

    def test_he_works_on_them_too(self):
        with freeze_time("2026-03-10 04:00:00"):
            self.absent.with_user(self.colleague).street = "New Street 1"
        with freeze_time("2026-03-13 04:00:00"), self.assertRaises(AccessError):
            self.absent.with_user(self.colleague).street = "Another Street"

    def test_it_reaches_no_further(self):
        """Whom the substitute's own substitute stands in for: not two steps."""
        with freeze_time("2026-03-10 04:00:00"):
            self.env["key.account.substitution"].create(
                {
                    "user_id": self.colleague.id,
                    "substitute_id": self.manager_2.id,
                    "date_from": "2026-03-10",
                    "date_to": "2026-03-12",
                }
            )
            seen = self._sees(self.manager_2, self.absent, self.own, self.third)
            self.assertEqual(seen, {self.own, self.third})
            self.assertEqual(
                self._sees(self.manager, self.absent, self.own), {self.absent}
            )

    def test_ending_it_takes_effect_at_once(self):
        with freeze_time("2026-03-11 04:00:00"):
            self.assertIn(self.absent, self._sees(self.colleague, self.absent))
            self.substitution.with_user(self.head).action_end()
            self.assertFalse(self._sees(self.colleague, self.absent))
            self.assertEqual(str(self.substitution.date_to), "2026-03-10")

    def test_what_was_is_not_rewritten(self):
        one = self.substitution.with_user(self.head)
        with freeze_time("2026-03-11 04:00:00"):
            for vals in (
                {"date_from": "2026-03-09"},
                {"substitute_id": self.manager_2.id},
                {"date_to": "2026-03-09"},
            ):
                with self.subTest(vals), self.assertRaises(UserError):
                    one.write(vals)
            with self.assertRaises(UserError):
                one.unlink()
            one.date_to = "2026-03-20"
        with freeze_time("2026-03-25 04:00:00"), self.assertRaises(UserError):
            one.date_to = "2026-03-30"

    def test_one_stands_in_at_a_time(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(ExclusionViolation):
            self.substitution.copy({"substitute_id": self.manager_2.id})

    def test_managers_only(self):
        with self.assertRaises(ValidationError):
            self.substitution.copy(
                {
                    "substitute_id": self.head.id,
                    "date_from": "2027-01-01",
                    "date_to": "2027-01-02",
                }
            )

    def test_whose_units(self):
        """The head of another department arranges nothing here (domain 3.2)."""
        vals = {
            "user_id": self.manager.id,
            "substitute_id": self.colleague.id,
            "date_from": "2027-01-01",
            "date_to": "2027-01-02",
        }
        model = self.env["key.account.substitution"]
        model.with_user(self.head).create(vals)
        for user in (self.head_b, self.manager, self.office):
            with self.subTest(user.login), self.assertRaises(AccessError):
                model.with_user(user).create(
                    {**vals, "date_from": "2027-02-01", "date_to": "2027-02-02"}
                )

    def test_asking_costs_no_query_in_a_list(self):
        """The scope is computed once per user and day, not per search."""
        with freeze_time("2026-03-10 04:00:00"):
            partners = self.env["res.partner"].with_user(self.colleague)
            domain = [("key_account_kind", "!=", False)]
            partners.search(domain)
            self.env.flush_all()
            with self.assertQueryCount(1):
                partners.search(domain)
