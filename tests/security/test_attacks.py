# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What a hostile client may send: context keys, forged ids, forged owners, questions
about hidden values. Each is tried as several of the lower roles."""

from checks import Checks, for_each_person
from matrix import MATRIX

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

CONTEXTS = (
    {"su": True, "uid": 1, "sudo": True, "force": True},
    {"active_test": False, "prefetch_fields": False},
    {"bin_size": True, "import_file": True, "install_mode": True},
    {"tracking_disable": True, "mail_notrack": True, "no_reset_password": True},
    {"key_account_reach": "all", "key_account_unit_ids": [1], "key_account_su": True},
    {"key_account_skip_check": True, "key_account_no_scope": True},
    {"default_key_account_reach": "all", "default_unit_id": 1, "default_manager_id": 1},
    {"key_account_as_of": "2099-01-01", "key_account_unit_code": True},
    {"ir.rule.disable": True, "no_rules": True, "module": "key_account_crm"},
)


def test_context(self, person):
    """No context key, not even one of another company, widens what is found."""
    companies = self.env["res.company"].search([]).ids
    contexts = (*CONTEXTS, {"allowed_company_ids": companies})
    for name in self.rows:
        domain = [("id", "in", list(self.rows[name]))]
        wanted = self.expected(name, "read", person)
        for context in contexts:
            model = self.as_person(person, **context)[name]
            if not model.has_access("read"):
                continue
            found = set(model.search(domain).ids)
            if found - wanted:
                yield f"{name} with {context}: {found - wanted}"


def test_write_context(self, person):
    """A context key lets nobody write, delete or assign what is out of reach."""
    foreign = self.customers["elsewhere" if person != "manager_b" else "own"]
    home = self.people[person].key_account_unit_id.id
    for context in CONTEXTS:
        env = self.as_person(person, **context)
        record = env["res.partner"].browse(foreign.id)
        if self.reaches("res.partner", "write", person, self.slot_of(foreign)):
            continue
        for vals in (
            {"name": "Taken"},
            {"key_account_unit_id": home},
            {"key_account_manager_id": env.uid},
            {"key_account_scope_id": False},
            {"key_account_state": "churned"},
            {"key_account_kind": False},
            {"parent_id": self.customers["own"].id},
            {"active": False},
        ):
            yield from self.refuses(f"{context}: write {vals}", record.write, vals)
        yield from self.refuses(f"{context}: unlink", record.unlink)


def test_forged_commands(self, person):
    """One-to-many commands reach no hidden row through a visible one."""
    for name in self.rows:
        visible = self.expected(name, "write", person)
        record = self.env[name].browse(sorted(visible)[:1])
        if not record:
            continue
        for field in record._fields.values():
            comodel = field.comodel_name
            if field.type != "one2many" or comodel not in self.rows:
                continue
            hidden = set(self.rows[comodel]) - self.expected(comodel, "write", person)
            for row_id in sorted(hidden)[:2]:
                yield from self.try_commands(person, record, field, row_id)


def test_moved_facts(self, person):
    """A fact is not moved to or from a customer out of reach (nor a line file)."""
    for name in self.rows:
        if MATRIX[name].kind != "fact" or not self.may(name, "write", person):
            continue
        visible = sorted(self.expected(name, "write", person))[:2]
        for row_id in visible:
            record = self.as_person(person)[name].browse(row_id)
            for customer, partner in self.customers.items():
                slot = self._slot(customer, None)
                if not self.reaches(name, "write", person, slot):
                    vals = {"partner_id": partner.id, "line_id": False}
                    vals = {key: vals[key] for key in vals if key in record._fields}
                    if name == "key.account.line.file":
                        vals["line_id"] = self.spare_line.id
                    yield from self.refuses(f"{name} to {customer}", record.write, vals)


def test_forged_owner_of_a_customer(self, person):
    """Nobody registers a customer or contact for a unit or manager out of reach."""
    reach = MATRIX["res.partner"].reach("create", self.role_of(person))
    if reach == "all":
        return
    model = self.as_person(person)["res.partner"]
    foreign = self.parcel_1 if person not in OF_PARCEL else self.post_1
    manager = self.manager_b if person not in OF_PARCEL else self.manager
    base = {"name": "Forged", "key_account_kind": "group"}
    forged = {"key_account_unit_id": foreign.id, "key_account_manager_id": manager.id}
    yield from self.refuses("foreign unit and manager", model.create, base | forged)
    customer = "elsewhere" if person not in OF_PARCEL else "own"
    parent = {"parent_id": self.customers[customer].id}
    yield from self.refuses("foreign contact", model.create, {"name": "C"} | parent)
    own_unit = {"key_account_unit_id": self.people[person].key_account_unit_id.id}
    yield from self.refuses(
        "foreign contact of mine", model.create, {"name": "C"} | parent | own_unit
    )
    yield from self.refuses(
        "state",
        model.create,
        base | {"key_account_state": "won_back", "key_account_scope_id": False},
    )


OF_PARCEL = {"manager_b", "head_b", "company_b", "finance_b", "operator_b"}


def test_reparenting(self, person):
    """Contacts are neither fetched from a customer out of reach nor put there."""
    slots = {name: self._slot(name, None) for name in self.customers}
    mine = [n for n in slots if self.reaches("res.partner", "write", person, slots[n])]
    others = [n for n in slots if n not in mine]
    for mine_name in mine[:1]:
        for other in others:
            env = self.as_person(person)["res.partner"]
            fetched = env.browse(self.contacts[other].id)
            target = {"parent_id": self.customers[mine_name].id}
            yield from self.refuses(f"fetch from {other}", fetched.write, target)
            given = env.browse(self.contacts[mine_name].id)
            target = {"parent_id": self.customers[other].id}
            yield from self.refuses(f"give to {other}", given.write, target)
            customer = env.browse(self.customers[mine_name].id)
            yield from self.refuses(f"below {other}", customer.write, target)
            command = {"child_ids": [Command.link(self.contacts[other].id)]}
            yield from self.refuses(f"link from {other}", customer.write, command)


def test_own_user(self, person):
    """Nobody gives himself another role, unit or group."""
    user = self.as_person(person)["res.users"].browse(self.people[person].id)
    admin_group = self.env.ref("key_account_crm.group_key_account_centre").id
    for vals in (
        {"key_account_role": "company" if person == "centre" else "centre"},
        {"key_account_unit_id": self.parcel.id},
        {"group_ids": [Command.link(admin_group)]},
        {"key_account_manager_ids": [Command.link(self.manager_b.id)]},
        {"key_account_reach": "all"},
        {"key_account_scope_ids": [Command.link(1)]},
    ):
        before = user.sudo().read(["key_account_role", "key_account_unit_id"])
        try:
            with self.env.cr.savepoint():
                user.write(vals)
                self.env.flush_all()
        except (AccessError, UserError):
            continue
        self.env.invalidate_all()
        after = user.sudo().read(["key_account_role", "key_account_unit_id"])
        yield from self.differ(f"{vals}", after, before)


def test_oracle(self, person):
    """Searching, sorting and grouping by hidden values tells nothing about them."""
    partners = self.as_person(person, active_test=False)["res.partner"]
    everybody = [("id", "in", list(self.rows["res.partner"]))]
    visible = self.expected("res.partner", "read", person)
    for path, model_name, value in self.secret_paths():
        field = path.split(".")[0]
        if partners._fields[field].groups or self.is_closed_to(person, model_name):
            continue
        found = set(partners.search(everybody + [(path, "=like", f"{value}%")]).ids)
        allowed = self.allowed_by_oracle(person, model_name, value)
        if found - allowed or found - visible:
            yield f"{path} like {value}: {found - allowed}"


def test_groups_by_links(self, person):
    """Grouping or sorting by what stands behind a link shows no hidden customer."""
    for name in self.rows:
        if not self.may(name, "read", person):
            continue
        model = self.as_person(person)[name]
        domain = [("id", "in", list(self.rows[name]))]
        for fname, field in model._fields.items():
            if field.type != "many2one" or not field.store or field.groups:
                continue
            for behind in ("agreement_number", "street", "name"):
                if behind in self.env[field.comodel_name]._fields:
                    yield from self.try_group(
                        model, domain, f"{fname}.{behind}", person
                    )


@tagged("post_install", "-at_install")
class TestAttacks(Checks):
    def role_of(self, person):
        from world import PEOPLE

        return PEOPLE[person][0]

    def slot_of(self, customer):
        return self.rows["res.partner"][customer.id]

    def is_closed_to(self, person, model_name):
        return not self.may(model_name, "read", person)

    def try_commands(self, person, record, field, row_id):
        """Write, link, take over or delete a hidden row through its visible parent."""
        record = record.with_env(self.as_person(person))
        before = self.checksum(field.comodel_name)
        for command in (
            Command.update(row_id, {"write_date": "2000-01-01 00:00:00"}),
            Command.update(row_id, self.harmless_vals(field.comodel_name)),
            Command.link(row_id),
            Command.delete(row_id),
            Command.unlink(row_id),
            Command.set([row_id]),
        ):
            try:
                with self.env.cr.savepoint():
                    record.write({field.name: [command]})
                    after = self.checksum(field.comodel_name)
                    if after != before and self.row_differs(field, row_id):
                        yield f"{field}: {command} changed {row_id}"
                    raise _Undo
            except (_Undo, *self.REFUSALS):
                pass

    def row_differs(self, field, row_id):
        """Whether the hidden row itself is another one than at the beginning."""
        table = self.env[field.comodel_name]._table
        self.env.cr.execute(f'SELECT * FROM "{table}" WHERE id = %s', [row_id])
        return self.env.cr.dictfetchone() != self.original(field.comodel_name, row_id)

    def original(self, model_name, row_id):
        """The row as another transaction would see it: as it was made."""
        return self.originals.get((model_name, row_id))

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.originals = {}
        for name, rows in cls.rows.items():
            model = cls.env[name]
            if model._table_query is None and rows:
                query = f'SELECT * FROM "{model._table}" WHERE id IN %s'
                cls.env.cr.execute(query, [tuple(rows)])
                for row in cls.env.cr.dictfetchall():
                    cls.originals[name, row["id"]] = row

    def secret_paths(self):
        """(path from the customer, model behind it, start of a value) to ask about."""
        texts = {
            "key_account_line_file_ids": ("key.account.line.file", "agreement_number"),
            "key_account_number_ids": ("key.account.number", "name"),
            "key_account_member_ids": ("key.account.member", "name"),
        }
        for field in self.env["res.partner"]._fields.values():
            if field.type == "one2many" and field.comodel_name in self.rows:
                comodel = self.env[field.comodel_name]
                name = texts.get(field.name, (None, None))[1]
                name = name or self.find_text(comodel)
                if name and field.comodel_name.startswith("key.account."):
                    for slot in set(self.rows[field.comodel_name].values()):
                        yield f"{field.name}.{name}", field.comodel_name, slot.token

    def find_text(self, model):
        for field in model._fields.values():
            is_own = field.name not in ("display_name",) and not field.compute
            if field.type in ("char", "text") and field.store and is_own:
                return field.name
        return None

    def allowed_by_oracle(self, person, model_name, token):
        """Customers of which a row with this text may be opened by the person."""
        rows = self.env[model_name].browse(self.expected(model_name, "read", person))
        names = {slot.customer for slot in self.rows[model_name].values()}
        tokens = {
            self.customers[name].id
            for name in names
            if token.startswith(f"Secret-{name}-")
        }
        return set(rows.partner_id.ids) & tokens

    def try_group(self, model, domain, path, person):
        try:
            with self.env.cr.savepoint():
                groups = model._read_group(domain, [path], ["__count"])
        except (ValueError, *self.REFUSALS):
            return
        yield from self.leaks(f"{model._name} by {path}", groups, model._name, person)


class _Undo(Exception):
    pass


for one in (
    test_context,
    test_write_context,
    test_forged_commands,
    test_moved_facts,
    test_forged_owner_of_a_customer,
    test_reparenting,
    test_own_user,
    test_oracle,
    test_groups_by_links,
):
    for_each_person(one)(TestAttacks)
    one.__test__ = False
