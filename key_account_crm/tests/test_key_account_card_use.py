# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from .common_card import KeyAccountCardCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 04:00:00")
class TestKeyAccountCardUse(KeyAccountCardCommon):
    """Uses and what is left of the yearly allowance (CARD-04, RULE-03, SVC-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lounge = cls.env.ref("key_account_crm.key_account_card_benefit_lounge")
        cls.hotline = cls.env.ref("key_account_crm.key_account_card_benefit_hotline")
        cls.place = cls.env["key.account.card.place"].create(
            {
                "name": "Airport Lounge",
                "code": "T-LOUNGE",
                "category": "airport",
                "partner_name": "Airport Ltd",
                "price": 80,
                "benefit_ids": [(6, 0, cls.lounge.ids)],
            }
        )
        cls.hall = cls.env["key.account.card.place"].create(
            {"name": "Hall", "code": "T-HALL"}
        )
        cls.card = cls._open_card()

    def _use(self, user=None, card=None, **vals):
        return (
            self.env["key.account.card.use"]
            .with_user(user or self.head)
            .create(
                {
                    "card_id": (card or self.card).id,
                    "benefit_id": self.lounge.id,
                    "place_id": self.place.id,
                    **vals,
                }
            )
        )

    def _left(self, card=None, benefit=None):
        card = card or self.card
        day = card._fields["date_from"].to_date("2026-03-10")
        allowed, used = card._get_allowance(benefit or self.lounge, day)
        return allowed if allowed is None else allowed - used

    def test_the_form_shows_what_is_left_and_proposes_the_cost(self):
        with Form(self.env["key.account.card.use"].with_user(self.head)) as form:
            form.card_id = self.card
            form.benefit_id = self.lounge
            form.place_id = self.place
            form.companion_count = 1
            self.assertIn("8 of 8 left in 2026", form.allowance_text)
            self.assertEqual(form.cost, 80)
            self.assertFalse(form.problem)
            form.companion_count = 8
            self.assertIn("used up", form.problem)
            form.companion_count = 2
        self.assertRecordValues(
            form.record,
            [
                {
                    "partner_id": self.customer.id,
                    "number_id": self.number.id,
                    "year": 2026,
                    "counted": 3,
                    "user_id": self.head.id,
                    "unit_id": self.post_1.id,
                }
            ],
        )
        self.assertEqual(self._left(), 5)
        self.assertTrue(self.card.date_last_use)

    def test_the_allowance_is_by_kind_of_card(self):
        for kind, allowed in (("diamond", 12), ("gold", 8), ("silver", 4), ("vip", 0)):
            with self.subTest(kind=kind):
                kind = self.env.ref(f"key_account_crm.key_account_card_kind_{kind}")
                number = f"K{kind.id:04}"
                self._supply(number, number, kind)
                customer = self._create_member(kind.name, self.manager)
                card = self._open_card(customer, kind_id=kind.id)
                self.assertEqual(self._left(card), allowed)
        self.assertIsNone(self._left(benefit=self.hotline))

    def test_used_up_is_refused_unless_the_company_says_why(self):
        self._use(quantity=8)
        with self.assertRaisesRegex(UserError, "used up: 8 a year, 9"):
            self._use()
        with self.assertRaisesRegex(UserError, "used up"):
            self._use(self.company)
        with self.assertRaisesRegex(AccessError, "Only the company or the centre"):
            self._use(override_reason="The minister is with him")
        use = self._use(self.company, override_reason="The minister is with him")
        self.assertEqual(use.counted, 1)

    def test_without_limit_is_without_limit(self):
        self._use(benefit_id=self.hotline.id, place_id=self.hall.id, quantity=1000)
        self.assertIsNone(self._left(benefit=self.hotline))

    def test_what_is_not_among_the_benefits_is_refused(self):
        extra = self.env["key.account.card.benefit"].create(
            {"name": "Golf", "code": "T-GOLF"}
        )
        with self.assertRaisesRegex(UserError, "not among the benefits"):
            self._use(benefit_id=extra.id, place_id=self.hall.id)
        with self.assertRaisesRegex(UserError, "does not offer"):
            self._use(benefit_id=self.hotline.id)

    def test_a_new_year_begins_anew_and_a_late_entry_counts_where_it_belongs(self):
        with freeze_time("2026-12-31 10:00:00"):
            self._use(quantity=8)
        with freeze_time("2027-01-02 10:00:00"):
            self._use(quantity=7)
            with self.assertRaisesRegex(UserError, "for 2026 is used up"):
                self._use(date="2026-12-30 10:00:00")

    def test_the_year_is_the_one_where_the_user_is(self):
        self.head.tz = "Asia/Shanghai"
        with freeze_time("2026-12-31 17:00:00"):
            self.assertEqual(self._use().year, 2027)

    def test_replacing_the_card_gives_no_new_allowance(self):
        self._use(quantity=6)
        new = self.card.with_user(self.head)._replace(reason="Lost")
        self.assertEqual(self._left(new), 2)
        new.with_user(self.head)._step("cancel", reason="Leaves")
        again = self._open_card()
        self.assertEqual(self._left(again), 2)

    def test_a_card_that_is_not_valid_is_not_used(self):
        card = self.card.with_user(self.head)
        card._step("freeze", reason="Arrears")
        with self.assertRaisesRegex(UserError, "not active"):
            self._use()
        card._step("unfreeze", reason="Paid")
        for date, pattern in (
            ("2026-03-09 04:00:00", "not valid on"),
            ("2026-03-11 04:00:00", "when it has happened"),
        ):
            with self.subTest(date=date), self.assertRaisesRegex(UserError, pattern):
                self._use(date=date)
        with freeze_time("2026-06-01 04:00:00"):
            card._step("cancel", reason="Leaves")
            self._use(date="2026-05-31 04:00:00")
            with (
                self.assertRaisesRegex(UserError, "not valid on"),
                freeze_time("2026-06-03 04:00:00"),
            ):
                self._use(date="2026-06-02 04:00:00")

    def test_a_use_is_corrected_by_a_counter_entry_once(self):
        use = self._use(quantity=3, companion_count=1, cost=240)
        for method, args in (("write", [{"quantity": 1}]), ("unlink", [])):
            with self.assertRaisesRegex(UserError, "counter-entry"):
                getattr(use.sudo(), method)(*args)
        wizard = self.env["key.account.card.correct"].with_user(self.head)
        wizard.create({"use_ids": use.ids, "reason": "Typed twice"}).action_correct()
        counter = use.reversal_ids
        self.assertRecordValues(
            counter,
            [{"quantity": -3, "companion_count": -1, "cost": -240, "counted": -4}],
        )
        self.assertTrue(use.is_reversed)
        self.assertEqual(self._left(), 8)
        for wrong in (use, counter):
            with self.assertRaisesRegex(UserError, "corrected already"):
                wrong._reverse("Again")
        with self.assertRaisesRegex(UserError, "Say why"):
            self._use()._reverse(" ")

    def test_managers_office_and_agents_enter_nothing(self):
        for user in (self.manager, self.office, self.agent, self.finance):
            with (
                self.assertRaises(AccessError),
                mute_logger("odoo.addons.base.models.ir_model"),
            ):
                self._use(user)
        with (
            self.assertRaises(AccessError),
            mute_logger("odoo.addons.base.models.ir_rule"),
        ):
            self._use(self.head_b)

    def test_a_client_sets_nothing_that_follows(self):
        use = self._use(
            counted=-50, year=1999, user_id=self.manager.id, reversal_of_id=1
        )
        self.assertRecordValues(
            use,
            [
                {
                    "counted": 1,
                    "year": 2026,
                    "user_id": self.head.id,
                    "reversal_of_id": False,
                }
            ],
        )

    def test_a_new_version_changes_what_is_left(self):
        rules = self.env["key.account.card.rule"].with_user(self.director)
        central = self.env.ref("key_account_crm.key_account_card_rule_default")
        action = central.with_user(self.director).action_new_version()
        draft = rules.browse(action["res_id"])
        line = draft.line_ids.filtered(
            lambda line: line.benefit_id == self.lounge and line.kind_id == self.gold
        )
        line.quantity = 10
        draft.date_from = "2098-01-01"
        draft.sudo().action_approve()
        for day, allowed in (("2097-12-31", 8), ("2098-01-01", 10)):
            day = draft.date_from.fromisoformat(day)
            self.assertEqual(self.card._get_allowance(self.lounge, day)[0], allowed)

    def test_a_dry_run_shows_who_would_have_more_or_less(self):
        central = self.env.ref("key_account_crm.key_account_card_rule_default")
        draft = central.copy({"date_from": "2098-01-01"})
        mine = draft.line_ids.filtered(lambda line: line.kind_id == self.gold)
        by_code = {line.benefit_id.code: line for line in mine}
        by_code["lounge"].quantity = 10
        by_code["hotline"].write({"is_unlimited": False, "quantity": 30})
        by_code["sim"].unlink()
        trial = self.env["key.account.rule.trial"]._run(draft, draft.date_from)
        rows = trial.line_ids.filtered(lambda row: row.partner_id == self.customer)
        self.assertEqual(
            sorted(rows.mapped(lambda row: (row.before, row.after, row.direction))),
            [
                ("hotline ∞", "hotline 30", "down"),
                ("lounge 8", "lounge 10", "up"),
                ("sim ∞", "sim 0", "down"),
            ],
        )
        self.assertEqual(self._left(), 8)

    def test_versions_say_what_is_wrong_with_them(self):
        rules = self.env["key.account.card.rule"]
        rule = rules.create({"name": "Empty", "date_from": "2026-04-01"})
        self.assertIn("at least one benefit", rule.problems)
        line = {"benefit_id": self.lounge.id, "kind_id": self.gold.id}
        rule.line_ids = [
            (0, 0, {**line, "quantity": 0}),
            (0, 0, {**line, "quantity": 3}),
        ]
        self.assertIn("named twice", rule.problems)
        self.assertIn("how often a year", rule.problems)
        with self.assertRaises(UserError):
            rule.action_propose()

    def test_a_version_does_not_begin_before_a_use_that_rests_on_the_last(self):
        self._use()
        central = self.env.ref("key_account_crm.key_account_card_rule_default")
        draft = central.copy({"date_from": "2026-03-09"})
        self.assertIn("begin on a later day", draft.problems)

    def test_the_answer_to_a_partner_names_what_is_left(self):
        self._use(quantity=3)
        question = {"way": "card", "value": "T0010", "lang": "en_US"}
        attempts = self.env["key.account.card.attempt"]
        answer = attempts._authenticate(
            {**question, "benefit_ids": self.lounge.ids}, "test:1", 60
        )
        self.assertEqual(
            answer["card"]["benefits"],
            [
                {
                    "code": "lounge",
                    "name": "Airport Lounge",
                    "used": 3,
                    "allowed": 8,
                    "left": 5,
                }
            ],
        )
        answer = attempts._authenticate({**question, "benefit_ids": ()}, "test:1", 60)
        codes = [benefit["code"] for benefit in answer["card"]["benefits"]]
        self.assertEqual(codes[:3], ["lounge", "counter", "hotline"])
        self.assertEqual(answer["card"]["benefits"][1]["left"], None)
