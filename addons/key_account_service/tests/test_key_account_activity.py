# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .care_common import CareCommon


@tagged("post_install", "-at_install")
class TestKeyAccountActivity(CareCommon):
    """Outlets and activities for members (SVC-04, SVC-13, SVC-16)."""

    def _activity(self, **vals):
        return self.env["key.account.activity"].create(
            {
                "name": "Salon",
                "unit_id": self.post_1.id,
                "date_begin": "2026-03-10 06:00:00",
                "date_end": "2026-03-10 08:00:00",
                **vals,
            }
        )

    def _invite(self, activity, user=None, **vals):
        wizard = (
            self.env["key.account.activity.invite"]
            .with_user(user or self.head)
            .create({"activity_id": activity.id, **vals})
        )
        counts = wizard.invite_count, wizard.known_count, wizard.optout_count
        wizard.action_invite()
        return counts

    def test_invited_by_grade_once(self):
        """Opted out, invited already, another unit's: left out, and counted."""
        gold = self._grade("gold")
        third = self._create_customer("Third", self.manager)
        for customer in self.acme | third | self.far:
            customer.key_account_standing_ids.grade_id = gold
        self.env["key.account.optout"].create(
            {"partner_id": third.id, "purpose": "marketing", "date_from": "2020-01-01"}
        )
        activity = self._activity()
        self.assertEqual(self._invite(activity, grade_ids=gold.ids), (1, 0, 1))
        self.assertEqual(activity.guest_ids.partner_id, self.acme)
        self.assertEqual(self._invite(activity), (1, 1, 1))
        self.assertEqual(activity.guest_ids.partner_id, self.acme | self.beta)
        self.assertEqual(activity.guest_ids.manager_id, self.manager)
        with self.assertRaisesRegex(ValidationError, "already"):
            self.env["key.account.activity.guest"].create(
                {"activity_id": activity.id, "partner_id": self.acme.id}
            )

    def _preview(self, activity, user=None):
        wizard = self.env["key.account.activity.message"].with_user(user or self.head)
        return wizard.create({"activity_id": activity.id})

    def test_invitations_go_out_as_previewed_and_once(self):
        """One mail to a person in his language; who opted out gets none (SVC-16)."""
        self.env["res.lang"]._activate_lang("zh_CN")
        template = self.env.ref("key_account_service.mail_template_invitation")
        template.with_context(
            lang="zh_CN"
        ).subject = "邀请：{{ object.activity_id.name }}"
        third = self._create_customer("Third", self.manager)
        self.acme.write({"email": "acme@example.com", "lang": "zh_CN"})
        self.beta.write({"email": "ACME@example.com "})
        third.email = "third@example.com"
        activity = self._activity()
        self._invite(activity)
        guest = {one.partner_id: one for one in activity.guest_ids}
        self.env["key.account.optout"].create(
            {"partner_id": third.id, "purpose": "marketing", "date_from": "2020-01-01"}
        )
        wizard = self._preview(activity)
        lines = {line.partner_id: line for line in wizard.line_ids}
        self.assertEqual(lines.keys(), guest.keys())
        self.assertEqual(lines[self.acme].subject, "邀请：Salon")
        self.assertIn("Salon", lines[self.acme].body)
        self.assertNotIn("Third", lines[self.acme].body)
        chosen = {one: line.is_chosen for one, line in lines.items()}
        self.assertEqual(chosen, {self.acme: True, self.beta: False, third: False})
        self.assertIn("same address", lines[self.beta].problem)
        self.assertIn("not want", lines[third].problem)
        lines[self.acme].body = "<p>Changed by hand</p>"
        known = self.env["mail.mail"].search([])
        wizard.action_send()
        sent = self.env["mail.mail"].search([]) - known
        self.assertEqual(sent.recipient_ids, self.acme)
        self.assertEqual(sent.subject, "邀请：Salon")
        self.assertIn("Changed by hand", sent.body_html)
        self.assertTrue(guest[self.acme].date_invited)
        with self.assertRaisesRegex(UserError, "already"):
            wizard.action_send()
        again = self._preview(activity)
        self.assertNotIn(self.acme, again.line_ids.partner_id)
        lines[self.beta].is_chosen = lines[third].is_chosen = True
        lines[self.acme].is_chosen = False
        with self.assertRaisesRegex(UserError, "not want"):
            wizard.action_send()
        self.assertEqual(self.env["mail.mail"].search([]) - known, sent)

    def test_nobody_writes_to_another_units_guests(self):
        self.acme.email = "acme@example.com"
        activity = self._activity()
        self._invite(activity)
        self.assertFalse(self._preview(activity, self.head_b).line_ids)
        lines = self._preview(activity).line_ids
        with self.assertRaises(AccessError):
            lines.with_user(self.head_b)._send()
        activity.state = "held"
        with self.assertRaisesRegex(UserError, "over"):
            self._preview(activity).action_send()

    def test_a_manager_invites_his_own_customers(self):
        activity = self._activity()
        other = self._create_customer("Other", self.colleague)
        self._invite(activity, self.manager)
        self.assertNotIn(other, activity.guest_ids.partner_id)
        self.assertIn(self.acme, activity.guest_ids.partner_id)

    def test_full(self):
        activity = self._activity(capacity=1)
        self._invite(activity)
        first, second = activity.guest_ids
        first.action_accept()
        with self.assertRaisesRegex(UserError, "full"):
            second.action_accept()
        first.action_decline()
        second.action_accept()

    def test_cost_is_shared_by_those_who_came(self):
        """To the cent, and in the months of the customers."""
        customers = self.acme | self.beta | self._create_customer("C", self.manager)
        activity = self._activity(cost=100)
        self._invite(activity)
        guests = activity.guest_ids
        self.assertEqual(guests.partner_id, customers)
        guests.action_attend()
        with freeze_time("2026-03-09"), self.assertRaisesRegex(UserError, "not begun"):
            activity.with_user(self.head).action_held()
        with freeze_time("2026-03-11"):
            activity.with_user(self.head).action_held()
        self.assertEqual(sorted(guests.mapped("cost")), [33.33, 33.33, 33.34])
        guests[0].state = "absent"
        self.assertEqual(sorted(guests.mapped("cost")), [0, 50, 50])
        self.env.flush_all()
        months = self.env["key.account.month"].search(
            [("partner_id", "in", customers.ids), ("amount_cost", "!=", 0)]
        )
        self.assertEqual(months.mapped("amount_cost"), [50, 50])
        self.assertEqual(months.mapped("care_count"), [1, 1])
        self.assertEqual({str(month.month) for month in months}, {"2026-03-01"})

    def test_who_did_not_come_is_absent(self):
        activity = self._activity()
        self._invite(activity)
        activity.guest_ids[0].action_accept()
        activity.guest_ids[1].action_decline()
        with freeze_time("2026-03-11"):
            activity.action_held()
        self.assertEqual(activity.guest_ids.mapped("state"), ["absent", "declined"])
        with self.assertRaisesRegex(UserError, "invited"):
            activity.unlink()

    def test_held_for_own_units(self):
        with self.assertRaises(AccessError):
            self._activity().with_user(self.head_b).action_cancel()
        with self.assertRaises(AccessError):
            self.env["key.account.activity"].with_user(self.head).create(
                {
                    "name": "Salon",
                    "unit_id": self.parcel_1.id,
                    "date_begin": "2026-03-10 06:00:00",
                    "date_end": "2026-03-10 08:00:00",
                }
            )

    def test_benefits_of_a_grade_at_outlets(self):
        """SVC-04: what a grade enjoys where, on a day."""
        gold, silver = self._grade("gold"), self._grade("silver")
        hall = self.env["key.account.card.place"].create(
            {
                "name": "Hall",
                "code": "T-HALL",
                "hours": "8:30 to 17:30",
                "unit_id": self.post_1.id,
                "service_ids": [(6, 0, self._term("outlet_service", "payment").ids)],
                "offer_ids": [
                    (0, 0, {"name": "Tea"}),
                    (0, 0, {"name": "Lounge", "grade_id": gold.id}),
                    (0, 0, {"name": "Gone", "date_to": "2025-12-31"}),
                ],
            }
        )
        offers = self.env["key.account.outlet.offer"].with_user(self.manager)
        day = self._day("2026-01-15")
        mine = offers._get_for(gold, day).filtered(lambda one: one.place_id == hall)
        self.assertEqual(mine.mapped("name"), ["Tea", "Lounge"])
        mine = offers._get_for(silver, day).filtered(lambda one: one.place_id == hall)
        self.assertEqual(mine.mapped("name"), ["Tea"])
