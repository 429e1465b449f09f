# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a client gets that talks to the server: over HTTP with a session or an API key,
through every public method of the suite's models, forms, messages and attachments."""

import inspect
import json
import random
from unittest.mock import patch

from checks import Checks, for_each_person, rounded
from matrix import MATRIX, ROLES
from world import PEOPLE

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import tagged

# Who may do least, and two neighbours: what they are refused others are refused too.
LOWER = ("operator", "agent", "nobody", "manager_b", "finance_b")
JUNK = (
    (),
    (1,),
    ("x",),
    ([1],),
    ({"partner_id": 1},),
    ([("id", ">", 0)],),
    ("x", 1, True),
    (False, "2026-01-01"),
)


def test_http(self, person):
    """Session calls: lists, counts, groups, names and reads show rows in reach only."""
    self.authenticate(f"ka_{person}", f"ka_{person}")
    for name in self.rows:
        if MATRIX[name].kind == "mine":
            continue
        wanted = self.expected(name, "read", person)
        domain = [["id", "in", list(self.rows[name])]]
        context = {"active_test": False, "allowed_company_ids": [1], "su": True}
        kwargs = {"domain": domain, "context": context}
        listed = self.call(
            name, "web_search_read", kwargs | {"specification": {"id": {}}}
        )
        if not self.may(name, "read", person) and listed is None:
            continue
        found = {row["id"] for row in listed["records"]}
        yield from self.differ(f"{name}: list", found, wanted)
        yield from self.differ(f"{name}: length", listed["length"], len(wanted))
        yield from self.check_groups(name, kwargs, wanted)
        yield from self.check_hidden(name, wanted, context)


def test_json2(self, person):
    """The interface for programs (API keys) holds to the same scope."""
    key = self.make_api_key(person)
    for name in ("res.partner", "key.account.bill", "key.account.line.file"):
        wanted = self.expected(name, "read", person)
        hidden = sorted(set(self.rows[name]) - wanted)
        domain = [["id", "in", list(self.rows[name])]]
        status, found = self.post_json2(
            key, name, "search_read", domain=domain, fields=["id"]
        )
        if status == 200:
            found = {row["id"] for row in found}
            yield from self.differ(f"{name}: search_read", found, wanted)
        elif wanted:
            yield f"{name}: {status}"
        if hidden:
            status, _answer = self.post_json2(
                key, name, "read", ids=hidden[:1], fields=["display_name"]
            )
            if status == 200:
                yield f"{name}: read a hidden row"


def test_public_methods(self, person):
    """No public method of ours, given foreign rows and junk, changes or tells them."""
    for name, method in self.public_methods():
        hidden = set(self.rows[name]) - self.expected(name, "write", person)
        for row_id in sorted(hidden)[:1]:
            for args in JUNK:
                yield from self.try_method(person, name, method, row_id, args)


def test_messages(self, person):
    """Messages, attachments, activities and followers follow the record's scope."""
    env = self.as_person(person)
    for name, ids in self.side_objects.items():
        wanted = {
            side.id for side, model, row_id in ids if self.sees(person, model, row_id)
        }
        model = env[name].with_context(active_test=False)
        everything = {side.id for side, _model, _row_id in ids}
        if model.has_access("read"):
            found = set(model.search([("id", "in", list(everything))]).ids)
            if found - wanted:
                yield f"{name}: {found - wanted}"
        for row_id in everything - wanted:
            yield from self.refuses(
                f"{name}({row_id})", model.browse(row_id).read, ["id"]
            )


def test_forms(self, person):
    """A form that is given the id of a hidden row tells nothing that is in it."""
    for name in self.rows:
        model = self.as_person(person)[name]
        if not model.has_access("create"):
            continue
        spec = {
            field.name: {}
            for field in model._fields.values()
            if field.type not in ("one2many", "many2many", "reference")
            and model._has_field_access(field, "read")
        }
        for field in model._fields.values():
            if field.type == "many2one" and field.comodel_name in self.rows:
                yield from self.try_form(person, model, field, spec)


class HttpChecks(Checks):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.side_objects = cls.make_side_objects()
        # What nothing may change, and how it is before each attempt.
        cls.kept = [
            name
            for name in cls.rows
            if cls.has_table(name)
            and not cls.env[name]._transient
            and cls.env[name]._table not in TRACES
        ]
        cls.untouched = cls.fingerprint()
        cls.written = cls.count_writes(*cls.kept)

    @classmethod
    def make_side_objects(cls):
        """A message, an attachment and an activity on a row of every place."""
        sides = {"mail.message": [], "ir.attachment": [], "mail.activity": []}
        todo = cls.env.ref("mail.mail_activity_data_todo").id
        for name in cls.rows:
            model = cls.env[name]
            if "message_ids" not in model._fields or MATRIX[name].kind == "word":
                continue
            for row_id in cls.rows[name]:
                place = (name, row_id)
                record = model.browse(row_id)
                body = f"{cls.rows[name][row_id].token} said"
                sides["mail.message"].append((record.message_post(body=body), *place))
                vals = {"name": body, "raw": body.encode()}
                vals |= {"res_model": name, "res_id": row_id}
                attachment = cls.env["ir.attachment"].create(vals)
                sides["ir.attachment"].append((attachment, *place))
                if "activity_ids" in model._fields:
                    activity = cls.env["mail.activity"].create(
                        {
                            "res_model_id": cls.env["ir.model"]._get_id(name),
                            "res_id": row_id,
                            "activity_type_id": todo,
                            "summary": body,
                            "user_id": cls.env.uid,
                        }
                    )
                    sides["mail.activity"].append((activity, *place))
        return sides

    def sees(self, person, model_name, row_id):
        return self.reaches(model_name, "read", person, self.rows[model_name][row_id])

    # ---- HTTP ----------------------------------------------------------------

    def call(self, model, method, kwargs, args=()):
        """The answer of a session call; None when it is refused."""
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"jsonrpc": "2.0", "method": "call", "params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        return answer.get("result")

    def check_groups(self, name, kwargs, wanted):
        model = self.env[name]
        sums = [
            field.name
            for field in model._fields.values()
            if field.store and field.column_type and field.aggregator == "sum"
        ]
        truth = model.browse(wanted)
        total = [len(wanted), *(sum(truth.mapped(fname)) for fname in sums)]
        aggregates = ["__count", *(f"{fname}:sum" for fname in sums)]
        for groupby in self.groupings(model)[:1]:
            groups = self.call(
                name,
                "formatted_read_group",
                kwargs | {"groupby": [groupby], "aggregates": aggregates},
            )
            found = [sum(group[a] or 0 for group in groups) for a in aggregates]
            yield from self.differ(
                f"{name} by {groupby}", rounded(found), rounded(total)
            )

    def check_hidden(self, name, wanted, context):
        kwargs = {"context": context, "domain": [], "name": "Secret", "limit": 1000}
        names = self.call(name, "name_search", kwargs) or []
        hidden = set(self.rows[name]) - wanted
        found = {row_id for row_id, _name in names} & hidden
        yield from self.differ(f"{name}: names", found, set())
        for row_id in sorted(hidden)[:1]:
            for method, extra in (
                ("read", {"fields": ["display_name"]}),
                ("web_read", {"specification": {"display_name": {}}}),
                ("export_data", {"fields_to_export": ["display_name"]}),
                ("copy", {}),
                ("unlink", {}),
                ("write", {"vals": self.harmless_vals(name)}),
            ):
                kwargs = {"context": context} | extra
                if self.call(name, method, kwargs, [[row_id]]):
                    yield f"{name}({row_id}): {method} over HTTP"

    def make_api_key(self, person):
        user = self.people[person]
        keys = self.env["res.users.apikeys"].with_user(user).sudo()
        return keys._generate("rpc", "test", self.env.cr.now().replace(year=2099))

    def post_json2(self, key, model, method, **arguments):
        answer = self.url_open(
            f"/json/2/{model}/{method}",
            data=json.dumps(arguments),
            headers={
                "Content-Type": "application/json",
                "Authorization": f"bearer {key}",
            },
        )
        return answer.status_code, answer.json()

    # ---- public methods --------------------------------------------------------

    def public_methods(self):
        """(model, method) that an addon of the suite defines and a client may call."""
        for name in self.rows:
            model = type(self.env[name])
            for method in dir(model):
                function = getattr(model, method, None)
                if method.startswith("_") or not inspect.isfunction(function):
                    continue
                homes = [base for base in model.mro() if method in vars(base)]
                modules = [base.__module__ for base in homes]
                if any(m.startswith("odoo.addons.key_account") for m in modules):
                    yield name, method

    def try_method(self, person, name, method, row_id, args):
        env = self.as_person(person)
        try:
            with self.env.cr.savepoint(), patch("odoo.http.request", None):
                answer = call_kw(env[name], method, [[row_id], *args], {})
                written = self.count_writes(*self.kept)
                if written != self.written and self.fingerprint() != self.untouched:
                    yield f"{name}.{method}{args} changed rows"
                # Of the next attempt only what it adds is looked at.
                self.written = written
                yield from self.leaks(f"{name}.{method}{args}", answer, name, person)
                raise _Undo
        except _Undo:
            pass
        except Exception as error:  # noqa: BLE001 what junk may raise is of no interest
            yield from self.leaks(f"{name}.{method}{args}", error, name, person)

    @classmethod
    def fingerprint(cls):
        """Number of rows and newest version of every table of the suite."""
        cls.env.flush_all()
        query = " UNION ALL ".join(
            f"SELECT '{table}', count(*), sum(xmin::text::bigint) FROM \"{table}\""
            for table in sorted(cls.env[name]._table for name in cls.kept)
        )
        # In an order of its own: several workers of the server may count the tables.
        cls.env.cr.execute(f"{query} ORDER BY 1")
        return cls.env.cr.fetchall()

    # ---- forms -----------------------------------------------------------------

    def try_form(self, person, model, field, spec):
        comodel = field.comodel_name
        hidden = set(self.rows[comodel]) - self.expected(comodel, "read", person)
        for row_id in random.Random(1).sample(sorted(hidden), min(2, len(hidden))):
            values = {field.name: row_id}
            try:
                with self.env.cr.savepoint():
                    answer = model.onchange(values, [field.name], spec)
            except (*self.REFUSALS, UserError, ValueError, KeyError):
                continue
            # The name of what a client links by id is told by every form of Odoo.
            told = str(answer["value"])
            for name in self.names_of(comodel, row_id):
                told = told.replace(name, "")
            yield from self.leaks(f"{field} = {row_id}", told, model._name, person)

    def names_of(self, comodel, row_id):
        record = self.env[comodel].browse(row_id)
        names = {record.display_name}
        if comodel == "res.partner":
            names |= {record.name, record.commercial_partner_id.name}
        return sorted(names, key=len, reverse=True)


TRACES = {"key_account_audit", "key_account_access", "key_account_event"}


class _Undo(Exception):
    pass


@tagged("post_install", "-at_install")
class TestRpc(HttpChecks):
    """Generated below: one method per check and person."""


for one, people in (
    (test_http, (*ROLES, "manager_b", "company_b", "nobody")),
    (test_json2, PEOPLE),
    (test_public_methods, LOWER),
    (test_messages, PEOPLE),
    (test_forms, LOWER),
):
    for_each_person(one, people)(TestRpc)
    one.__test__ = False
