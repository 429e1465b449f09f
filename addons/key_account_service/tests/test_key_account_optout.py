# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import timedelta

from freezegun import freeze_time
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from ..models.key_account_optout import CHANNELS, PURPOSES
from .care_common import CareCommon

PURPOSE = st.sampled_from([code for code, _label in PURPOSES])
CHANNEL = st.sampled_from([code for code, _label in CHANNELS])


@tagged("post_install", "-at_install")
class TestKeyAccountOptout(CareCommon):
    """What customers do not want is kept, and binds lists and greetings (SVC-06)."""

    def _optout(self, **vals):
        return self.env["key.account.optout"].create(
            {"partner_id": self.acme.id, "date_from": "2026-01-10", **vals}
        )

    def _is_out(self, day="2026-01-15", purpose="care", channel="call", contact=None):
        return self.env["key.account.optout"]._is_opted_out(
            self.acme, purpose, channel, self._day(day), contact
        )

    def test_from_a_day_until_another(self):
        self._optout(date_to="2026-01-20")
        found = [self._is_out(f"2026-01-{day:02}") for day in (9, 10, 19, 20)]
        self.assertEqual(found, [False, True, True, False])

    def test_purpose_way_and_person(self):
        person = self._person("Li", "1980-01-01")
        other = self._person("Wang", "1981-01-01")
        self._optout(purpose="care", channel="call", contact_id=person.id)
        self.assertTrue(self._is_out(contact=person))
        self.assertFalse(self._is_out(contact=other))
        self.assertFalse(self._is_out())
        self.assertFalse(self._is_out(contact=person, channel="visit"))
        self.assertFalse(self._is_out(contact=person, purpose="survey"))

    def test_an_individual_named_or_not(self):
        """Who opts out as a person and is the customer opts out as the customer."""
        zhao = self._create_customer(
            "Zhao", self.manager, key_account_kind="individual", is_company=False
        )
        self._optout(partner_id=zhao.id, contact_id=zhao.id)
        optouts = self.env["key.account.optout"]
        day = self._day("2026-01-15")
        self.assertTrue(optouts._is_opted_out(zhao, "care", "call", day))
        self._plan("festival", festival=self.mid_autumn)
        run = self._run("2026-09-24", "2026-09-24")
        row = run.proposal_ids.filtered(lambda row: row.partner_id == zhao)
        self.assertEqual(row.verdict, "optout")

    def test_kept_and_ended(self):
        optout = self._optout().with_user(self.manager)
        with self.assertRaisesRegex(UserError, "stays as it was"):
            optout.purpose = "survey"
        with freeze_time("2026-01-15"):
            optout.action_end()
            self.assertFalse(optout.is_in_force)
        self.assertFalse(self._is_out())
        self.assertTrue(self._is_out("2026-01-14"))
        with self.assertRaisesRegex(UserError, "kept"):
            optout.sudo().unlink()

    def test_in_force_found_and_shown_alike(self):
        with freeze_time("2026-01-15"):
            in_force = self._optout() | self._optout(date_to="2026-01-16")
            over = self._optout(date_to="2026-01-15")
            over |= self._optout(date_from="2026-01-16")
            both = in_force | over
            found = both.search([("id", "in", both.ids), ("is_in_force", "=", True)])
            self.assertEqual(found, both.filtered("is_in_force"))
            self.assertEqual(found, in_force)

    def test_person_of_another_customer(self):
        stranger = self._person("Stranger", "1980-01-01", customer=self.beta)
        with self.assertRaisesRegex(ValidationError, "does not belong"):
            self._optout(contact_id=stranger.id)

    def test_who_enters_what(self):
        """Agents for everybody, managers for their own customers."""
        optouts = self.env["key.account.optout"]
        made = optouts.with_user(self.agent).create(
            {"partner_id": self.far.id, "user_id": self.director.id}
        )
        self.assertEqual(made.user_id, self.agent)
        with self.assertRaises(AccessError):
            optouts.with_user(self.manager).create({"partner_id": self.far.id})

    @settings(
        max_examples=40,
        deadline=None,
        suppress_health_check=[HealthCheck.differing_executors],
    )
    @given(
        st.lists(
            st.tuples(PURPOSE, CHANNEL, st.integers(0, 6), st.integers(0, 6)),
            max_size=4,
        ),
        st.sampled_from(("care", "marketing", "survey")),
        st.sampled_from(("mail", "sms", "call", "visit", "gift")),
        st.integers(0, 7),
    )
    def test_one_and_many_say_the_same(self, entries, purpose, channel, at):
        """The condition of the batches and the question about one agree."""
        customer = self._create_customer("Hypothesis", self.manager)
        first = self._day("2026-01-10")
        for one, way, start, length in entries:
            begin = first + timedelta(days=start)
            self._optout(
                partner_id=customer.id,
                purpose=one,
                channel=way,
                date_from=begin,
                date_to=begin + timedelta(days=length) if length < 6 else False,
            )
        day = first + timedelta(days=at)
        optouts = self.env["key.account.optout"]
        self.env.flush_all()
        condition = optouts._get_optout_condition(
            SQL("partner.id"), SQL("NULL::integer"), purpose, SQL("%s", channel), day
        )
        [[found]] = self.env.execute_query(
            SQL(
                "SELECT %s FROM res_partner AS partner WHERE id = %s",
                condition,
                customer.id,
            )
        )
        self.assertEqual(found, optouts._is_opted_out(customer, purpose, channel, day))


@tagged("post_install", "-at_install")
class TestKeyAccountOptoutPortal(CareCommon, HttpCase):
    """A contact changes on the portal what he does not want: his own, nothing else."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person = cls._person("Chen", "1980-01-01")
        cls.user = (
            cls.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Chen",
                    "login": "optout_portal",
                    "password": "optout_portal",
                    "partner_id": cls.person.id,
                    "group_ids": [Command.set(cls.env.ref("base.group_portal").ids)],
                }
            )
        )

    def test_said_and_taken_back(self):
        portal = self.env["key.account.optout"].with_user(self.user)
        other = self.env["key.account.optout"].create(
            {"partner_id": self.acme.id, "purpose": "survey"}
        )
        portal._portal_save([("care", "gift"), ("marketing", "all"), ("evil", "x")])
        mine = portal.sudo().search([("contact_id", "=", self.person.id)])
        self.assertEqual(
            {(one.purpose, one.channel, one.source) for one in mine},
            {("care", "gift", "portal"), ("marketing", "all", "portal")},
        )
        portal._portal_save([("care", "gift")])
        self.assertEqual(
            mine.filtered("is_in_force").mapped("purpose"), ["care"], "the other ended"
        )
        self.assertEqual(len(portal.sudo().search([("id", "in", mine.ids)])), 2)
        self.assertTrue(other.is_in_force, "what the company said stays")

    @mute_logger("odoo.http")
    def test_page(self):
        self.authenticate("optout_portal", "optout_portal")
        page = self.url_open("/my/contact-choices")
        self.assertEqual(page.status_code, 200)
        self.assertIn('name="care-gift"', page.text)
        token = page.text.split('name="csrf_token"')[1].split('value="')[1]
        answer = self.url_open(
            "/my/contact-choices",
            data={"csrf_token": token.split('"')[0], "care-gift": "on"},
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("are saved", answer.text)
        made = self.env["key.account.optout"].search(
            [("contact_id", "=", self.person.id)]
        )
        self.assertRecordValues(
            made, [{"purpose": "care", "channel": "gift", "source": "portal"}]
        )

    @mute_logger("odoo.http")
    def test_membership(self):
        """SVC-16: outlets, the benefits of the own grade, invitations answered."""
        gold = self._grade("gold")
        self.acme.key_account_standing_ids.grade_id = gold
        self.env["key.account.card.place"].create(
            {
                "name": "Hall East",
                "code": "T-EAST",
                "hours": "8:30 to 17:30",
                "offer_ids": [
                    (0, 0, {"name": "Lounge", "grade_id": gold.id}),
                    (0, 0, {"name": "Gem", "grade_id": self._grade("diamond").id}),
                ],
            }
        )
        activity = self.env["key.account.activity"].create(
            {
                "name": "Tea Salon",
                "unit_id": self.post_1.id,
                "date_begin": "2099-03-10 06:00:00",
                "date_end": "2099-03-10 08:00:00",
            }
        )
        mine, other = self.env["key.account.activity.guest"].create(
            [
                {"activity_id": activity.id, "partner_id": customer.id}
                for customer in (self.acme, self.beta)
            ]
        )
        self.authenticate("optout_portal", "optout_portal")
        page = self.url_open("/my/membership").text
        for text in ("Hall East", "8:30 to 17:30", "Lounge", "Tea Salon"):
            self.assertIn(text, page)
        self.assertNotIn("Gem", page)
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        for guest in (mine, other):
            self.url_open(
                f"/my/membership/{guest.id}/answer",
                data={"csrf_token": token, "answer": "accepted"},
            )
        self.assertEqual((mine | other).mapped("state"), ["accepted", "invited"])

    def test_a_stranger_has_no_page(self):
        stranger = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Stranger",
                    "login": "optout_stranger",
                    "group_ids": [Command.set(self.env.ref("base.group_portal").ids)],
                }
            )
        )
        with self.assertRaisesRegex(AccessError, "no contact"):
            self.env["key.account.optout"].with_user(stranger)._portal_rows()
