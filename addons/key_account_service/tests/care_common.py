# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields

from .common import ServiceCommon


class CareCommon(ServiceCommon):
    """Two customers of ka_manager, acme and beta, and ways to plan care for them.

    The shipped plans are withdrawn: a test makes the ones it is about.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["key.account.care.plan"].search([])._write_decision(
            {"state": "withdrawn"}
        )
        cls.beta = cls._create_customer("Beta", cls.manager)
        cls.mid_autumn = cls.env.ref(
            "key_account_service.key_account_festival_mid_autumn"
        )
        cls.cakes = cls.env["key.account.gift"].create(
            {"name": "Moon Cakes", "code": "T-CAKES", "price": 50}
        )

    @classmethod
    def _day(cls, text):
        return fields.Date.to_date(text)

    @classmethod
    def _plan(cls, occasion, festival=None, approve=True, unit=None, **vals):
        """A plan of one row, in force since 2020."""
        plan = cls.env["key.account.care.plan"].create(
            {
                "name": "Plan",
                "occasion": occasion,
                "festival_id": festival.id if festival else False,
                "date_from": "2020-01-01",
                "unit_id": unit.id if unit else False,
                "line_ids": [(0, 0, {"name": "Greeting", **vals})],
            }
        )
        if approve:
            plan.action_approve()
        return plan

    @classmethod
    def _person(cls, name, birthday, customer=None, **vals):
        contact = cls.env["res.partner"].create(
            {"name": name, "parent_id": (customer or cls.acme).id}
        )
        cls.env["key.account.person"].create(
            {"partner_id": contact.id, "birthday": birthday, **vals}
        )
        return contact

    @classmethod
    def _grade(cls, code):
        grades = cls.env["key.account.grade"]
        return grades.search([("code", "=", code)]) or grades.create(
            {"code": code, "name": code.title()}
        )

    @classmethod
    def _run(cls, date, date_until, unit=None, **vals):
        run = cls.env["key.account.care.run"].create(
            {
                "unit_id": (unit or cls.post).id,
                "date": date,
                "date_until": date_until,
                **vals,
            }
        )
        run.action_preview()
        return run

    @classmethod
    def _cares(cls, run):
        return cls.env["key.account.care"].search([("run_id", "=", run.id)])

    @classmethod
    def _care(cls, customer=None, date="2026-01-15", **vals):
        return cls.env["key.account.care"].create(
            {
                "name": "Visit",
                "partner_id": (customer or cls.acme).id,
                "date_planned": date,
                **vals,
            }
        )

    @classmethod
    def _receive(cls, quantity, cost, unit=None, gift=None):
        return cls.env["key.account.gift.move"].create(
            {
                "gift_id": (gift or cls.cakes).id,
                "unit_id": (unit or cls.post_1).id,
                "kind": "received",
                "quantity": quantity,
                "cost": cost,
            }
        )
