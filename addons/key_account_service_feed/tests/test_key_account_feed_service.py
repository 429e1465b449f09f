# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
from datetime import date, datetime

from odoo.tests import tagged

from odoo.addons.key_account_feed.tests.common import CITY, KeyAccountFeedCommon

from ..layout import SERVICE
from .test_key_account_feed_complaint import complaint


def service(name, code="K1", **values):
    """A row of the format; fields not given are empty."""
    defaults = {
        "name": name,
        "city_code": CITY,
        "manager_id": "ka_manager",
        "customer": code,
        "class_id": "basic",
        "operation": "change",
        "date_start": "20260105080000",
        "date_stop": "20260105083000",
    }
    values = {**defaults, **values}
    unknown = values.keys() - set(SERVICE.names)
    assert not unknown, unknown
    return "|".join(["S", *(str(values.get(one, "")) for one in SERVICE.names)])


@tagged("post_install", "-at_install")
class TestKeyAccountFeedService(KeyAccountFeedCommon):
    """Interface 02001, record S: the log of a branch (LOG-05, DX-02, SVC-18)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acme = cls._create_customer("Acme", cls.manager, key_account_code="K1")
        cls.beta = cls._create_customer("Beta", cls.colleague, key_account_code="K2")
        cls.far = cls._create_customer("Far", cls.manager_b, key_account_code="F1")
        numbers = cls.env["key.account.number"]
        cls.number = numbers.create({"name": "03118800", "partner_id": cls.beta.id})
        numbers.create({"name": "03118801", "partner_id": cls.far.id})

    @classmethod
    def _send(cls, *rows, **kwargs):
        return cls._load(*rows, interface="complaint", **kwargs)

    @classmethod
    def _known(cls, name):
        logs = cls.env["key.account.service.log"]
        logs.invalidate_model()
        return logs.search([("name", "=", name), ("feed_unit_id", "=", cls.post.id)])

    def _rule(self, *rates):
        rules = self.env["key.account.cost.rule"]
        rules.search([("state", "=", "approved")])._write({"date_to": "2025-12-31"})
        self.env.invalidate_all()
        rule = rules.create(
            {
                "name": "Rates",
                "date_from": "2026-01-01",
                "rate_ids": [(0, 0, rate) for rate in rates],
            }
        )
        rule.action_propose()
        rule.action_approve()
        return rule

    def _month(self, customer):
        months = self.env["key.account.month"]
        months.invalidate_model()
        return months.search(
            [("partner_id", "=", customer.id), ("month", "=", "2026-01-01")]
        )

    def test_a_service_lands_with_all_that_is_said_of_it(self):
        self._rule({"source": "request", "fixed": 5, "per_hour": 20})
        feed = self._send(
            service(
                "0007",
                class_id="personalised",
                channel_id="hall",
                result="Changed as asked",
                operator="Counter 7",
                remark="New tariff",
            ),
            service("0008", cost=1250),
        )
        self.assertCounts(feed, created=2)
        first, second = self._known("0007"), self._known("0008")
        self.assertRecordValues(
            first,
            [
                {
                    "partner_id": self.acme.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "user_id": self.manager.id,
                    "date_start": datetime(2026, 1, 5, 8),
                    "date_stop": datetime(2026, 1, 5, 8, 30),
                    "duration": 0.5,
                    "day": date(2026, 1, 5),
                    "result": "Changed as asked",
                    "operator": "Counter 7",
                    "remark": "New tariff",
                    "cost": 15,
                    "is_cost_entered": False,
                    "is_contact": False,
                    "run_id": feed.run_id.id,
                }
            ],
        )
        self.assertEqual(
            (first.class_id.code, first.kind_id.code, first.channel_id.code),
            ("personalised", "change", "hall"),
        )
        self.assertEqual((second.cost, second.is_cost_entered), (12.5, True))
        self.assertRecordValues(
            self._month(self.acme), [{"log_count": 2, "amount_cost": 27.5}]
        )
        events = self.env["key.account.service.event"].with_user(self.manager)
        found = events.search([("partner_id", "=", self.acme.id)])
        self.assertEqual(found.mapped("source"), ["log", "log"])
        self.assertEqual(sum(found.mapped("cost")), 27.5)
        self.assertEqual(found[0].action_open()["res_model"], first._name)
        timeline = self.env["key.account.timeline"].with_user(self.manager)
        lines = timeline.search(
            [("partner_id", "=", self.acme.id), ("kind", "=", "service_log")]
        )
        self.assertIn("New tariff", " ".join(lines.mapped("summary")))

    def test_a_visit_is_a_contact(self):
        """COL-08: it counts for the freshness and carries the cost."""
        self._rule({"source": "contact", "fixed": 30})
        self._send(
            service("1", operation="visit", remark="Quarterly", result="All well"),
            service("2", operation="call", cost=200),
        )
        visit, call = self._known("1").contact_ids, self._known("2").contact_ids
        self.assertRecordValues(
            visit | call,
            [
                {
                    "partner_id": self.acme.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "user_id": self.manager.id,
                    "state": "done",
                    "date": datetime(2026, 1, 5, 8),
                    "day": date(2026, 1, 5),
                    "duration": 0.5,
                    "subject": "Quarterly",
                    "result": "All well",
                    "cost": 30,
                },
                {
                    "partner_id": self.acme.id,
                    "unit_id": self.post_1.id,
                    "manager_id": self.manager.id,
                    "user_id": self.manager.id,
                    "state": "done",
                    "date": datetime(2026, 1, 5, 8),
                    "day": date(2026, 1, 5),
                    "duration": 0.5,
                    "subject": False,
                    "result": False,
                    "cost": 2,
                },
            ],
        )
        self.assertEqual(visit.kind_id.code, "visit")
        self.assertTrue(visit.scope_id)
        self.assertEqual(self._known("1").cost, 30)
        self.assertRecordValues(
            self._month(self.acme),
            [{"contact_count": 2, "log_count": 0, "amount_cost": 32}],
        )
        standing = self.env["key.account.contact.standing"].search(
            [("partner_id", "=", self.acme.id), ("person_id", "=", False)]
        )
        self.assertEqual(standing.date_last, date(2026, 1, 5))
        self.assertTrue(visit.with_user(self.manager).has_access("write"))
        self.assertFalse(visit.with_user(self.manager_b).has_access("read"))

    def test_corrections_follow_into_contacts_and_months(self):
        self._send(service("1", operation="visit", cost=500))
        visit = self._known("1").contact_ids
        feed = self._send(
            service("1", operation="change", cost=700, date_start="20260104080000")
        )
        self.assertCounts(feed, changed=1)
        self.env.invalidate_all()
        self.assertEqual(visit.state, "cancelled")
        self.assertRecordValues(
            self._month(self.acme),
            [{"contact_count": 0, "log_count": 1, "amount_cost": 7}],
        )
        standing = self.env["key.account.contact.standing"].search(
            [("partner_id", "=", self.acme.id), ("person_id", "=", False)]
        )
        self.assertFalse(standing.date_last)
        self._send(service("1", operation="visit", date_start="20260104080000"))
        self.env.invalidate_all()
        self.assertEqual((visit.state, visit.cost), ("done", 7))
        self.assertEqual(visit.day, date(2026, 1, 4))
        self.assertEqual(self._known("1").contact_ids, visit)

    def test_the_same_file_changes_nothing(self):
        self._rule({"source": "request", "fixed": 5})
        rows = [
            service("1"),
            service("2", operation="visit", cost=100),
            service("3", "", operation="", cost="\\N"),
        ]
        self.assertCounts(self._send(*rows, period="20260110"), created=3)
        again = self._send(*rows, period="20260110")
        self.assertTrue(again.is_repeated)
        self.assertCounts(self._send(*rows, period="20260111"), unchanged=3)
        self.assertCounts(self._send(*rows, period="20260112", kind="s"), unchanged=3)
        contacts = self.env["key.account.contact.event"]
        self.assertEqual(contacts.search_count([("partner_id", "=", self.acme.id)]), 1)

    def test_what_is_left_empty_stays(self):
        self._send(service("1", remark="Said", cost=100))
        feed = self._send(service("1", operation="", date_stop="", cost=""))
        self.assertCounts(feed, unchanged=1)
        self._send(service("1", remark="\\N", cost="\\N"))
        found = self._known("1")
        self.assertEqual((found.remark, found.is_cost_entered), (False, False))

    def test_a_number_names_the_customer(self):
        feed = self._send(
            service("1", "", number_id="03118800", manager_id="ka_colleague")
        )
        self.assertCounts(feed, created=1)
        found = self._known("1")
        self.assertEqual((found.partner_id, found.number_id), (self.beta, self.number))
        self.assertEqual(found.manager_id, self.colleague)

    def test_what_was_no_customers_stays_with_the_manager(self):
        self._send(service("1", ""))
        found = self._known("1")
        self.assertFalse(found.partner_id)
        self.assertEqual((found.unit_id, found.manager_id), (self.post_1, self.manager))
        self.assertTrue(found.with_user(self.manager).has_access("read"))
        self.assertFalse(found.with_user(self.colleague).has_access("read"))
        self._send(service("1", "K1"))
        self.assertEqual(self._known("1").partner_id, self.acme)
        self.assertEqual(self._month(self.acme).log_count, 1)

    def test_hostile_rows_are_named_and_mended(self):
        """Row, field and remedy; the mended file is loaded as it is."""
        bad = {
            "city_code": "12345",
            "manager_id": "nobody",
            "customer": "K9",
            "number_id": "110",
            "class_id": "imperial",
            "operation": "conquest",
            "date_start": "20260230080000",
            "date_stop": "20260105075959",
            "channel_id": "pigeon",
            "cost": "-1",
            "remark": "x" * 201,
        }
        rows = [
            service(str(number), **{name: value})
            for number, (name, value) in enumerate(bad.items(), start=1)
        ]
        rows += [
            service("12", "F1"),
            service("13", "", number_id="03118801"),
            service("14", "", operation="visit"),
            service("15", date_start="20990101080000"),
            service("", cost=1),
            service("17", cost="9" * 20),
            service("18", cost="1.5"),
            service("19"),
            service("19", remark="twice"),
            "S|too|few",
            "S|" + "|".join("'; DROP TABLE res_partner; --" for _name in SERVICE.names),
            service("23", remark="Robert'); --", result="\\N"),
        ]
        feed = self._send(*rows, limit=100)
        self.assertCounts(feed, created=1, refused=22)
        refused = {}
        for row in feed.refusal_ids:
            refused.setdefault(row.row, {})[row.field_name or ""] = row.code
            self.assertTrue(row.reason and row.remedy, row.code)
        wanted = {
            1: {"city_code": "city"},
            2: {"manager_id": "handler"},
            3: {"customer": "customer"},
            4: {"number_id": "number"},
            5: {"class_id": "service_class"},
            6: {"operation": "operation"},
            7: {"date_start": "stamp"},
            8: {"date_stop": "end_early"},
            9: {"channel_id": "channel"},
            10: {"cost": "negative"},
            11: {"remark": "long"},
            12: {"customer": "other_branch"},
            13: {"number_id": "number_unknown"},
            14: {"operation": "customer_needed"},
            15: {"date_start": "future", "date_stop": "end_early"},
            16: {"name": "required"},
            17: {"cost": "amount_absurd"},
            18: {"cost": "amount"},
            19: {"name": "duplicate"},
            20: {"name": "duplicate"},
            21: {"": "columns"},
        }
        for row, errors in wanted.items():
            self.assertEqual(refused[row], errors, row)
        self.assertEqual(self._known("23").remark, "Robert'); --")
        mended = base64.b64decode(feed.refused_file).decode().splitlines()
        rows = [
            mended[0].replace("12345", CITY),
            mended[9].replace("|-1|", "|1|"),
        ]
        self.assertCounts(self._send(*rows), created=2)

    def test_whom_was_served_is_said_once(self):
        self._send(service("1"))
        feed = self._send(service("1", "K2"), service("2"), limit=100)
        self.assertCounts(feed, created=1, refused=1)
        self.assertEqual(feed.refusal_ids.code, "log_kept")

    def test_an_older_file_does_not_overwrite(self):
        self._send(service("1", remark="New"), period="20260120")
        feed = self._send(service("1", remark="Old"), period="20260119")
        self.assertEqual(feed.file_code, "26")
        self.assertEqual(self._known("1").remark, "New")

    def test_the_dry_run_says_what_the_load_does(self):
        content = f"{service('1')}\n{complaint('9')}\n{service('2', 'K9')}\n".encode()
        name = f"a_{CITY}_20260110_02001_00_001.dat"
        self.source.refused_limit = 100
        feed = self.feeds.with_user(self.operator)._receive(
            {name: content}, is_confirmed=True
        )
        feed.action_check()
        self.assertEqual(feed.state, "checked")
        self.assertCounts(feed, created=2, refused=1)
        self.assertFalse(self._known("1"))
        feed.action_load()
        self.assertCounts(feed, created=2, refused=1)
        self.assertTrue(self._known("1"))
        self.assertFalse(self._known("1").with_user(self.operator).has_access("read"))
        self.assertEqual(set(feed.result_ids.mapped("letter")), {"S", "T"})

    def test_many_rows_take_as_many_queries_as_few(self):
        """Set-based: statements do not grow with the rows (DX-06)."""
        self._rule({"source": "contact", "fixed": 3}, {"source": "request", "fixed": 2})

        def send(first, count, period):
            rows = [
                service(
                    first + number,
                    ("K1", "K2")[number % 2],
                    operation=("visit", "change", "call")[number % 3],
                    date_start=f"202601{number % 28 + 1:02}080000",
                    date_stop="",
                )
                for number in range(count)
            ]
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            feed = self._send(*rows, period=period)
            self.env.flush_all()
            self.assertCounts(feed, created=count)
            return self.env.cr.sql_log_count - before

        send(1, 10, "20260130")
        few = send(101, 10, "20260131")
        many = send(201, 90, "20260201")
        # Dictionaries may be read anew meanwhile; a query per row would be 50 and more.
        self.assertLess(many, few + 5)
        self.assertEqual(
            self.env["key.account.contact.event"].search_count(
                [("service_log_id", "!=", False), ("cost", "=", 3)]
            ),
            sum(count - count // 3 for count in (10, 10, 90)),
        )
