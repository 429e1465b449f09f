# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time
from psycopg2.errors import CheckViolation, ExclusionViolation

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged
from odoo.tools import SQL, mute_logger

from .common import KeyAccountCommon

RULE_LOGGERS = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
    "odoo.orm.models",
)


class RuleCommon(KeyAccountCommon):
    """Rules by the example of the qualification rule."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Files of the database itself, decided on other days, are left out.
        cls.env["key.account.potential"].search([]).rule_id = False
        cls.rules = cls.env["key.account.qualification.rule"]
        cls.rule = cls.env.ref("key_account_crm.key_account_qualification_rule_default")
        others = cls.rules.search([("id", "!=", cls.rule.id)])
        others._write_decision({"state": "withdrawn"})
        cls.deputy = cls._create_user("ka_deputy", "centre", cls.centre)

    @classmethod
    def _create_rule(cls, date_from, **vals):
        return cls.rules.create(
            {
                "name": f"From {date_from}",
                "date_from": date_from,
                "component_ids": [
                    Command.create(
                        {
                            "code": "growth",
                            "name": "Growth",
                            "weight": 100,
                            "method": "level",
                            "level_field": "growth",
                        }
                    )
                ],
                **vals,
            }
        )

    def _approve(self, rule):
        """The director proposes, the deputy approves."""
        rule.with_user(self.director).action_propose()
        rule.with_user(self.deputy).action_approve()

    def _override(self, unit, date_from="2026-02-01", **vals):
        return self.rule.copy({"unit_id": unit.id, "date_from": date_from, **vals})

    def _refused(self, regex, error=UserError):
        return self.assertRaisesRegex(error, regex)


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 08:00:00")
class TestKeyAccountRule(RuleCommon):
    """Versions, their days and their approval (RULE-01 to RULE-04)."""

    # ---- approval ----

    def test_one_proposes_another_approves(self):
        rule = self._create_rule("2026-02-01").with_user(self.director)
        self.assertEqual(rule.phase, "draft")
        rule.action_propose()
        self.assertEqual(rule.phase, "proposed")
        self.assertEqual(rule.author_id, self.director)
        rule.with_user(self.deputy).action_approve()
        self.assertRecordValues(
            rule,
            [
                {
                    "state": "approved",
                    "phase": "planned",
                    "version": 2,
                    "approver_id": self.deputy.id,
                }
            ],
        )
        self.assertEqual(self.rule.date_to, date(2026, 1, 31))

    @mute_logger(*RULE_LOGGERS)
    def test_nobody_approves_what_he_proposed(self):
        rule = self._create_rule("2026-02-01").with_user(self.director)
        rule.action_propose()
        with self._refused("another person", AccessError), self.env.cr.savepoint():
            rule.action_approve()
        for user in (self.admin, self.company, self.head, self.manager, self.office):
            with (
                self.subTest(user=user.login),
                self._refused("centre", AccessError),
                self.env.cr.savepoint(),
            ):
                rule.with_user(user).action_approve()
        self.assertEqual(rule.state, "proposed")

    def test_a_draft_is_not_approved_without_a_proposal(self):
        rule = self._create_rule("2026-02-01").with_user(self.director)
        with self._refused("propose it first"), self.env.cr.savepoint():
            rule.action_approve()

    def test_decisions_are_not_forged(self):
        """Neither by creating nor by writing, whoever asks."""
        forged = {
            "state": "approved",
            "version": 9,
            "author_id": self.manager.id,
            "approver_id": self.deputy.id,
        }
        rule = self._create_rule("2026-02-01", **forged)
        self.assertRecordValues(
            rule,
            [
                {
                    "state": "draft",
                    "version": 0,
                    "author_id": False,
                    "approver_id": False,
                }
            ],
        )
        for user in (self.director, self.admin, self.env.user):
            for name, value in forged.items():
                with (
                    self.subTest(user=user.login, name=name),
                    self._refused("by its buttons"),
                    self.env.cr.savepoint(),
                ):
                    rule.with_user(user).write({name: value})

    def test_a_refusal_names_its_reason(self):
        rule = self._create_rule("2026-02-01").with_user(self.director)
        rule.action_propose()
        with self._refused("Say why"), self.env.cr.savepoint():
            rule.with_user(self.deputy).action_refuse(" ")
        action = rule.with_user(self.deputy).action_ask_refusal()
        wizard = (
            self.env["key.account.rule.refuse"]
            .with_user(self.deputy)
            .with_context(**action["context"])
            .create({"reason": "Too early"})
        )
        wizard.action_refuse()
        self.assertRecordValues(rule, [{"state": "draft", "refusal": "Too early"}])
        rule.action_propose()
        self.assertFalse(rule.refusal)

    def test_a_proposal_does_not_change_until_it_is_taken_back(self):
        rule = self._create_rule("2026-02-01").with_user(self.director)
        rule.action_propose()
        for change in (
            lambda: rule.write({"threshold_qualify": 70}),
            lambda: rule.write({"date_from": "2026-03-01"}),
            lambda: rule.component_ids.write({"amount": 5}),
            lambda: rule.unlink(),
        ):
            with self._refused("waits for approval"), self.env.cr.savepoint():
                change()
        rule.action_redraft()
        rule.threshold_qualify = 70
        self.assertEqual(rule.threshold_qualify, 70)

    # ---- what never changes ----

    def test_an_approved_version_never_changes(self):
        """Not by the rule, its rows, commands or translations; nor by the superuser."""
        component = self.rule.component_ids[0]
        limit_vals = {"path": "threshold_qualify", "kind": "free"}
        draft = self._create_rule("2027-01-01")
        for user in (self.director, self.env.user):
            rule = self.rule.with_user(user)
            row = component.with_user(user)
            for change in (
                lambda r=rule: r.write({"threshold_qualify": 10}),
                lambda r=rule: r.write({"name": "Other"}),
                lambda r=rule: r.write({"date_from": "2001-01-01"}),
                lambda r=rule: r.write({"unit_id": self.post.id}),
                lambda r=rule: r.write(
                    {"component_ids": [Command.update(component.id, {"weight": 1})]}
                ),
                lambda r=rule: r.write({"component_ids": [Command.clear()]}),
                lambda r=rule: r.write({"limit_ids": [Command.create(limit_vals)]}),
                lambda r=rule: r.update_field_translations("name", {"en_US": "X"}),
                lambda c=row: c.update_field_translations("name", {"en_US": "X"}),
                lambda c=row: c.write({"weight": 1}),
                lambda c=row: c.write({"rule_id": draft.id}),
                lambda c=row: c.unlink(),
                lambda c=row: c.copy({"code": "more"}),
                lambda c=row: draft.component_ids.write({"rule_id": self.rule.id}),
                lambda r=rule: r.unlink(),
            ):
                with (
                    self.subTest(user=user.login),
                    self._refused("no longer changes|so it stays"),
                    self.env.cr.savepoint(),
                ):
                    change()
        self.rule.note = "Explained"
        self.assertEqual(self.rule.note, "Explained")

    @mute_logger(*RULE_LOGGERS)
    def test_only_the_centre_moves_the_end_of_an_approved_version(self):
        with self._refused("centre", AccessError), self.env.cr.savepoint():
            self.rule.with_user(self.admin).date_to = "2026-12-31"
        self.rule.with_user(self.director).date_to = "2026-12-31"
        self.assertEqual(self.rule.date_to, date(2026, 12, 31))

    # ---- days ----

    def test_the_day_decides(self):
        """Both ends are included: exact on the days around them."""
        first = self._create_rule("2026-02-01", date_to="2026-02-28")
        self._approve(first)
        second = self._create_rule("2026-03-01")
        self._approve(second)
        for day, expected in (
            ("2026-01-31", self.rule),
            ("2026-02-01", first),
            ("2026-02-28", first),
            ("2026-03-01", second),
            ("1999-12-31", self.rules),
        ):
            with self.subTest(day=day):
                self.assertEqual(
                    self.rules._get_in_force(date.fromisoformat(day)), expected
                )
        for now, phases in (
            ("2026-01-31 12:00:00", ["in_force", "planned", "planned"]),
            ("2026-02-01 12:00:00", ["superseded", "in_force", "planned"]),
            ("2026-02-28 12:00:00", ["superseded", "in_force", "planned"]),
            ("2026-03-01 12:00:00", ["superseded", "superseded", "in_force"]),
        ):
            versions = self.rule | first | second
            versions.invalidate_recordset()
            with self.subTest(now=now), freeze_time(now):
                self.assertEqual(versions.mapped("phase"), phases)
                for phase in set(phases):
                    found = self.rules.search([("phase", "=", phase)]) & versions
                    expected = versions.filtered(lambda v, p=phase: v.phase == p)
                    self.assertEqual(set(found), set(expected))

    def test_today_is_that_of_the_reader(self):
        """Late on 31 January UTC it is 1 February in Shanghai."""
        rule = self._create_rule("2026-02-01")
        self._approve(rule)
        with freeze_time("2026-01-31 17:00:00"):
            rule.invalidate_recordset()
            self.assertEqual(rule.with_context(tz="UTC").phase, "planned")
            rule.invalidate_recordset()
            self.assertEqual(rule.with_context(tz="Asia/Shanghai").phase, "in_force")

    def test_two_versions_are_not_in_force_on_one_day(self):
        self._approve(self._create_rule("2027-01-01"))
        for date_from, date_to in (
            ("2026-06-01", False),
            ("2026-06-01", "2027-01-01"),
            ("2026-06-01", "2027-06-30"),
        ):
            rule = self._create_rule(date_from, date_to=date_to)
            with self.subTest(date_to=date_to):
                self.assertIn("same time", rule.problems)
                with self._refused("same time"), self.env.cr.savepoint():
                    rule.action_propose()
        with self._refused("same time"), self.env.cr.savepoint():
            self.rule.with_user(self.director).date_to = "2027-01-01"

    def test_central_versions_leave_no_gap(self):
        first = self._create_rule("2026-02-01", date_to="2026-02-28")
        self._approve(first)
        late = self._create_rule("2026-03-03")
        self.assertRegex(late.problems, "03/01/2026 to 03/02/2026 no version")
        late.date_from = "2026-03-01"
        self.assertFalse(late.problems)
        self._approve(late)
        with self._refused("no version would be in force"), self.env.cr.savepoint():
            first.with_user(self.director).date_to = "2026-02-27"

    def test_the_database_refuses_what_slipped_through(self):
        rule = self._create_rule("2026-02-01")
        self.env.flush_all()
        with (
            self.assertRaises(ExclusionViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE key_account_qualification_rule SET state = 'approved' "
                    "WHERE id = %s",
                    rule.id,
                )
            )

    def test_a_version_ends_after_it_begins(self):
        rule = self._create_rule("2026-02-01")
        with (
            self.assertRaises(CheckViolation),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
        ):
            rule.date_to = "2026-01-31"
            rule.flush_recordset()

    def test_a_planned_version_is_taken_back(self):
        rule = self._create_rule("2026-02-01")
        self._approve(rule)
        rule.with_user(self.director).action_withdraw()
        self.assertEqual(rule.state, "withdrawn")
        self.assertFalse(self.rule.date_to)
        with self._refused("in force already"), self.env.cr.savepoint():
            self.rule.with_user(self.director).action_withdraw()

    def test_a_new_version_begins_after_the_one_it_follows(self):
        planned = self._create_rule("2026-02-01")
        self._approve(planned)
        action = planned.with_user(self.director).action_new_version()
        self.assertEqual(
            self.rules.browse(action["res_id"]).date_from, date(2026, 2, 2)
        )

    # ---- units ----

    def test_the_nearest_override_holds(self):
        company = self._override(self.post)
        department = self._override(self.post_1)
        self._approve(company)
        self._approve(department)
        day = date(2026, 2, 1)
        expected = {
            self.centre: self.rule,
            self.post: company,
            self.post_1: department,
            self.post_2: company,
            self.parcel: self.rule,
            self.parcel_1: self.rule,
        }
        of_unit = self.rules._get_map_in_force(day)
        rows = dict(
            self.env.execute_query(
                SQL("SELECT unit_id, rule_id FROM %s", self.rules._get_map_sql(day))
            )
        )
        for unit, rule in expected.items():
            with self.subTest(unit=unit.code):
                self.assertEqual(self.rules._get_in_force(day, unit), rule)
                self.assertEqual(of_unit[unit.id], rule)
                self.assertEqual(rows[unit.id], rule.id)
        eve = date(2026, 1, 31)
        self.assertEqual(self.rules._get_in_force(eve, self.post_1), self.rule)
        self.assertEqual(self.rules._get_in_force(day), self.rule)
        nothing = self.rules._get_map_sql(date(1999, 1, 1))
        self.assertEqual(self.env.execute_query(SQL("SELECT * FROM %s", nothing)), [])

    def test_a_closed_unit_keeps_its_rule(self):
        unit = self._create_unit("T-OLD", self.post, "department")
        unit.active = False
        of_unit = self.rules._get_map_in_force(date(2026, 1, 15))
        self.assertEqual(of_unit[unit.id], self.rule)

    def test_an_override_may_end_without_a_follower(self):
        override = self._override(self.post, date_to="2026-02-10")
        self._approve(override)
        later = self._override(self.post, "2026-02-20")
        self._approve(later)
        self.assertEqual(
            self.rules._get_in_force(date(2026, 2, 11), self.post), self.rule
        )
        self.assertEqual((override | later).mapped("version"), [1, 2])

    @mute_logger(*RULE_LOGGERS)
    def test_a_company_writes_its_own_overrides_only(self):
        own = self._override(self.post_1).with_user(self.company)
        own.name = "Ours"
        own.component_ids[0].amount = 9000
        for rule in (
            self.rule,
            self._create_rule("2027-01-01"),
            self._override(self.parcel),
        ):
            rule = rule.with_user(self.company)
            for change in (
                lambda r=rule: r.write({"note": "Taken"}),
                lambda r=rule: r.component_ids[0].write({"amount": 1}),
                lambda r=rule: r.action_propose(),
                lambda r=rule: r.action_withdraw(),
            ):
                with (
                    self.subTest(rule=rule.sudo().name),
                    self.assertRaises(UserError),
                    self.env.cr.savepoint(),
                ):
                    change()
        for unit in (False, self.parcel.id, self.centre.id):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                own.unit_id = unit
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            own.copy({"unit_id": False})

    # ---- limits ----

    def _approve_with_limits(self, *limits):
        rule = self.rule.copy({"date_from": "2026-02-01"})
        rule.limit_ids = [Command.create(vals) for vals in limits]
        self._approve(rule)
        return rule

    def test_an_override_stays_inside_the_limits(self):
        central = self._approve_with_limits(
            {
                "path": "threshold_qualify",
                "kind": "range",
                "minimum": 50,
                "maximum": 65,
            },
            {"path": "component_ids.amount", "kind": "percent", "percent": 10},
            {"path": "component_ids.level_field", "row": "credit", "kind": "free"},
        )
        for field_values, amount, level, problem in (
            ({"threshold_qualify": 50}, 10000, "credit", None),
            ({"threshold_qualify": 65}, 11000, "growth", None),
            ({"threshold_qualify": 65.01}, 10000, "credit", "allowed are 50 to 65"),
            ({"threshold_nurture": 41}, 10000, "credit", "does not leave to units"),
            ({}, 8999, "credit", "allowed are 9000 to 11000"),
        ):
            override = central.copy({"unit_id": self.post.id, "limit_ids": False})
            override.date_from = "2026-02-01"
            override.write(field_values)
            by_code = {row.code: row for row in override.component_ids}
            by_code["revenue"].amount = amount
            by_code["credit"].level_field = level
            with self.subTest(fields=field_values, amount=amount):
                if problem:
                    self.assertIn(problem, override.problems)
                else:
                    self.assertFalse(override.problems)

    def test_without_limits_an_override_is_equal(self):
        override = self._override(self.post)
        self.assertFalse(override.problems)
        override.component_ids.filtered(lambda c: c.code == "growth").weight = 21
        self.assertIn("does not leave to units", override.problems)
        override.component_ids.filtered(lambda c: c.code == "growth").unlink()
        self.assertIn("not there instead of there", override.problems)
        with self._refused("does not leave to units"), self.env.cr.savepoint():
            override.with_user(self.director).action_propose()

    def test_a_central_version_leaves_no_override_outside(self):
        central = self._approve_with_limits(
            {"path": "threshold_qualify", "kind": "range", "minimum": 50, "maximum": 65}
        )
        override = central.copy({"unit_id": self.post.id, "limit_ids": False})
        override.write({"date_from": "2026-02-01", "threshold_qualify": 64})
        self._approve(override)
        narrow = central.copy({"date_from": "2026-03-01"})
        narrow.limit_ids.maximum = 60
        self.assertIn("would leave the limits", narrow.problems)
        override.with_user(self.director).date_to = "2026-02-28"
        narrow.invalidate_recordset()
        self.assertFalse(narrow.problems)

    def test_limits_name_what_there_is(self):
        rule = self.rule.copy({"date_from": "2026-02-01"})
        rule.limit_ids = [
            Command.create({"path": "component_ids.nothing", "kind": "free"}),
            Command.create({"path": "component_ids.method", "kind": "percent"}),
        ]
        self.assertIn("component_ids.nothing, which is no value", rule.problems)
        self.assertIn("component_ids.method is no number", rule.problems)

    # ---- the screen ----

    def test_the_form_shows_problems_while_one_types(self):
        rule = self.rule.with_user(self.director).copy({"date_from": "2026-02-01"})
        with Form(rule) as form:
            self.assertFalse(form.problems)
            form.threshold_nurture = 61
            self.assertIn("Thresholds lie", form.problems)
            form.threshold_nurture = 41
            self.assertFalse(form.problems)
            with form.component_ids.edit(0) as row:
                row.weight = 31
            self.assertIn("instead of 100", form.problems)
            with form.component_ids.edit(0) as row:
                row.weight = 30
            self.assertFalse(form.problems)

    def test_the_common_parts_are_in_every_view(self):
        views = self.rules.with_user(self.director).get_views(
            [(False, "list"), (False, "form"), (False, "search")]
        )["views"]
        self.assertIn('name="action_approve"', views["form"]["arch"])
        self.assertIn('name="problems"', views["form"]["arch"])
        self.assertIn('name="phase"', views["list"]["arch"])
        self.assertIn('name="proposed"', views["search"]["arch"])

    # ---- comparison ----

    def test_two_versions_beside_each_other(self):
        rule = self.rule.copy({"date_from": "2026-02-01"})
        rule.threshold_qualify = 65.5
        by_code = {row.code: row for row in rule.component_ids}
        by_code["revenue"].weight = 50
        by_code["growth"].unlink()
        with self._refused("no version before"), self.env.cr.savepoint():
            self.rule.action_compare()
        action = rule.with_user(self.manager).action_compare()
        wizard = self.env["key.account.rule.compare"].browse(action["res_id"])
        self.assertRecordValues(
            wizard.line_ids,
            [
                {"label": "Qualified from", "before": "60", "after": "65.5"},
                {"label": "Components growth", "before": "there", "after": "not there"},
                {"label": "Components revenue: Weight", "before": "30", "after": "50"},
            ],
        )
        both = (rule | self.rule).with_user(self.manager).action_compare()
        self.assertEqual(
            self.env["key.account.rule.compare"].browse(both["res_id"]).before,
            wizard.before,
        )


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 08:00:00")
class TestKeyAccountRuleTrial(RuleCommon):
    """Dry runs (GRD-17): who would move, in the reader's scope; nothing is written."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["key.account.potential"].search([]).write(
            {"stage": "lost", "closing_reason": "Other tests"}
        )
        cls.files = cls.env["key.account.potential"]
        for manager, month, growth in (
            (cls.manager, 1000, "4"),  # 50: nurture
            (cls.manager, 100, "0"),  # 3.6: rejected
            (cls.manager_2, 1000, "2"),  # 40: nurture
            (cls.manager_b, 1000, "4"),  # 50: nurture
        ):
            partner = cls._create_customer(
                f"C{month}", manager, key_account_state="potential", phone="1"
            )
            cls.files |= cls.files.create(
                {"partner_id": partner.id, "revenue_month": month, "growth": growth}
            )

    def _try(self, rule, user=None):
        action = rule.with_user(user or self.director).action_try()
        self.env.invalidate_all()
        return self.env["key.account.rule.trial"].browse(action["res_id"])

    def test_who_would_move(self):
        rule = self.rule.copy({"date_from": "2026-02-01"})
        rule.write({"threshold_qualify": 50, "threshold_nurture": 45})
        before = self.files.read()
        trial = self._try(rule)
        self.assertEqual(trial.examined_count, 4)
        self.assertRecordValues(
            trial.line_ids.sorted(lambda line: line.partner_id.id),
            [
                {
                    "partner_id": self.files[0].partner_id.id,
                    "before": "Nurture",
                    "after": "Qualified",
                    "amount_before": 50,
                    "amount_after": 50,
                    "direction": "up",
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                },
                {
                    "partner_id": self.files[2].partner_id.id,
                    "before": "Nurture",
                    "after": "Rejected",
                    "amount_before": 40,
                    "amount_after": 40,
                    "direction": "down",
                    "unit_id": self.post_2.id,
                    "manager_id": self.manager_2.id,
                },
                {
                    "partner_id": self.files[3].partner_id.id,
                    "before": "Nurture",
                    "after": "Qualified",
                    "amount_before": 50,
                    "amount_after": 50,
                    "direction": "up",
                    "unit_id": self.parcel_1.id,
                    "manager_id": self.manager_b.id,
                },
            ],
        )
        self.assertEqual(self.files.read(), before)
        self.assertEqual(rule.state, "draft")

    def test_each_reader_sees_the_rows_in_his_scope(self):
        rule = self.rule.copy({"date_from": "2026-02-01", "threshold_qualify": 50})
        trial = self._try(rule)
        for user, examined, moved in (
            (self.director, 4, 2),
            (self.company, 3, 1),
            (self.manager, 2, 1),
            (self.manager_2, 1, 0),
            (self.company_b, 1, 1),
        ):
            self.env.invalidate_all()
            seen = trial.with_user(user)
            with self.subTest(user=user.login):
                self.assertRecordValues(
                    seen, [{"examined_count": examined, "moved_count": moved}]
                )
                self.assertEqual(len(seen.line_ids), moved)

    def test_an_override_is_tried_for_its_units(self):
        central = self.rule.copy({"date_from": "2026-01-15"})
        central.limit_ids = [
            Command.create({"path": "threshold_qualify", "kind": "free"})
        ]
        central.action_approve()
        vals = {"date_from": "2026-01-15", "limit_ids": False, "threshold_qualify": 50}
        of_post = central.copy({**vals, "unit_id": self.post.id})
        self.assertEqual(self._try(of_post, self.company).examined_count, 3)
        of_post.action_approve()
        again = central.copy({"threshold_qualify": 50})
        self.assertEqual(self._try(again).line_ids.partner_id, self.files[3].partner_id)

    @mute_logger(*RULE_LOGGERS)
    def test_who_may_try(self):
        for user in (self.manager, self.office, self.admin, self.finance):
            with (
                self.subTest(user=user.login),
                self.assertRaises(AccessError),
                self.env.cr.savepoint(),
            ):
                self.rule.with_user(user).action_try()
        trial = self._try(self.rule)
        for user in (self.admin, self.operator):
            with self.assertRaises(AccessError):
                trial.with_user(user).read(["name"])
        with self.assertRaises(AccessError):
            trial.with_user(self.director).read(["examined"])
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            trial.with_user(self.director).unlink()

    def test_old_dry_runs_go(self):
        trial = self._try(self.rule.copy({"threshold_qualify": 50}))
        for created, is_kept in (("2025-12-17", True), ("2025-12-16", False)):
            self.env.cr.execute(
                SQL(
                    "UPDATE key_account_rule_trial SET create_date = %s WHERE id = %s",
                    f"{created} 00:00:00",
                    trial.id,
                )
            )
            trial._gc_trials()
            self.assertEqual(bool(trial.exists()), is_kept)
