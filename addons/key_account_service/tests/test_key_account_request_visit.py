# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from ..models import key_account_card_attempt
from .common import ServiceCommon


class VisitCommon(ServiceCommon):
    """``far`` of the parcel company, with a gold card, before people of the post."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.gold = cls.env.ref("key_account_crm.key_account_card_kind_gold")
        cls.far.key_account_code = "FAR-1"
        cls.number = cls._number(cls.far, "0108888")
        cls.env["key.account.card.batch"].create(
            {
                "kind_id": cls.gold.id,
                "unit_id": cls.parcel_1.id,
                "number_from": "V0010",
                "number_to": "V0019",
            }
        )
        cls.card = cls.env["key.account.card"].create(
            {
                "partner_id": cls.far.id,
                "number_id": cls.number.id,
                "kind_id": cls.gold.id,
            }
        )
        cls.card._open(is_active=True)

    @classmethod
    def _number(cls, customer, name):
        numbers = cls.env["key.account.number"]
        return numbers.create({"name": name, "partner_id": customer.id})

    def _visit(self, user, code, way="card", **vals):
        wizard = self.env["key.account.request.visit"].with_user(user)
        return wizard.create(
            {
                "way": way,
                "code": code,
                "kind_id": self.fault.id,
                "subject": "Help",
                **vals,
            }
        )

    def _identify(self, user, code, way="card", **vals):
        wizard = self._visit(user, code, way, **vals)
        wizard.action_authenticate()
        return wizard

    def _register(self, wizard):
        action = wizard.action_register()
        return self.env["key.account.request"].browse(action["res_id"])

    def _attempts(self, user):
        attempts = self.env["key.account.card.attempt"]
        return attempts.search([("caller", "=", f"user:{user.id}")], order="id")


@tagged("post_install", "-at_install")
class TestKeyAccountRequestVisit(VisitCommon):
    """A customer of one city is served in another (SVC-03, CARD-08)."""

    def test_identified_by_card_served_and_home_is_told(self):
        before = self.env["mail.activity"].search([])
        wizard = self._identify(self.manager, self.card.name.lower())
        self.assertEqual(wizard.outcome, "valid")
        self.assertNotIn("Far", wizard.holder)
        request = self._register(wizard)
        self.assertRecordValues(
            request,
            [
                {
                    "partner_id": self.far.id,
                    "unit_id": self.parcel_1.id,
                    "manager_id": self.manager_b.id,
                    "service_unit_id": self.post_1.id,
                    "handler_id": self.manager.id,
                    "class_id": self._term("service_class", "cross_region").id,
                }
            ],
        )
        activity = self.env["mail.activity"].search([]) - before
        self.assertEqual(activity.user_id, self.manager_b)
        [attempt] = self._attempts(self.manager)
        self.assertEqual((attempt.outcome, attempt.card_id), ("valid", self.card))
        self.assertNotIn(self.card.name, attempt.asked)
        for user in (
            self.manager,
            self.head,
            self.company,
            self.manager_b,
            self.head_b,
        ):
            self.assertTrue(request.with_user(user).has_access("read"), user.login)
        for user in (self.colleague, self.manager_2):
            self.assertFalse(request.with_user(user).has_access("read"), user.login)
        with self.assertRaises(AccessError):
            self.far.with_user(self.manager).read(["street"])

    def test_done_there_borne_at_home(self):
        request = self._register(self._identify(self.manager, self.card.name))
        before = self.env["mail.message"].search([])
        request.with_user(self.manager)._finish(cost=80, result="Card replaced.")
        self.assertEqual((request.state, request.unit_id), ("done", self.parcel_1))
        [message] = self.env["mail.message"].search(
            [("id", "not in", before.ids), ("message_type", "=", "user_notification")]
        )
        self.assertEqual(message.notified_partner_ids, self.manager_b.partner_id)
        for text in ("Card replaced.", "80", self.parcel_1.name, self.post_1.name):
            self.assertIn(text, message.body)
        with self.assertRaisesRegex(AccessError, "The centre settles"):
            request.with_user(self.head_b).action_settle()
        request.with_user(self.director).action_settle()
        self.assertEqual(request.settled_by_id, self.director)
        with self.assertRaisesRegex(UserError, "its cost stays"):
            request.cost = 90
        with self.assertRaisesRegex(UserError, "is not settled"):
            request.with_user(self.director).action_settle()
        with self.assertRaisesRegex(UserError, "is not settled"):
            self._request().with_user(self.director).action_settle()

    def test_by_number_or_code_where_there_is_no_card(self):
        self._number(self.acme, "0107777")
        for value, way, holder in (
            ("0107777", "number", True),
            (self.acme.key_account_code, "code", True),
            ("0108888", "number", True),
            ("010777", "number", False),
            ("Acme", "code", False),
            ("%", "code", False),
            ("%", "card", False),
        ):
            wizard = self._identify(self.manager_b, value, way)
            self.assertEqual(wizard.outcome == "valid", holder, (value, way))
            self.assertEqual(bool(wizard.holder), holder, (value, way))
            if not holder:
                with self.assertRaisesRegex(UserError, "Nobody was identified"):
                    wizard.action_register()
        self.assertEqual(len(self._attempts(self.manager_b)), 7)
        # the number of a customer with a card is asked for as his card is
        self.assertEqual(self._attempts(self.manager_b)[2].card_id, self.card)

    def test_a_lost_card_is_none(self):
        self.card._step("lose", reason="Lost")
        wizard = self._identify(self.manager, self.card.name)
        self.assertEqual(wizard.outcome, "lost")
        with self.assertRaisesRegex(UserError, "Nobody was identified"):
            wizard.action_register()

    def test_nothing_is_registered_without_the_log(self):
        """What the window says was answered is not believed."""
        wizard = self._visit(self.manager, self.card.name)
        wizard.write({"outcome": "valid", "holder": "Far"})
        with self.assertRaisesRegex(UserError, "Nobody was identified"):
            wizard.action_register()
        # nor is what a colleague was told, nor another customer's card
        self._identify(self.colleague, self.card.name)
        with self.assertRaisesRegex(UserError, "Nobody was identified"):
            wizard.action_register()
        wizard.action_authenticate()
        wizard.write({"way": "code", "code": self.acme.key_account_code})
        with self.assertRaisesRegex(UserError, "Nobody was identified"):
            wizard.action_register()
        # and not for ever
        wizard.write({"way": "card", "code": self.card.name})
        self.patch(key_account_card_attempt, "SERVED_WITHIN", "0 minutes")
        with self.assertRaisesRegex(UserError, "Nobody was identified"):
            wizard.action_register()

    def test_guessing_is_slowed_whatever_is_guessed(self):
        for number in range(6):
            way = ("card", "number", "code")[number % 3]
            wizard = self._identify(self.manager, f"guess-{number}", way)
            self.assertEqual(wizard.outcome, "unknown")
        for way, code in (("card", self.card.name), ("code", "FAR-1")):
            wizard = self._identify(self.manager, code, way)
            self.assertEqual(wizard.outcome, "slow", way)
            self.assertTrue(wizard.wait)
            self.assertFalse(wizard.holder)

    def test_a_customer_of_ones_own_unit_is_no_visitor(self):
        wizard = self._identify(self.head, self.acme.key_account_code, "code")
        request = self._register(wizard)
        self.assertFalse(request.service_unit_id)
        self.assertEqual(request.class_id, self._term("service_class", "basic"))

    def test_the_window_asks_step_by_step(self):
        """The form: identify first, then what he asks for."""
        with Form(
            self.env["key.account.request.visit"].with_user(self.manager)
        ) as form:
            form.code = self.card.name
        wizard = form.record
        wizard.action_authenticate()
        with Form(wizard) as form:
            form.kind_id = self.fault
            form.subject = "No tone"
        self.assertEqual(self._register(wizard).subject, "No tone")


@tagged("post_install", "-at_install")
class TestKeyAccountRequestPartner(VisitCommon):
    """Another trade serves the holder of a card: a partner's place (SVC-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lounge = cls.env.ref("key_account_crm.key_account_card_benefit_lounge")
        cls.airport = cls.env["key.account.card.place"].create(
            {
                "name": "Lounge 3",
                "code": "T-LOUNGE",
                "category": "airport",
                "partner_name": "Airport Ltd",
                "price": 50,
                "benefit_ids": cls.lounge.ids,
            }
        )

    def _partner_visit(self, **vals):
        vals = {"place_id": self.airport.id, "benefit_id": self.lounge.id, **vals}
        return self._identify(self.manager, self.card.name, **vals)

    def test_the_benefit_is_taken_from_his_card(self):
        request = self._register(self._partner_visit(companion_count=1))
        self.assertEqual(
            request.class_id, self._term("service_class", "cross_industry")
        )
        self.assertRecordValues(
            request.card_use_id,
            [
                {
                    "card_id": self.card.id,
                    "partner_id": self.far.id,
                    "unit_id": self.parcel_1.id,
                    "place_id": self.airport.id,
                    "user_id": self.manager.id,
                    "cost": 100.0,
                }
            ],
        )

    def test_what_the_card_or_the_place_does_not_cover(self):
        with self.assertRaisesRegex(UserError, "used up"):
            self._partner_visit(quantity=99).action_register()
        counter = self.env.ref("key_account_crm.key_account_card_benefit_counter")
        with self.assertRaisesRegex(UserError, "does not offer"):
            self._partner_visit(benefit_id=counter.id).action_register()
        wizard = self._identify(self.manager, "FAR-1", "code", place_id=self.airport.id)
        with self.assertRaisesRegex(UserError, "identify the customer by his card"):
            wizard.action_register()
