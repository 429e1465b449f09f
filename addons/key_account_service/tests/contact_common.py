# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import datetime

from freezegun import freeze_time

from odoo.fields import Command

from .common import ServiceCommon

CONTACT = "key.account.contact.event"
NOW = "2026-03-10 08:00:00"


class ContactCommon(ServiceCommon):
    """The small city, its customers with a grade, and a way to log contacts at a time.

    ``acme`` (A1) has the decision maker ``boss`` and a file on the line express, which
    ka_manager_b serves in parcel_1.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.tz = "Asia/Shanghai"
        cls.visit = cls._term("contact_kind", "visit")
        cls.call = cls._term("contact_kind", "call")
        cls.mail = cls._term("contact_kind", "mail")
        cls.boss = cls.env["res.partner"].create(
            {
                "name": "Boss",
                "parent_id": cls.acme.id,
                "key_account_decision_role": "decides",
            }
        )
        cls._create_line_file(cls.acme, cls.express, cls.manager_b)
        cls._grade(cls.acme, "A1")
        # Rules are made as of March: nobody was reminded later by those before.
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE key_account_contact_standing SET date_reminded_on = NULL"
        )
        cls.env.invalidate_all()

    @classmethod
    def _grade(cls, customer, code):
        grade = cls.env["key.account.grade"].search([("code", "=", code)])
        customer.key_account_standing_ids.grade_id = grade
        customer.key_account_date_key = "2026-03-01"
        cls.env["key.account.contact.standing"]._refresh(customer.ids)

    @classmethod
    def _contact(cls, date="2026-03-05 08:00:00", customer=None, user=None, **vals):
        events = cls.env[CONTACT].with_user(user or cls.manager)
        with freeze_time(NOW):
            return events.create(
                {
                    "partner_id": (customer or cls.acme).id,
                    "kind_id": cls.call.id,
                    "date": date,
                    **vals,
                }
            )

    @classmethod
    def _standing(cls, customer=None, line=None, person=None):
        return cls.env["key.account.contact.standing"].search(
            [
                ("partner_id", "=", (customer or cls.acme).id),
                ("line_id", "=", line.id if line else False),
                ("person_id", "=", person.id if person else False),
            ]
        )

    @classmethod
    def _months(cls, customer=None):
        """Map (month, line, currency) to (contacts, requests, inquiries, cost)."""
        months = cls.env["key.account.month"].search(
            [("partner_id", "=", (customer or cls.acme).id)]
        )
        return {
            (str(month.month), month.line_id.code or "", month.currency_id.name): (
                month.contact_count,
                month.request_count,
                month.inquiry_count,
                round(month.amount_cost, 2),
            )
            for month in months
        }

    @classmethod
    def _cost_rule(cls, *rates, **vals):
        """A cost rule of these rates since 2026, instead of the shipped one."""
        rules = cls.env["key.account.cost.rule"]
        rule = rules.create(
            {
                "name": "Costs",
                "date_from": "2026-01-01",
                "rate_ids": [Command.create(rate) for rate in rates],
                **vals,
            }
        )
        rule.action_approve()
        return rule

    def assertDay(self, day, text):
        self.assertEqual(str(day), text)

    @staticmethod
    def at(text):
        return datetime.fromisoformat(text)
