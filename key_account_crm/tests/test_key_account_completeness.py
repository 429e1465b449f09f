# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged, users
from odoo.tools import mute_logger

from .common import KeyAccountCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-03-10 08:00:00")
class TestKeyAccountCompleteness(KeyAccountCommon):
    """How complete and how true a customer file is, and what it said before (COL-05,
    COL-07)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.items = cls.env["key.account.completeness.item"]
        cls.rules = cls.env["key.account.completeness.rule"]
        facts = {
            "key_account_credit_code": 40,
            "phone": 30,
            "child_ids": 20,
            "key_account_number_ids": 6,
            "key_account_staff_count": 4,
        }
        cls.rule = cls.rules.create(
            {
                "name": "Tried",
                "date_from": "2026-03-01",
                "item_ids": [
                    *(
                        Command.create({"field_name": name, "weight": weight})
                        for name, weight in facts.items()
                    ),
                    Command.create(
                        {
                            "field_name": "key_account_birthday",
                            "weight": 10,
                            "is_group": False,
                        }
                    ),
                ],
            }
        )
        cls.rule.action_approve()
        cls.deputy = cls._create_user("ka_deputy", "centre", cls.centre)
        cls.customer = cls._create_customer("Acme", cls.manager)
        cls.env.flush_all()

    def test_the_score_follows_what_is_known(self):
        customer = self.customer.with_user(self.manager)
        steps = [
            (lambda: None, 0),
            (lambda: customer.write({"phone": "123"}), 30),
            (lambda: self.customer.write({"key_account_credit_code": "9"}), 70),
            (lambda: self._create_contact(customer), 90),
            (lambda: customer.write({"key_account_staff_count": 3}), 94),
            (lambda: self._create_number(customer), 100),
            (lambda: customer.write({"phone": False}), 70),
            (lambda: self.customer.child_ids.action_archive(), 50),
        ]
        for number, (step, expected) in enumerate(steps):
            with self.subTest(step=number):
                step()
                self.assertEqual(self.customer.key_account_completeness, expected)
                self.assertEqual(self.items._get_score(self.customer), expected)

    def _create_contact(self, customer):
        vals = {"name": "Ada", "parent_id": customer.id}
        return self.env["res.partner"].with_user(self.manager).create(vals)

    def _create_number(self, customer):
        vals = {"name": "0099", "partner_id": customer.id}
        return self.env["key.account.number"].with_user(self.manager).create(vals)

    def test_a_number_and_a_contact_that_go_lower_the_score(self):
        contact = self._create_contact(self.customer)
        self._create_number(self.customer)
        self.assertEqual(self.customer.key_account_completeness, 26)
        contact.sudo().unlink()
        self.assertEqual(self.customer.key_account_completeness, 6)
        self.customer.key_account_number_ids.unlink()
        self.assertEqual(self.customer.key_account_completeness, 0)

    def test_one_statement_measures_all_as_one_by_one(self):
        """The set and the single file follow one rule, for every kind."""
        for number, kind in enumerate(("group", "professional", "individual") * 2):
            partner = self._create_customer(
                f"Customer {number}",
                self.manager,
                key_account_kind=kind,
                is_company=kind != "individual",
                key_account_staff_count=number % 3,
                phone="1" if number % 2 else False,
                key_account_credit_code="" if number % 4 else f"C{number}",
            )
            if kind == "individual" and number > 3:
                self.env["key.account.person"].create(
                    {"partner_id": partner.id, "birthday": "1990-01-01"}
                )
        customers = self.env["res.partner"].search([("key_account_kind", "!=", False)])
        self.env["key.account.standing"].search([]).completeness = 1
        self.env["key.account.standing"]._refresh_completeness()
        for customer in customers:
            self.assertEqual(
                customer.key_account_completeness,
                self.items._get_score(customer),
                customer.name,
            )
        individuals = customers.filtered(lambda c: c.key_account_kind == "individual")
        self.assertGreater(len(set(individuals.mapped("key_account_completeness"))), 1)
        self.assertEqual(self.env["key.account.standing"]._refresh_completeness(), 0)

    def test_the_three_most_useful_missing_facts_are_named(self):
        customer = self.customer.with_user(self.manager)
        names = self.items._get_missing(customer)
        self.assertEqual(
            names,
            [
                "key_account_credit_code",
                "phone",
                "child_ids",
                "key_account_number_ids",
                "key_account_staff_count",
            ],
        )
        labels = customer.key_account_missing.split(", ")
        self.assertEqual(len(labels), 3)
        self.assertEqual(labels[:2], ["Credit Code", "Phone"])
        customer.phone = "1"
        self.assertNotIn("Phone", customer.key_account_missing)
        self.assertIn("Service Numbers", customer.key_account_missing)

    def _refresh(self):
        cron = self.env.ref("key_account_crm.ir_cron_refresh_completeness")
        with self.enter_registry_test_mode():
            cron.method_direct_trigger()
        return self.customer.key_account_completeness

    def _propose_version(self, weight, date_from):
        version = self.rule.with_user(self.admin).copy({"date_from": date_from})
        version.item_ids.filtered(lambda i: i.field_name == "phone").weight = weight
        version.action_propose()
        return version

    def test_a_new_version_is_measured_from_its_first_day_on(self):
        """RULE-04: exact on the day, by the scheduled action, twice the same."""
        self.customer.phone = "1"
        version = self._propose_version(70, "2026-03-12")
        version.with_user(self.deputy).action_approve()
        cron = self.env.ref("key_account_crm.ir_cron_refresh_completeness")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        self.assertIn("2026-03-12", [str(t.call_at.date()) for t in triggers])
        for day, expected in (
            ("2026-03-10 23:59:59", 30),
            ("2026-03-11 23:59:59", 30),
            ("2026-03-12 00:00:00", 50),
            ("2026-03-13 00:00:00", 50),
        ):
            with self.subTest(day=day), freeze_time(day):
                for _count in range(2):
                    self.assertEqual(self._refresh(), expected)
                self.assertEqual(self.items._get_score(self.customer), expected)

    def test_an_approved_version_of_the_facts_never_changes(self):
        item = self.rule.item_ids[0].with_user(self.director)
        for change in (
            lambda: item.write({"weight": 1}),
            lambda: item.unlink(),
            lambda: item.copy({"field_name": "email"}),
            lambda: self.rule.write({"item_ids": [Command.clear()]}),
        ):
            with (
                self.assertRaisesRegex(UserError, "no longer changes"),
                self.env.cr.savepoint(),
            ):
                change()

    def test_what_forbids_a_version(self):
        version = self.rule.copy({"date_from": "2026-04-01"})
        self.assertFalse(version.problems)
        version.unit_id = self.post
        self.assertIn("alike for all units", version.problems)
        version.unit_id = False
        version.item_ids[0].write(
            {"is_group": False, "is_professional": False, "is_individual": False}
        )
        self.assertIn("for no kind of customer", version.problems)
        version.item_ids.unlink()
        self.assertIn("asks for no fact", version.problems)
        with self.assertRaises(ValidationError), self.env.cr.savepoint():
            self.items.create({"rule_id": version.id, "field_name": "category_id"})

    def test_a_dry_run_says_whose_score_moves_by_how_much(self):
        """GRD-17: in the reader's scope, and no score changes."""
        other = self._create_customer("Other", self.manager_b, phone="2")
        self.customer.phone = "1"
        version = self._propose_version(70, "2026-04-01")
        action = version.with_user(self.director).action_try()
        self.env.invalidate_all()
        trial = self.env["key.account.rule.trial"].browse(action["res_id"])
        customers = self.customer | other
        lines = trial.line_ids.filtered(lambda line: line.partner_id in customers)
        self.assertRecordValues(
            lines.sorted(lambda line: line.partner_id.id),
            [
                {
                    "partner_id": customer.id,
                    "before": "30",
                    "after": "50",
                    "amount_before": 30,
                    "amount_after": 50,
                    "direction": "up",
                    "manager_id": manager.id,
                }
                for customer, manager in (
                    (self.customer, self.manager),
                    (other, self.manager_b),
                )
            ],
        )
        self.assertEqual(customers.mapped("key_account_completeness"), [30, 30])
        seen = trial.with_user(self.manager)
        seen.invalidate_recordset()
        self.assertEqual(seen.line_ids.partner_id, self.customer)

    @users("ka_manager")
    @mute_logger("odoo.addons.base.models.ir_model")
    def test_a_manager_does_not_keep_the_rule(self):
        with self.assertRaises(AccessError):
            self.rules.with_env(self.env).create({"name": "Mine"})

    # -- verification

    def test_verified_today_is_on_record(self):
        customer = self.customer.with_user(self.manager)
        customer.action_key_account_verify()
        self.assertEqual(
            customer.key_account_date_verified, fields.Date.to_date("2026-03-10")
        )
        self.assertRecordValues(
            customer.key_account_change_ids,
            [
                {
                    "kind": "verify",
                    "new_value": "2026-03-10",
                    "state": "applied",
                    "proposed_by_id": self.manager.id,
                }
            ],
        )
        for user in (self.office, self.agent, self.manager_b, self.finance):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.customer.with_user(user).action_key_account_verify()

    def test_months_unverified_read_and_search_alike(self):
        """Computed and searched from one rule, at the ends of months too."""
        customers = self.customer
        for number, day in enumerate(
            (None, "2026-03-31", "2026-02-28", "2026-01-31", "2025-12-31", "2025-03-31")
        ):
            customer = self._create_customer(f"Customer {number}", self.manager)
            customer.key_account_standing_ids.date_verified = day
            customers |= customer
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2025-09-30' WHERE id = ANY(%s)",
            [customers[:2].ids],
        )
        self.env.invalidate_all()
        compare = {
            ">": lambda a, b: a > b,
            ">=": lambda a, b: a >= b,
            "<": lambda a, b: a < b,
            "<=": lambda a, b: a <= b,
        }
        for today in ("2026-03-31", "2026-04-30", "2026-05-31", "2026-02-28"):
            for months in (-1, 0, 1, 3, 6, 12):
                for operator, is_so in compare.items():
                    with (
                        freeze_time(today),
                        self.subTest(today=today, months=months, operator=operator),
                    ):
                        self.env.invalidate_all()
                        found = customers.search(
                            [
                                ("id", "in", customers.ids),
                                ("key_account_months_unverified", operator, months),
                            ]
                        )
                        expected = customers.filtered(
                            lambda c, m=months, f=is_so: f(
                                c.key_account_months_unverified, m
                            )
                        )
                        self.assertEqual(found.sorted("id"), expected.sorted("id"))

    # -- versions

    def _get_then(self, day, customer=None):
        rows = (customer or self.customer)._key_account_get_version(
            fields.Date.to_date(day)
        )
        return {row["field_label"]: (row["then"], row["now"]) for row in rows}

    def test_the_file_of_a_past_day_can_be_read(self):
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-03-01 10:00' WHERE id = %s",
            [self.customer.id],
        )
        self.customer.invalidate_recordset()
        with freeze_time("2026-03-05 10:00:00"):
            self.customer.name = "Acme Two"
        with freeze_time("2026-03-07 10:00:00"):
            self.customer.write(
                {"name": "Acme Three", "key_account_kind": "individual"}
            )
        for day, name, kind in (
            ("2026-03-01", "Acme", "Group"),
            ("2026-03-04", "Acme", "Group"),
            ("2026-03-05", "Acme Two", "Group"),
            ("2026-03-07", "Acme Three", "Individual"),
            ("2026-03-10", "Acme Three", "Individual"),
        ):
            with self.subTest(day=day):
                then = self._get_then(day)
                self.assertEqual(then["Name"], (name, "Acme Three"))
                self.assertEqual(then["Customer Kind"], (kind, "Individual"))
        self.assertFalse(self._get_then("2026-02-28"))

    def test_a_proposal_counts_from_the_day_it_was_applied(self):
        visit = self.env.ref("key_account_crm.key_account_term_channel_visit")
        manual = self.env.ref("key_account_crm.key_account_term_method_manual")
        self.env.cr.execute(
            "UPDATE res_partner SET create_date = '2026-03-01 10:00' WHERE id = %s",
            [self.customer.id],
        )
        self.customer.invalidate_recordset()
        with freeze_time("2026-03-03 10:00:00"):
            change = self.customer.with_user(self.manager)._key_account_propose(
                {"name": "Acme Two"}, "Licence", visit, manual
            )
        with freeze_time("2026-03-06 10:00:00"):
            change.with_user(self.head).action_approve()
        self.assertEqual(self._get_then("2026-03-05")["Name"][0], "Acme")
        self.assertEqual(self._get_then("2026-03-06")["Name"][0], "Acme Two")

    # -- the screens

    @users("ka_manager")
    def test_the_wizard_proposes_what_was_entered(self):
        parent = self._create_customer("Parent", self.manager)
        form = Form(
            self.env["key.account.propose"].with_context(
                default_partner_id=self.customer.id
            )
        )
        form.channel_id = self.env.ref("key_account_crm.key_account_term_channel_visit")
        form.reason = "Licence"
        for name, value, entry in (
            ("name", "value_text", "Acme Two"),
            ("key_account_kind", "value_choice", "key_account_kind:professional"),
            ("key_account_parent_id", "value_record", f"res.partner,{parent.id}"),
            ("key_account_credit_limit", "value_number", 12.5),
            ("key_account_is_unified", "value_flag", True),
        ):
            with form.line_ids.new() as line:
                line.field_name = name
                setattr(line, value, entry)
        wizard = form.save()
        self.assertEqual(wizard.line_ids[0].present, "Acme")
        wizard.action_propose()
        changes = self.env["key.account.change"].search(
            [("partner_id", "=", self.customer.id)]
        )
        changes.with_user(self.head)._approve()
        self.assertRecordValues(
            self.customer,
            [
                {
                    "name": "Acme Two",
                    "key_account_kind": "professional",
                    "key_account_parent_id": parent.id,
                    "key_account_credit_limit": 12.5,
                    "key_account_is_unified": True,
                }
            ],
        )

    def test_the_refusal_wizard_refuses(self):
        visit = self.env.ref("key_account_crm.key_account_term_channel_visit")
        manual = self.env.ref("key_account_crm.key_account_term_method_manual")
        change = self.customer.with_user(self.manager)._key_account_propose(
            {"name": "Acme Two"}, "Licence", visit, manual
        )
        refuse = self.env["key.account.refuse"].with_user(self.head)
        refuse = refuse.with_context(active_ids=change.ids).create({"reason": "No"})
        refuse.action_refuse()
        self.assertEqual(change.state, "refused")

    @users("ka_manager")
    def test_the_version_wizard_shows_the_day(self):
        form = Form(
            self.env["key.account.version"].with_context(
                default_partner_id=self.customer.id
            )
        )
        form.date = "2020-01-01"
        self.assertIn("no file yet", form.note)
        version = self.env["key.account.version"].with_user(self.manager_b)
        vals = {"partner_id": self.customer.id, "date": "2026-03-10"}
        with self.assertRaises(AccessError):
            self.assertTrue(version.create(vals).line_ids)

    @users("ka_manager")
    def test_key_fields_are_read_only_on_a_guarded_file(self):
        view = "key_account_crm.res_partner_view_form_key_account"
        form = Form(self.customer.with_env(self.env), view)
        with self.assertRaises(AssertionError):
            form.name = "Other"
        new = self.env["res.partner"].with_context(default_key_account_kind="group")
        form = Form(new, view)
        form.name = "Fresh"
        self.assertEqual(form.save().name, "Fresh")
        self.assertRaises(
            UserError, self.customer.with_env(self.env).write, {"name": 1}
        )
