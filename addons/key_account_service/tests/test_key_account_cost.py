# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from freezegun import freeze_time

from odoo import Command
from odoo.tests import Form, tagged

from .contact_common import NOW, ContactCommon

RULE = "key.account.cost.rule"


@tagged("post_install", "-at_install")
class TestCost(ContactCommon):
    """What serving a customer costs, to the cent (SVC-18, ANA-07, design 3.9)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.money = cls.env.company.currency_id.name
        cls.env[RULE].search([("state", "=", "approved")])._write(
            {"date_to": "2025-12-31"}
        )
        cls.env.invalidate_all()

    def test_the_most_particular_rate_counts(self):
        visit = {"source": "contact", "kind_id": self.visit.id}
        self._cost_rule(
            {"source": "contact", "fixed": 1},
            {**visit, "fixed": 10, "per_hour": 60, "per_km": 0.5},
            {**visit, "line_id": self.letter.id, "fixed": 20},
            {**visit, "grade_code": "A1", "fixed": 30},
        )
        cases = (
            ({"kind_id": self.call.id}, self.acme, 1),
            ({"kind_id": self.visit.id}, self.acme, 30),
            ({"kind_id": self.visit.id, "line_id": self.letter.id}, self.acme, 20),
            (
                {"kind_id": self.visit.id, "duration": 1.5, "distance": 7},
                self.far,
                103.5,
            ),
        )
        for vals, customer, cost in cases:
            with self.subTest(vals=vals):
                user = self.manager if customer == self.acme else self.manager_b
                event = self._contact(customer=customer, user=user, **vals)
                self.assertEqual(event.cost, cost)
                self.assertFalse(event.is_cost_entered)

    def test_what_is_entered_stays_until_the_rule_is_asked_again(self):
        self._cost_rule({"source": "contact", "per_hour": 60})
        event = self._contact(duration=1)
        self.assertEqual(event.cost, 60)
        event.duration = 2
        self.assertEqual(event.cost, 120)
        with Form(event) as form:
            form.cost = 99.99
        event.duration = 3
        self.assertRecordValues(
            event, [{"cost": 99.99, "is_cost_entered": True, "cost_rule_id": False}]
        )
        event.action_cost_by_rule()
        self.assertRecordValues(event, [{"cost": 180, "is_cost_entered": False}])

    def test_the_rule_of_the_day_counts(self):
        first = self._cost_rule({"source": "contact", "fixed": 5})
        second = first.copy({"date_from": "2026-03-01"})
        second.rate_ids.fixed = 8
        second.action_approve()
        self.assertEqual(self._contact("2026-02-27 08:00:00").cost, 5)
        late = self._contact("2026-03-02 08:00:00")
        self.assertEqual(late.cost, 8)
        self.assertEqual(late.cost_rule_id, second)
        self.assertDay(second._get_last_decision_date(), "2026-03-02")

    def test_nothing_planned_or_cancelled_has_a_cost(self):
        self._cost_rule({"source": "contact", "fixed": 5})
        event = self._contact("2026-03-11 08:00:00")
        self.assertEqual(event.cost, 0)
        with freeze_time(NOW):
            event.action_done()
        self.assertEqual(event.cost, 5)

    def test_a_request_costs_by_rule_unless_its_cost_is_entered(self):
        fault = {"source": "request", "kind_id": self.fault.id, "fixed": 12.34}
        self._cost_rule(fault)
        request, other = self._request(), self._request()
        self.assertEqual(request.cost, 0)
        for one, cost in ((request, 0), (other, 7.5)):
            one._finish(date="2026-01-15 09:00:00", cost=cost)
        self.assertEqual((request.cost, other.cost), (12.34, 7.5))
        [month] = self._months().values()
        self.assertEqual(month, (0, 2, 0, 19.84))

    # ---- the months -----------------------------------------------------------------

    def test_months_are_the_sums_of_the_rows(self):
        """To the cent, per line and month, and a rebuild gives the same."""
        self._cost_rule({"source": "contact", "fixed": 0.1})
        for day in (1, 2, 3):
            self._contact(f"2026-02-0{day} 08:00:00")
        self._contact("2026-03-01 08:00:00", line_id=self.letter.id)
        self._contact("2026-02-28 17:00:00")  # March where the centre works
        expected = {
            ("2026-02-01", "", self.money): (3, 0, 0, 0.3),
            ("2026-03-01", "", self.money): (1, 0, 0, 0.1),
            ("2026-03-01", "T-LETTER", self.money): (1, 0, 0, 0.1),
        }
        self.assertEqual(self._months(), expected)
        self.env["key.account.month"]._refresh()
        self.assertEqual(self._months(), expected)
        self.env.flush_all()
        rows = self.env["key.account.service.event"].search(
            [("partner_id", "=", self.acme.id)]
        )
        self.assertAlmostEqual(sum(rows.mapped("cost")), 0.5)

    def test_a_month_without_contacts_goes(self):
        self._cost_rule({"source": "contact", "fixed": 1})
        event = self._contact("2026-02-03 08:00:00")
        event.date = "2026-03-03 08:00:00"
        self.assertEqual(list(self._months()), [("2026-03-01", "", self.money)])

    def test_costs_give_no_standing_on_a_line(self):
        """A customer that was visited about a line does not use it yet."""
        self._contact(line_id=self.letter.id)
        self.assertFalse(
            self.env["key.account.line.standing"].search(
                [("partner_id", "=", self.acme.id)]
            )
        )

    def test_cost_out_of_revenue_is_that_of_the_same_months(self):
        self._cost_rule({"source": "contact", "fixed": 25})
        # The twelve months end with the last one that was billed to anybody.
        self.env.cr.execute(
            "UPDATE key_account_bill SET period = '2025-12-01' "
            "WHERE period > '2025-12-01'"
        )
        self._create_bill(self.acme, 1000)
        self._contact("2026-01-20 08:00:00")
        self._contact("2025-01-20 08:00:00", cost=400)  # a month too early
        self._contact("2026-03-05 08:00:00")  # not billed yet
        self._contact(
            "2026-01-21 08:00:00",
            user=self.manager_b,
            line_id=self.express.id,
        )
        for user, cost in ((self.manager, 25), (self.director, 50)):
            with self.subTest(user=user.login):
                acme = self.acme.with_user(user)
                self.assertEqual(acme.key_account_cost_year, cost)
                self.assertAlmostEqual(acme.key_account_cost_share, cost / 1000)
                action = acme.action_view_key_account_costs()
                months = self.env["key.account.month"].with_user(user)
                rows = months.search(action["domain"])
                self.assertEqual(sum(rows.mapped("amount_cost")), cost)
                events = self.env["key.account.service.event"].with_user(user)
                drilled = [
                    cost
                    for row in rows
                    for cost in events.search(
                        row.action_view_service_events()["domain"]
                    ).mapped("cost")
                ]
                self.assertEqual(sum(drilled), cost)

    def test_rules_refuse_what_would_be_reckoned_wrongly(self):
        rule = self.env[RULE].create({"name": "Empty", "date_from": "2026-01-01"})
        self.assertIn("no rate", rule.problems)
        rule.rate_ids = [Command.create({"source": "contact", "grade_code": "Z9"})]
        self.assertIn("Z9", rule.problems)
