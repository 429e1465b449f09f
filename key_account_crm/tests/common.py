# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

ROLES = (
    "manager",
    "head",
    "company",
    "centre",
    "office",
    "finance",
    "agent",
    "operator",
    "admin",
)


class KeyAccountCommon(BaseCommon):
    """A small city and one user per role. A test makes the customers it is about.

    ==========  ===================  ================================================
    unit        below                users
    ==========  ===================  ================================================
    centre      -                   director (ka_centre), office, agent, admin
    post        centre               ka_company, ka_finance, ka_operator
    post_1      post                 ka_manager, ka_colleague, ka_head
    post_2      post                 ka_manager_2
    parcel      centre               ka_company_b
    parcel_1    parcel               ka_manager_b, ka_head_b
    ==========  ===================  ================================================

    Lines: letter (of post), express (of parcel).
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.centre = cls.env.ref("key_account_crm.key_account_unit_centre")
        cls.post = cls._create_unit("T-POST", cls.centre, "company")
        cls.post_1 = cls._create_unit("T-POST-1", cls.post, "department")
        cls.post_2 = cls._create_unit("T-POST-2", cls.post, "department")
        cls.parcel = cls._create_unit("T-PARCEL", cls.centre, "company")
        cls.parcel_1 = cls._create_unit("T-PARCEL-1", cls.parcel, "department")
        cls.letter = cls._create_line("T-LETTER", cls.post)
        cls.express = cls._create_line("T-EXPRESS", cls.parcel)
        cls._create_people()

    @classmethod
    def _create_people(cls):
        """All at once: one after the other takes half of the time of many a class."""
        places = {
            "manager": ("manager", cls.post_1),
            "head": ("head", cls.post_1),
            "company": ("company", cls.post),
            "centre": ("centre", cls.centre),
            "office": ("office", cls.centre),
            "finance": ("finance", cls.post),
            "agent": ("agent", cls.centre),
            "operator": ("operator", cls.post),
            "admin": ("admin", cls.centre),
            "colleague": ("manager", cls.post_1),
            "manager_2": ("manager", cls.post_2),
            "company_b": ("company", cls.parcel),
            "head_b": ("head", cls.parcel_1),
            "manager_b": ("manager", cls.parcel_1),
        }
        users = cls.env["res.users"].create(
            [
                cls._prepare_user_vals(f"ka_{name}", role, unit)
                for name, (role, unit) in places.items()
            ]
        )
        for name, user in zip(places, users, strict=True):
            setattr(cls, "director" if name == "centre" else name, user)

    @classmethod
    def _prepare_user_vals(cls, login, role, unit):
        group = f"key_account_crm.group_key_account_{role}"
        return {
            "login": login,
            "password": login.ljust(8, "x"),
            "name": f"{login} ({group})",
            "email": "k.k@example.com",
            "group_ids": [Command.set(cls.env.ref(group).ids)],
            "key_account_unit_id": unit.id,
        }

    @classmethod
    def _create_unit(cls, code, parent, level, **vals):
        level = cls.env.ref(f"key_account_crm.key_account_unit_level_{level}")
        return cls.env["key.account.unit"].create(
            {
                "name": code.title(),
                "code": code,
                "parent_id": parent.id,
                "level_id": level.id,
                **vals,
            }
        )

    @classmethod
    def _create_line(cls, code, unit):
        return cls.env["key.account.line"].create(
            {"name": code.title(), "code": code, "unit_id": unit.id}
        )

    @classmethod
    def _create_user(cls, login, role, unit):
        return new_test_user(
            cls.env,
            login,
            groups=f"key_account_crm.group_key_account_{role}",
            key_account_unit_id=unit.id,
        )

    @classmethod
    def _create_customer(cls, name="Acme", manager=None, unit=None, **vals):
        """A group customer of the manager's unit, or of post_1."""
        home = unit or (manager and manager.key_account_unit_id) or cls.post_1
        return cls.env["res.partner"].create(
            {
                "name": name,
                "key_account_kind": "group",
                "key_account_unit_id": home.id,
                "key_account_manager_id": manager.id if manager else False,
                **vals,
            }
        )

    @classmethod
    def _create_line_file(cls, customer, line, manager, **vals):
        return cls.env["key.account.line.file"].create(
            {
                "partner_id": customer.id,
                "line_id": line.id,
                "unit_id": manager.key_account_unit_id.id,
                "manager_id": manager.id,
                **vals,
            }
        )

    @classmethod
    def _create_bill(cls, customer, amount=100.0, line=None, **vals):
        count = cls.env["key.account.bill"].search_count([])
        return cls.env["key.account.bill"].create(
            {
                "name": f"B{count + 1:05}",
                "kind": "bill" if amount >= 0 else "credit",
                "partner_id": customer.id,
                "line_id": line.id if line else False,
                "period": "2026-01-01",
                "date_bill": "2026-01-31",
                "date_due": "2026-02-15",
                "amount": amount,
                **vals,
            }
        )

    @classmethod
    def _pay(cls, bill, amount, date_payment="2026-02-10", **vals):
        count = cls.env["key.account.payment"].search_count([])
        return cls.env["key.account.payment"].create(
            {
                "name": f"P{count + 1:05}",
                "partner_id": bill.partner_id.id,
                "bill_id": bill.id,
                "date_payment": date_payment,
                "currency_id": bill.currency_id.id,
                "amount": amount,
                **vals,
            }
        )
