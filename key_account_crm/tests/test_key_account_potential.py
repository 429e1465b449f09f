# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import doctest
from datetime import date

from freezegun import freeze_time
from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import mute_logger

from odoo.addons.key_account_crm import life_cycle

from .common import KeyAccountCommon

RULE_LOGGERS = ("odoo.addons.base.models.ir_rule", "odoo.addons.base.models.ir_model")
# 15 + 15 + 15 + 7.5 + 0 + 7.5 = 60 points
SIXTY = {
    "revenue_month": 5000 / 12,
    "growth": "3",
    "reachability": "4",
    "need_clarity": "2",
    "credit": "3",
}


def load_tests(loader, tests, ignore):
    tests.addTests(doctest.DocTestSuite(life_cycle))
    return tests


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15")
class TestKeyAccountPotential(KeyAccountCommon):
    """Potential files, their score and what follows from it (FILE-04, GRD-01, 2.3)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls.env.ref("key_account_crm.key_account_qualification_rule_default")
        cls.rival = cls.env["key.account.term"].create(
            {"name": "Rival", "code": "rival", "category": "competitor"}
        )
        cls.partner = cls._create_potential("Lead", cls.manager)
        cls.file = cls._create_file(cls.partner)

    @classmethod
    def _create_potential(cls, name, manager=None, **vals):
        return cls._create_customer(
            name,
            manager,
            **{"key_account_state": "potential", "phone": "0571-1234", **vals},
        )

    @classmethod
    def _create_file(cls, partner, **vals):
        return cls.env["key.account.potential"].create(
            {"partner_id": partner.id, **vals}
        )

    def _points(self, file):
        _score, parts = self.rule._score(file, date(2026, 1, 15))
        return {part["code"]: part["points"] for part in parts}

    def test_the_arithmetic(self):
        result = doctest.testmod(life_cycle)
        self.assertEqual(result.failed, 0)
        self.assertGreater(result.attempted, 10)

    def test_nothing_known_scores_nothing(self):
        self.assertEqual(self.file.score, 0)
        self.assertEqual(set(self._points(self.file).values()), {0.0})

    def test_each_component_at_its_boundaries(self):
        """30 revenue, 20 growth, 15 reach, 15 needs, 10 contract, 10 credit (2.3)."""
        for code, vals, points in (
            ("revenue", {"revenue_month": 0}, 0),
            ("revenue", {"revenue_month": 5000 / 12}, 15),
            ("revenue", {"revenue_month": 9999 / 12}, 30),  # 29.997, in cents
            ("revenue", {"revenue_month": 10000 / 12}, 30),
            ("revenue", {"revenue_month": 10000}, 30),
            ("growth", {"growth": "0"}, 0),
            ("growth", {"growth": "1"}, 5),
            ("growth", {"growth": "4"}, 20),
            ("reachability", {"reachability": "0"}, 0),
            ("reachability", {"reachability": "2"}, 7.5),
            ("reachability", {"reachability": "4"}, 15),
            ("need_clarity", {"need_clarity": "1"}, 3.75),
            ("need_clarity", {"need_clarity": "4"}, 15),
            ("contract_end", {"date_supplier_end": False}, 0),
            ("contract_end", {"date_supplier_end": "2026-01-14"}, 0),
            ("contract_end", {"date_supplier_end": "2026-01-15"}, 10),
            ("contract_end", {"date_supplier_end": "2026-07-15"}, 10),
            ("contract_end", {"date_supplier_end": "2026-07-16"}, 0),
            ("credit", {"credit": "0"}, 0),
            ("credit", {"credit": "4"}, 10),
        ):
            with self.subTest(code=code, **vals):
                self.file.write(vals)
                self.assertEqual(self._points(self.file)[code], points)

    def test_full_marks_make_a_hundred(self):
        self.file.write(
            {
                "revenue_month": 1000,
                "growth": "4",
                "reachability": "4",
                "need_clarity": "4",
                "credit": "4",
                "date_supplier_end": "2026-03-01",
            }
        )
        self.assertEqual(self.file.score, 100)

    def test_every_part_is_shown_with_its_reason(self):
        self.file.write({**SIXTY, "date_supplier_end": "2026-09-01"})
        html = self.file.score_html
        for text in (
            "Estimated Revenue",
            "5,000.04",
            "10,000.00",
            "assessed: Grows (3 of 4)",
            "Clarity of Needs",
            "09/01/2026",
            "7.5",
            ">60<",
        ):
            with self.subTest(text=text):
                self.assertIn(text, html)

    def test_sixty_points_qualify_and_keep_the_decision(self):
        self.file.write(SIXTY)
        self.file.with_user(self.manager).action_decide()
        self.assertRecordValues(
            self.file,
            [
                {
                    "stage": "qualified",
                    "result": "qualified",
                    "score_decided": 60,
                    "rule_id": self.rule.id,
                    "date_confirmed": date(2026, 1, 15),
                    "confirmed_by_id": self.manager.id,
                }
            ],
        )
        self.assertEqual(self.partner.key_account_state, "qualified")
        self.assertRecordValues(
            self.partner.key_account_move_ids[0],
            [{"state_from": "potential", "state_to": "qualified"}],
        )
        self.file.growth = "0"
        self.assertEqual(self.file.score, 45)
        self.assertEqual(self.file.score_decided, 60)
        self.assertIn("assessed: Grows (3 of 4)", self.file.decision_html)

    def test_just_below_sixty_is_nurtured_for_three_months(self):
        self.file.write({**SIXTY, "revenue_month": 4990 / 12})
        self.file.with_user(self.manager).action_decide()
        self.assertEqual(self.file.result, "nurture")
        self.assertEqual(self.file.stage, "verifying")
        self.assertEqual(self.partner.key_account_state, "potential")
        self.assertRecordValues(
            self.file.activity_ids,
            [{"user_id": self.manager.id, "date_deadline": date(2026, 4, 15)}],
        )

    def test_forty_is_nurtured_and_less_is_rejected_with_a_reason(self):
        forty = {"revenue_month": 1000, "need_clarity": False, "credit": "4"}
        self.file.write(forty)
        self.file.action_decide()
        self.assertEqual(self.file.result, "nurture")
        self.file.revenue_month = 9990 / 12
        file = self.file.with_user(self.manager)
        with (
            self.assertRaisesRegex(UserError, "closing reason"),
            self.env.cr.savepoint(),
        ):
            file.action_decide()
        file.closing_reason = "Too small"
        file.action_decide()
        self.assertRecordValues(
            self.file,
            [
                {
                    "stage": "lost",
                    "result": "rejected",
                    "date_closed": date(2026, 1, 15),
                }
            ],
        )
        self.assertEqual(self.partner.key_account_state, "potential")

    def test_a_qualified_file_without_manager_asks_the_head_in_three_days(self):
        partner = self._create_potential("Nobody's")
        file = self._create_file(partner, **SIXTY)
        file.with_user(self.head).action_decide()
        self.assertRecordValues(
            file.activity_ids,
            [
                {
                    "user_id": self.head.id,
                    # three working days after Thursday the 15th
                    "date_deadline": date(2026, 1, 20),
                    "activity_type_id": self.env.ref(
                        "key_account_crm.mail_activity_type_assign"
                    ).id,
                }
            ],
        )
        partner.with_user(self.head).key_account_manager_id = self.manager
        self.assertFalse(file.activity_ids)
        self.assertEqual(file.manager_id, self.manager)

    def test_a_decided_file_is_not_decided_again(self):
        self.file.write(SIXTY)
        self.file.action_decide()
        with self.assertRaisesRegex(UserError, "was decided"), self.env.cr.savepoint():
            self.file.action_decide()

    def test_a_dormant_file_is_decided_again(self):
        self.file.write(SIXTY)
        file = self.file.with_user(self.manager)
        file.action_decide()
        for growth, result, stage, state in (
            ("4", "qualified", "qualified", "qualified"),
            ("1", "nurture", "verifying", "potential"),
        ):
            with self.subTest(result=result):
                file.write({"stage": "dormant", "growth": growth})
                file.action_decide()
                self.assertRecordValues(
                    self.file, [{"result": result, "stage": stage, "state": state}]
                )

    def test_hard_stops_are_shown_and_hold(self):
        self.partner.write({"phone": False, "key_account_is_blacklisted": True})
        self.partner.key_account_blacklist_reason = "Fraud in 2024"
        self.file.write(SIXTY)
        for text in ("No contact", "Fraud in 2024"):
            self.assertIn(text, self.file.stops)
        with (
            self.assertRaisesRegex(UserError, "Fraud in 2024"),
            self.env.cr.savepoint(),
        ):
            self.file.action_decide()
        self.partner.write({"key_account_is_blacklisted": False})
        self.file.invalidate_recordset()
        with self.assertRaisesRegex(UserError, "No contact"), self.env.cr.savepoint():
            self.file.action_decide()
        self.env["res.partner"].create(
            {"name": "Ada", "parent_id": self.partner.id, "email": "ada@example.com"}
        )
        self.partner.invalidate_recordset()
        self.file.invalidate_recordset()
        self.assertFalse(self.file.stops)
        self.file.action_decide()
        self.assertEqual(self.file.result, "qualified")

    def test_a_customer_of_another_unit_with_the_same_code_is_a_hard_stop(self):
        other = self._create_customer(
            "Lead Ltd", self.manager_b, key_account_credit_code="913300001234567890"
        )
        self.partner.key_account_credit_code = "913300001234567890"
        self.file.write(SIXTY)
        file = self.file.with_user(self.manager)
        self.assertIn(other.key_account_code, file.stops)
        self.assertIn(self.parcel_1.name, file.stops)
        with (
            self.assertRaisesRegex(UserError, other.key_account_code),
            self.env.cr.savepoint(),
        ):
            file.action_decide()
        other._key_account_move("churned", reason="Gone")
        self.file.invalidate_recordset()
        file.action_decide()
        self.assertEqual(self.file.result, "qualified")

    def test_a_present_customer_is_a_hard_stop(self):
        customer = self._create_customer("Served", self.manager, phone="0571-1")
        file = self._create_file(customer, **SIXTY)
        self.assertIn("Already a customer", file.stops)
        with (
            self.assertRaisesRegex(UserError, "Already a customer"),
            self.env.cr.savepoint(),
        ):
            file.action_decide()
        with (
            self.assertRaisesRegex(UserError, "Already a customer"),
            self.env.cr.savepoint(),
        ):
            file._convert("group")

    def test_one_open_file_per_customer(self):
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            with self.env.cr.savepoint():
                self._create_file(self.partner)
        self.file.write({"stage": "lost", "closing_reason": "Bankrupt"})
        self.env.flush_all()
        self.assertTrue(self._create_file(self.partner))

    def test_lost_needs_a_reason(self):
        with (
            self.assertRaisesRegex(ValidationError, "closing reason"),
            self.env.cr.savepoint(),
        ):
            self.file.with_user(self.manager).stage = "lost"

    def test_a_qualified_customer_that_is_lost_is_potential_again(self):
        self.file.write(SIXTY)
        file = self.file.with_user(self.manager)
        file.action_decide()
        file.stage = "developing"
        file.write({"stage": "lost", "closing_reason": "Chose a rival"})
        self.assertRecordValues(
            self.partner.key_account_move_ids[0],
            [
                {
                    "state_from": "qualified",
                    "state_to": "potential",
                    "reason": "Chose a rival",
                    "user_id": self.manager.id,
                }
            ],
        )

    def test_stages_reached_by_decision_are_not_set_by_hand(self):
        file = self.file.with_user(self.manager)
        file.stage = "verifying"
        for stage in ("qualified", "developing", "converted"):
            with self.subTest(stage=stage), self.assertRaises(UserError):
                file.stage = stage
        self.file.write(SIXTY)
        file.action_decide()
        with self.assertRaisesRegex(UserError, "is qualified"), self.env.cr.savepoint():
            file.stage = "lead"

    @mute_logger(*RULE_LOGGERS)
    def test_decisions_are_not_forged(self):
        file = self.file.with_user(self.head)
        for vals in (
            {"result": "qualified"},
            {"score_decided": 99},
            {"parts": []},
            {"date_confirmed": "2025-01-01"},
        ):
            with self.subTest(**vals), self.assertRaises(AccessError):
                file.write(vals)
        partner = self._create_potential("Forged", self.manager)
        with self.assertRaises(AccessError):
            file.create({"partner_id": partner.id, "result": "qualified"})
        with self.assertRaises(UserError):
            file.create({"partner_id": partner.id, "stage": "qualified"})
        with (
            self.assertRaisesRegex(UserError, "stays with its customer"),
            self.env.cr.savepoint(),
        ):
            file.partner_id = partner

    def _convert(self, user, **values):
        form = Form(
            self.env["key.account.conversion"]
            .with_user(user)
            .with_context(**self.file.with_user(user).action_convert()["context"])
        )
        for fname, value in values.items():
            form[fname] = value
        return form.save().action_convert()

    def test_conversion_keeps_the_link_and_opens_the_line_file(self):
        self.file.write(
            {**SIXTY, "line_id": self.letter.id, "supplier_id": self.rival.id}
        )
        self.file.with_user(self.manager).action_decide()
        action = self._convert(self.manager, kind="professional")
        self.assertEqual(action["res_id"], self.partner.id)
        self.assertRecordValues(
            self.partner,
            [{"key_account_state": "active", "key_account_kind": "professional"}],
        )
        move = self.partner.key_account_move_ids[0]
        self.assertRecordValues(
            self.file,
            [
                {
                    "stage": "converted",
                    "move_id": move.id,
                    "date_closed": date(2026, 1, 15),
                    "partner_id": self.partner.id,
                    "score_decided": 60,
                }
            ],
        )
        self.assertEqual(self.partner.key_account_potential_ids, self.file)
        self.assertRecordValues(
            move, [{"state_from": "qualified", "state_to": "active"}]
        )
        self.assertRecordValues(
            self.partner.key_account_line_file_ids,
            [
                {
                    "line_id": self.letter.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "amount_year": 5000.04,
                    "competitor_id": self.rival.id,
                    "date_from": date(2026, 1, 15),
                }
            ],
        )
        with self.assertRaisesRegex(UserError, "closed"), self.env.cr.savepoint():
            self.file.with_user(self.manager).revenue_month = 1

    def test_an_individual_is_no_company(self):
        self.file.write(SIXTY)
        self.file.action_decide()
        self._convert(self.manager, kind="individual")
        self.assertRecordValues(
            self.partner, [{"key_account_kind": "individual", "is_company": False}]
        )
        self.assertFalse(self.partner.key_account_line_file_ids)

    @mute_logger(*RULE_LOGGERS)
    def test_below_the_score_only_an_approver_converts(self):
        file = self.file.with_user(self.manager)
        with (
            self.assertRaisesRegex(AccessError, "qualifying score"),
            self.env.cr.savepoint(),
        ):
            file._convert("group", reason="I like it")
        self.assertEqual(self.partner.key_account_state, "potential")
        self._convert(self.head, reason="Strategic")
        self.assertEqual(self.partner.key_account_state, "active")
        self.assertEqual(self.file.stage, "converted")
        self.assertEqual(
            self.partner.key_account_move_ids.mapped("state_to"),
            ["active", "qualified", "potential"],
        )

    def test_files_follow_moves_made_at_the_customer(self):
        self.partner.with_user(self.head)._key_account_move("qualified", reason="Seen")
        self.assertEqual(self.file.stage, "qualified")
        self.partner.with_user(self.head)._key_account_move("potential", reason="No")
        self.assertEqual(self.file.stage, "verifying")
        self.partner.with_user(self.head)._key_account_move("churned", reason="Closed")
        self.assertRecordValues(
            self.file, [{"stage": "lost", "closing_reason": "Closed"}]
        )
        self.assertFalse(self.partner.key_account_churn_ids)

    def test_the_decision_maker_belongs_to_the_customer(self):
        stranger = self.env["res.partner"].create({"name": "Stranger"})
        with (
            self.assertRaisesRegex(ValidationError, "not a contact"),
            self.env.cr.savepoint(),
        ):
            self.file.decision_maker_id = stranger

    def test_the_form_shows_the_score_while_one_types(self):
        with Form(self.file.with_user(self.manager)) as form:
            form.growth = "4"
            self.assertEqual(form.score, 20)
            form.revenue_month = 1000
            self.assertEqual(form.score, 50)
            self.assertEqual(form.revenue_year, 12000)

    def test_the_customers_button_opens_or_begins_the_file(self):
        partner = self.partner.with_user(self.manager)
        self.assertEqual(partner.key_account_potential_count, 1)
        self.assertEqual(partner.action_key_account_potential()["res_id"], self.file.id)
        new = self._create_potential("Fresh", self.manager).with_user(self.manager)
        action = new.action_key_account_potential()
        self.assertFalse(action["res_id"])
        form = Form(
            self.env["key.account.potential"]
            .with_user(self.manager)
            .with_context(**action["context"])
        )
        self.assertEqual(form.save().manager_id, self.manager)

    def test_scope(self):
        elsewhere = self._create_file(self._create_potential("B", self.manager_b))
        files = self.file | elsewhere
        for user, expected in (
            (self.manager, self.file),
            (self.colleague, self.file.browse()),
            (self.head, self.file),
            (self.company, self.file),
            (self.manager_2, self.file.browse()),
            (self.manager_b, elsewhere),
            (self.head_b, elsewhere),
            (self.company_b, elsewhere),
            (self.director, files),
            (self.office, files),
        ):
            with self.subTest(user=user.login):
                found = files.with_user(user).search([("id", "in", files.ids)])
                self.assertEqual(set(found.ids), set(expected.ids))

    @mute_logger(*RULE_LOGGERS)
    def test_who_has_no_part_in_potential_files(self):
        """Domain 3.2: potential / churned files."""
        for user in (self.finance, self.agent, self.operator, self.admin):
            for model in ("key.account.potential", "key.account.churn"):
                with (
                    self.subTest(user=user.login, model=model),
                    self.assertRaises(AccessError),
                ):
                    self.env[model].with_user(user).search([])
        with self.assertRaises(AccessError):
            self.file.with_user(self.office).note = "Changed"
        with self.assertRaises(AccessError):
            self.file.with_user(self.head_b).note = "Changed"
        with self.assertRaises(AccessError):
            self.env["key.account.potential"].with_user(self.manager_b).create(
                {"partner_id": self._create_potential("Theirs", self.manager).id}
            )

    def test_the_file_follows_the_assignment(self):
        self.partner.with_user(self.head).key_account_manager_id = self.colleague
        self.assertEqual(self.file.manager_id, self.colleague)


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15")
class TestKeyAccountQualificationRule(KeyAccountCommon):
    """Rules are versioned data (GRD-01, RULE-04)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Files of the database itself, decided on other days, are left out.
        cls.env["key.account.potential"].search([]).rule_id = False
        cls.rule = cls.env.ref("key_account_crm.key_account_qualification_rule_default")
        cls.deputy = cls._create_user("ka_deputy", "centre", cls.centre)

    def _create_rule(self, date_from, weights=(100,), **vals):
        return self.env["key.account.qualification.rule"].create(
            {
                "name": f"From {date_from}",
                "date_from": date_from,
                "component_ids": [
                    Command.create(
                        {
                            "code": f"c{place}",
                            "name": f"C{place}",
                            "weight": weight,
                            "method": "level",
                            "level_field": "growth",
                        }
                    )
                    for place, weight in enumerate(weights)
                ],
                **vals,
            }
        )

    def _approve(self, rule):
        """The director proposes, the deputy approves."""
        rule.with_user(self.director).action_propose()
        rule.with_user(self.deputy).action_approve()

    def test_weights_make_a_hundred(self):
        for weights in ((60, 39), (60, 41)):
            with self.subTest(weights=weights):
                rule = self._create_rule("2027-01-01", weights)
                self.assertIn("instead of 100", rule.problems)
                with (
                    self.assertRaisesRegex(UserError, "instead of 100"),
                    self.env.cr.savepoint(),
                ):
                    rule.with_user(self.director).action_propose()
        rule = self._create_rule("2027-01-01", (60, 40))
        self.assertFalse(rule.problems)
        self._approve(rule)
        self.assertEqual(rule.state, "approved")

    def test_a_new_version_ends_the_one_before(self):
        action = self.rule.with_user(self.director).action_new_version()
        version = self.rule.browse(action["res_id"]).with_user(self.director)
        self.assertEqual(version.date_from, date(2026, 1, 16))
        self.assertEqual(
            version.component_ids.mapped("code"), self.rule.component_ids.mapped("code")
        )
        version.threshold_qualify = 70
        self._approve(version)
        self.assertEqual(self.rule.date_to, date(2026, 1, 15))
        rules = self.env["key.account.qualification.rule"]
        self.assertEqual(rules._get_in_force(date(2026, 1, 15)), self.rule)
        self.assertEqual(rules._get_in_force(date(2026, 1, 16)), version)

    def test_a_rule_does_not_end_before_its_decisions(self):
        partner = self._create_customer(
            "Decided", self.manager, key_account_state="potential", phone="1"
        )
        self.env["key.account.potential"].create(
            {"partner_id": partner.id, "revenue_month": 1000, "growth": "4"}
        ).action_decide()
        with (
            self.assertRaisesRegex(UserError, "A decision of"),
            self.env.cr.savepoint(),
        ):
            self.rule.date_to = "2026-01-14"
        self.rule.date_to = "2026-01-15"

    def test_a_rule_does_not_begin_before_decisions_by_the_one_before(self):
        partner = self._create_customer(
            "Decided", self.manager, key_account_state="potential", phone="1"
        )
        self.env["key.account.potential"].create(
            {"partner_id": partner.id, "revenue_month": 1000, "growth": "4"}
        ).action_decide()
        rule = self._create_rule("2026-01-15")
        self.assertIn("A decision of", rule.problems)
        rule.date_from = "2026-01-16"
        self.assertFalse(rule.problems)

    def test_the_override_of_a_unit_scores_its_files(self):
        self.rule.flush_recordset()
        override = self.rule.copy(
            {"unit_id": self.parcel.id, "date_from": "2026-01-15"}
        )
        override.action_approve()
        files = self.env["key.account.potential"]
        for manager in (self.manager, self.manager_b):
            partner = self._create_customer(
                manager.name, manager, key_account_state="potential", phone="1"
            )
            files |= files.create(
                {"partner_id": partner.id, "revenue_month": 1000, "growth": "4"}
            )
        files.action_decide()
        self.assertEqual(files.rule_id, self.rule | override)
        self.assertEqual(files[1].rule_id, override)

    def test_without_a_rule_nothing_is_decided(self):
        self.rule.date_to = "2026-01-14"
        partner = self._create_customer(
            "Undecided", self.manager, key_account_state="potential", phone="1"
        )
        file = self.env["key.account.potential"].create({"partner_id": partner.id})
        self.assertEqual(file.score, 0)
        with (
            self.assertRaisesRegex(UserError, "No qualification rule"),
            self.env.cr.savepoint(),
        ):
            file.action_decide()

    @mute_logger(*RULE_LOGGERS)
    def test_the_administrator_drafts_and_the_centre_approves(self):
        draft = self._create_rule("2027-01-01").with_user(self.admin)
        draft.name = "Drafted"
        draft.action_propose()
        with self.assertRaisesRegex(AccessError, "centre"), self.env.cr.savepoint():
            draft.action_approve()
        draft.with_user(self.director).action_approve()
        self.assertEqual(draft.state, "approved")

    @mute_logger(*RULE_LOGGERS)
    def test_others_read_rules_only(self):
        for user in (self.manager, self.head, self.company, self.office):
            with self.subTest(user=user.login):
                rule = self.rule.with_user(user)
                self.assertEqual(rule.threshold_qualify, 60)
                with self.assertRaises(AccessError):
                    rule.copy()
