# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A small city with at least one row of every model on both sides of every boundary."""

from dataclasses import dataclass

from factory import Factory
from matrix import MATRIX

from odoo.tests import HttpCase, new_test_user

from odoo.addons.key_account_crm.tests.common import KeyAccountCommon

# customer: (home unit, manager, {line: (unit, manager)})
CUSTOMERS = {
    "own": ("post_1", "manager", {}),
    "colleagues": ("post_1", "colleague", {}),
    "unassigned": ("post_1", None, {}),
    "next_door": ("post_2", "manager_2", {}),
    "elsewhere": ("parcel_1", "manager_b", {}),
    "centrally": ("centre", None, {}),
    "shared": (
        "post_1",
        "manager",
        {"letter": ("post_1", "manager"), "express": ("parcel_1", "manager_b")},
    ),
    "lent": (
        "parcel_1",
        "manager_b",
        {"letter": ("post_1", "manager"), "express": ("parcel_1", "manager_b")},
    ),
}
# The tree as the tests understand it, so that nothing of the product is trusted.
BELOW = {
    "centre": {"centre", "post", "post_1", "post_2", "parcel", "parcel_1"},
    "post": {"post", "post_1", "post_2"},
    "post_1": {"post_1"},
    "post_2": {"post_2"},
    "parcel": {"parcel", "parcel_1"},
    "parcel_1": {"parcel_1"},
}
# login without the prefix: (role, unit)
PEOPLE = {
    "manager": ("manager", "post_1"),
    "head": ("head", "post_1"),
    "company": ("company", "post"),
    "centre": ("centre", "centre"),
    "office": ("office", "centre"),
    "finance": ("finance", "post"),
    "agent": ("agent", "centre"),
    "operator": ("operator", "post"),
    "admin": ("admin", "centre"),
    "colleague": ("manager", "post_1"),
    "manager_2": ("manager", "post_2"),
    "manager_b": ("manager", "parcel_1"),
    "head_b": ("head", "parcel_1"),
    "company_b": ("company", "parcel"),
    "finance_b": ("finance", "parcel"),
    "operator_b": ("operator", "parcel"),
    "nobody": (None, None),
}


@dataclass(frozen=True)
class Slot:
    """One place a fact can have: a customer and a line (or none), and who owns it."""

    customer: str
    line: str | None
    unit: str
    manager: str | None

    @property
    def token(self):
        """A word that appears in every text of the place, to find leaks by."""
        return f"Secret-{self.customer}-{self.line or 'home'}"


def make_slots():
    for customer, (unit, manager, lines) in CUSTOMERS.items():
        yield Slot(customer, None, unit, manager)
        for line, owner in lines.items():
            yield Slot(customer, line, *owner)


SLOTS = list(make_slots())
# The places of what belongs to a manager: one each.
STAFF_SLOTS = [
    Slot("", None, unit, name)
    for name, (role, unit) in PEOPLE.items()
    if role == "manager"
]


class World(KeyAccountCommon, HttpCase):
    """The rows, and an oracle that says from the tables above who may reach them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("base.group_partner_manager")
        for login in ("finance_b", "operator_b"):
            role, unit = PEOPLE[login]
            user = cls._create_user(f"ka_{login}", role, getattr(cls, unit))
            setattr(cls, login, user)
        cls.nobody = new_test_user(cls.env, "ka_nobody", "base.group_user")
        cls.people = {
            name: cls.director if name == "centre" else getattr(cls, name)
            for name in PEOPLE
        }
        export = cls.env.ref("base.group_allow_export")
        for user in cls.people.values():
            user.group_ids += export
        cls.units = {
            name: cls.env.ref("key_account_crm.key_account_unit_centre")
            if name == "centre"
            else getattr(cls, name)
            for name in BELOW
        }
        cls.lines = {"letter": cls.letter, "express": cls.express}
        cls.spare_line = cls._create_line("T-SPARE", cls.centre)
        cls.customers = {name: cls._make_customer(name) for name in CUSTOMERS}
        cls.contacts = {name: cls._make_contact(name) for name in CUSTOMERS}
        cls.factory = Factory(cls)
        cls.factory.fill()
        cls._read_private_data()
        cls._log_in()
        cls._authenticate_cards()
        cls.rows = {name: cls._find_rows(name) for name in MATRIX if name in cls.env}
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _make_customer(cls, name):
        unit, manager, lines = CUSTOMERS[name]
        customer = cls.env["res.partner"].create(
            {
                "name": f"Secret-{name}-home Ltd",
                "key_account_kind": "group",
                "key_account_unit_id": cls.units[unit].id,
                "key_account_manager_id": cls._user_id(manager),
                "key_account_credit_code": "91110000MA0000000X",  # all duplicates
                "street": f"Secret-{name}-home street",
                "comment": f"Secret-{name}-home note",
                "key_account_business_plan": f"Secret-{name}-home plan",
            }
        )
        for line, (line_unit, line_manager) in lines.items():
            cls.env["key.account.line.file"].create(
                {
                    "partner_id": customer.id,
                    "line_id": cls.lines[line].id,
                    "unit_id": cls.units[line_unit].id,
                    "manager_id": cls._user_id(line_manager),
                    "agreement_number": f"Secret-{name}-{line}",
                    "product_data": f"Secret-{name}-{line}",
                }
            )
        return customer

    @classmethod
    def _make_contact(cls, name):
        return cls.env["res.partner"].create(
            {
                "name": f"Secret-{name}-home Person",
                "parent_id": cls.customers[name].id,
                "email": f"Secret-{name}-home@example.com",
            }
        )

    @classmethod
    def _read_private_data(cls):
        """Somebody looks at private data, which leaves a trace of the reading."""
        cls.env.flush_all()
        persons = cls.env["key.account.person"].with_user(cls.director)
        persons.search([("partner_id.name", "like", "Secret")]).read(["mobile"])

    @classmethod
    def _log_in(cls):
        """A login in every unit, which leaves a line."""
        for name, unit in cls.units.items():
            user = cls._create_user(f"ka_of_{name}", "operator", unit)
            cls.env["key.account.event"]._insert("login", user)

    @classmethod
    def _authenticate_cards(cls):
        """Somebody asked about every card, which leaves a trace."""
        cls.env.flush_all()
        for card in cls.env["key.account.card"].search([]):
            found = {
                "card_id": card.id,
                "partner_id": card.partner_id.id,
                "unit_id": card.unit_id.id,
            }
            cls.env["key.account.card.attempt"]._log("valid", "user:1", found)

    @classmethod
    def _user_id(cls, name):
        return cls.people[name].id if name else False

    @classmethod
    def _find_rows(cls, model_name):
        """Map the ids of the world's rows of a model to the place each one has."""
        return cls._sample(cls._find_all_rows(model_name))

    @classmethod
    def _sample(cls, rows, limit=2):
        """A few rows of every place: the rights do not depend on how many there are."""
        taken = {}
        for row_id, slot in sorted(rows.items()):
            ids = taken.setdefault(slot, [])
            if len(ids) < limit:
                ids.append(row_id)
        return {row_id: slot for slot, ids in taken.items() for row_id in ids}

    @classmethod
    def _find_all_rows(cls, model_name):
        model = cls.env[model_name].with_context(active_test=False)
        kind = MATRIX[model_name].kind
        if kind in ("word", "mine"):
            return dict.fromkeys(model.search([]).ids)
        if kind == "unit":
            return cls._find_rows_by_unit(model)
        if kind == "duty":
            return cls._find_duties(model)
        if kind == "rule":
            return cls._find_rows_of_rules(model)
        if kind == "staff":
            return cls._find_rows_of_managers(model)
        partners = cls.env["res.partner"].with_context(active_test=False)
        names = {
            partner.id: name
            for name, customer in cls.customers.items()
            for partner in partners.search([("id", "child_of", customer.id)])
        }
        if kind == "pair":
            return cls._find_pairs(model, names)
        if model_name == "res.partner":
            return {key: cls._slot(name, None) for key, name in names.items()}
        lines = {record.id: name for name, record in cls.lines.items()}
        domain = [("partner_id", "in", list(names))]
        # Cards and complaints are told to fewer than the rest: tests of their own.
        if model_name == "key.account.timeline":
            domain.append(("kind", "not in", ("card", "complaint")))
        if model_name in ("key.account.attainment", "key.account.clock.event"):
            domain.append(("res_model", "!=", "key.account.complaint"))
        return {
            row.id: cls._slot(
                names[row.partner_id.id],
                lines.get(row.line_id.id) if "line_id" in row._fields else None,
            )
            for row in model.search(domain)
        }

    @classmethod
    def _find_pairs(cls, model, names):
        rows = model.search([("partner_id", "in", list(names))])
        return {
            row.id: Slot(
                names[row.partner_id.id], names[row.other_id.id], "centre", None
            )
            for row in rows
        }

    @classmethod
    def _find_rows_by_unit(cls, model):
        names = {record.id: name for name, record in cls.units.items()}
        return {
            row.id: Slot("", None, names[row.unit_id.id], None)
            for row in model.search([("unit_id", "in", list(names))])
        }

    @classmethod
    def duties(cls):
        """(unit, manager) of everybody who has something to do of his own."""
        return [
            (unit, name) for name, (role, unit) in PEOPLE.items() if role == "manager"
        ]

    @classmethod
    def _find_duties(cls, model):
        units = {record.id: name for name, record in cls.units.items()}
        people = {cls._user_id(name): name for _unit, name in cls.duties()}
        rows = model.search(
            [
                ("unit_id", "in", list(units)),
                ("manager_id", "in", [False, *people]),
            ]
        )
        return {
            row.id: Slot("", None, units[row.unit_id.id], people.get(row.manager_id.id))
            for row in rows
        }

    @classmethod
    def _find_rows_of_managers(cls, model):
        names = {cls.people[slot.manager].id: slot for slot in STAFF_SLOTS}
        rows = model.search([("user_id", "in", list(names))])
        return {row.id: names[row.user_id.id] for row in rows}

    @classmethod
    def _find_rows_of_rules(cls, model):
        names = {record.id: name for name, record in cls.units.items()}
        owner = "unit_id" if "unit_id" in model._fields else "rule_id.unit_id"
        rows = model.search([(owner, "in", [False, *names])])
        return {
            row.id: Slot("", None, names.get(row.mapped(owner).id), None)
            for row in rows
        }

    @classmethod
    def _slot(cls, customer, line):
        unit, manager, lines = CUSTOMERS[customer]
        return Slot(customer, line, *lines.get(line, (unit, manager)))

    # ---- the oracle ----------------------------------------------------------

    @classmethod
    def reaches(cls, model_name, mode, person, slot):
        """Whether the acceptance table lets this person do this with a row there."""
        role, unit = PEOPLE[person]
        entry = MATRIX[model_name]
        reach = entry.reach(mode, role)
        if entry.kind == "pair":
            both = (cls._slot(name, None) for name in (slot.customer, slot.line))
            return reach != "none" and all(
                cls.reaches("res.partner", "write", person, one) for one in both
            )
        if reach in ("none", "all"):
            return reach == "all"
        if entry.kind == "file" and mode == "read":
            units, managers = cls._serving(slot.customer)
        else:
            units, managers = {slot.unit}, {slot.manager}
        if reach == "own":
            return person in managers
        return bool(units & BELOW[unit])

    @classmethod
    def _serving(cls, customer):
        unit, manager, lines = CUSTOMERS[customer]
        return (
            {unit} | {unit for unit, _manager in lines.values()},
            {manager} | {manager for _unit, manager in lines.values()},
        )

    @classmethod
    def expected(cls, model_name, mode, person, everything=False):
        """Ids of the world's rows this person may reach in this mode.

        :param everything: of all rows, not of a few of every place
        """
        rows = cls._find_all_rows(model_name) if everything else cls.rows[model_name]
        return {
            row_id
            for row_id, slot in rows.items()
            if cls.reaches(model_name, mode, person, slot)
        }

    @classmethod
    def may(cls, model_name, mode, person):
        """Whether the model is open to this person in this mode at all."""
        role, _unit = PEOPLE[person]
        return MATRIX[model_name].reach(mode, role) != "none"

    def as_person(self, person, **context):
        """A fresh environment of the person, with nothing cached."""
        self.env.invalidate_all()
        context = {**self.env.context, **context}
        env = self.env(user=self.people[person].id, context=context)
        # As in a request: the ORM falls back to this one where it gives up sudo.
        self.addCleanup(setattr, env.transaction, "default_env", self.env)
        env.transaction.default_env = env
        return env
