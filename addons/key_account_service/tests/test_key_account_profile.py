# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.tests import tagged

from .common import ServiceCommon

STANDARDS, CONTACTS = "key.account.standard", "key.account.contact.rule"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 08:00:00")
class TestKeyAccountProfile(ServiceCommon):
    """Standards and contact rules of a kind of operator (RULE-03, domain 2.8, 2.9)."""

    def _profile(self, code):
        return self.env["key.account.profile"].search([("code", "=", code)])

    def _apply(self, code, *names, **vals):
        return self._profile(code)._apply(names, **vals)

    def test_the_shipped_telecom_profile_is_what_is_in_force(self):
        content = self._profile("telecom").content
        self.assertEqual(len(content[CONTACTS]), 1)
        self.assertEqual(
            len(content[STANDARDS]),
            self.env[STANDARDS].search_count([("state", "=", "approved")]),
        )
        self.assertEqual(self._apply("telecom", STANDARDS, CONTACTS), [])

    def test_post_has_its_own(self):
        """A limit is base × factor of the post's grades; contacts follow them too."""
        drafts = self._apply(
            "post",
            "key.account.grade",
            STANDARDS,
            CONTACTS,
            date_from="2026-01-20",
        )
        self.assertEqual(len(drafts), 11)
        for draft in drafts:
            self.assertEqual(draft._get_all_problems(), [], draft.display_name)
            draft.action_propose()
            draft.action_approve()
        standard = self.env[STANDARDS]._get_in_force(
            "2026-01-20", kind_id=self.fault.id, line_id=False
        )
        for grade, hours in (
            ("special", 7.2),
            ("provincial", 12),
            ("class1", 16.8),
            ("class2", 24),
            (None, 24),
        ):
            self.assertEqual(standard._get_seconds(grade), hours * 3600, grade)
        rule = self.env[CONTACTS]._get_in_force("2026-01-20")
        days = {
            (row.grade_code, row.kind_id.code or row.whom): row.days
            for row in rule.frequency_ids
        }
        wanted = {
            "special": (15, 7, 30),
            "provincial": (30, 15, 60),
            "class1": (91, 45, 60),
            "class2": (182, 91, 90),
            "class3": (182, 91, 90),
        }
        for grade, frequencies in wanted.items():
            found = tuple(days[grade, what] for what in ("visit", "call", "person"))
            self.assertEqual(found, frequencies, grade)
