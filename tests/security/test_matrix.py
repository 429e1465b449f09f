# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Every model x person x way of reading, against the acceptance table (domain 3.2)."""

from checks import Checks, for_each_person, rounded, suite_models
from matrix import MATRIX

from odoo.tests import tagged

X2MANY = ("one2many", "many2many")
# Rows for which whoever makes them chooses one of his own units.
UNIT_CHOSEN = {
    "key.account.activity",
    "key.account.care.run",
    "key.account.dunning.run",
    "key.account.gift.move",
    "key.account.grade.run",
    "key.account.late.fee.run",
    "key.account.plan",
    "key.account.task",
    "key.account.handover",
}


def test_search(self, person):
    """Searching finds the rows in reach, archived ones too, and no others."""
    for name in self.rows:
        for active_test in (True, False):
            model = self.as_person(person, active_test=active_test)[name]
            domain = [("id", "in", list(self.rows[name]))]
            if not model.has_access("read"):
                found = set()
            else:
                found = set(model.search(domain).ids)
            wanted = self.expected(name, "read", person)
            if not active_test:
                yield from self.differ(f"{name}: search", found, wanted)
            if not active_test and model.has_access("read"):
                count = model.search_count(domain)
                yield from self.differ(f"{name}: count", count, len(wanted))
            elif found - wanted:
                yield f"{name}: search found {found - wanted}"


def test_read(self, person):
    """A row out of reach cannot be read by its id, one in reach can, in every field."""
    for name, rows in self.rows.items():
        wanted = self.expected(name, "read", person)
        model = self.as_person(person)[name]
        if wanted:
            model.browse(wanted).read(readable_fields(model))
        for row_id in rows:
            record = model.browse(row_id)
            if row_id not in wanted:
                yield from self.hides(f"{name}({row_id}): read", record.read, ["id"])
                yield from self.hides(
                    f"{name}({row_id}): display_name", record.read, ["display_name"]
                )


def readable_fields(model):
    """Columns, and whatever the suite added; discuss has fields of its own trouble."""
    return [
        field.name
        for field in model._fields.values()
        if (field.column_type or field._module.startswith("key_account"))
        and field.type != "binary"  # a file that may be gone
        and model._has_field_access(field, "read")
        and (
            field.type not in X2MANY or model.env[field.comodel_name].has_access("read")
        )
    ]


def test_rights(self, person):
    """Reading, writing and deleting is allowed for exactly the rows of the table."""
    for name, rows in self.rows.items():
        for mode in ("read", "write", "unlink"):
            records = self.as_person(person)[name].browse(rows)
            wanted = self.expected(name, mode, person)
            found = {record.id for record in records if record.has_access(mode)}
            yield from self.differ(f"{name}: {mode}", found, wanted)
        may = self.as_person(person)[name].has_access("create")
        yield from self.differ(f"{name}: create", may, self.may(name, "create", person))


def test_write_and_unlink(self, person):
    """What the table does not allow changes nothing when it is tried."""
    for name, rows in self.rows.items():
        if MATRIX[name].kind == "mine":
            continue
        vals = self.harmless_vals(name)
        written = self.count_writes(name)
        model = self.as_person(person)[name]
        for row_id in set(rows) - self.expected(name, "write", person):
            record = model.browse(row_id)
            yield from self.refuses(f"{name}({row_id}): write", record.write, vals)
        for row_id in set(rows) - self.expected(name, "unlink", person):
            record = model.browse(row_id)
            yield from self.refuses(f"{name}({row_id}): unlink", record.unlink)
        if self.count_writes(name) != written:
            yield from self.differ(
                f"{name}: rows", self.checksum(name), self.checksums[name]
            )


def test_create(self, person):
    """A row is made in reach only, whatever unit and manager are asked for."""
    for name in self.rows:
        model = self.as_person(person)[name]
        owned = self.forge_owner(name, person)
        for slot, vals in self.prepared.get(name, ()):
            if not self.reaches(name, "create", person, slot):
                yield from self.refuses(
                    f"{name} at {slot}: create", model.create, dict(vals)
                )
                if MATRIX[name].kind == "rule":
                    continue  # a version says itself whose it is
                if name == "key.account.line.file" and self.keeps(person, slot):
                    continue  # who keeps the customer's file may serve it on a line
                if name in UNIT_CHOSEN and self.may(name, "create", person):
                    continue  # the unit is chosen: with his own it is one of his own
                yield from self.refuses(
                    f"{name} at {slot}: create forged", model.create, vals | owned
                )


def test_sums(self, person):
    """Every total equals the sum of the rows its reader may open."""
    for name in self.rows:
        if not self.may(name, "read", person):
            continue
        wanted = self.expected(name, "read", person)
        model = self.as_person(person)[name].with_context(active_test=False)
        domain = [("id", "in", list(self.rows[name]))]
        sums = [
            field.name
            for field in model._fields.values()
            if field.store and field.column_type and field.aggregator == "sum"
        ]
        aggregates = ["__count", *(f"{fname}:sum" for fname in sums)]
        truth = self.env[name].browse(wanted)
        total = [len(wanted), *(sum(truth.mapped(fname)) for fname in sums)]
        [found] = model._read_group(domain, [], aggregates)
        yield from self.differ(f"{name}: totals", rounded(found), rounded(total))
        for groupby in self.groupings(model):
            groups = model._read_group(domain, [groupby], aggregates)
            found = [sum(g[n] or 0 for g in groups) for n in range(1, 1 + len(total))]
            if model._fields[groupby].type != "many2many":
                yield from self.differ(
                    f"{name} by {groupby}", rounded(found), rounded(total)
                )
            formatted = model.formatted_read_group(domain, [groupby], aggregates)
            counts = sum(group["__count"] for group in formatted)
            yield from self.differ(f"{name} by {groupby}", counts, len(wanted))
            yield from self.leaks(f"{name} by {groupby}", formatted, name, person)


def test_name_search(self, person):
    """Looking up by name proposes rows in reach only."""
    for name in self.rows:
        if not self.may(name, "read", person):
            continue
        model = self.as_person(person)[name].with_context(active_test=False)
        domain = [("id", "in", list(self.rows[name]))]
        wanted = self.expected(name, "read", person)
        try:
            model.name_search("Secret", domain, limit=1)
        except ValueError as error:
            yield f"{name}: name_search fails with {error}"
            continue
        found = {row_id for row_id, _name in model.name_search("", domain, limit=None)}
        yield from self.differ(f"{name}: name_search", found, wanted)
        found = model.name_search("Secret", [], limit=None)
        hidden = {row_id for row_id, _name in found} & (set(self.rows[name]) - wanted)
        yield from self.differ(f"{name}: name_search by part", hidden, set())


def test_export(self, person):
    """An export holds rows in reach only."""
    for name in self.rows:
        wanted = self.expected(name, "read", person)
        hidden = set(self.rows[name]) - wanted
        env = self.as_person(person)
        fnames = [".id", "display_name", "create_date"]
        fnames = [fname for fname in fnames if fname.strip(".") in env[name]._fields]
        for row_id in hidden:
            record = env[name].browse(row_id)
            yield from self.hides(f"{name}: export", record.export_data, fnames)
        if wanted and not self.may_export(name, person):
            records = env[name].browse(wanted)
            yield from self.hides(f"{name}: export", records.export_data, fnames)
        elif wanted:
            rows = env[name].browse(wanted).export_data(fnames)["datas"]
            yield from self.differ(
                f"{name}: export", {int(row[0]) for row in rows}, wanted
            )


def test_figures(self, person):
    """A customer's money is the sum of the rows of it that its reader may open."""
    if not self.may("key.account.bill", "read", person):
        return
    customers = self.expected("res.partner", "read", person)
    bills = self.env["key.account.bill"].browse(
        self.expected("key.account.bill", "read", person, everything=True)
    )
    payments = self.env["key.account.payment"].browse(
        self.expected("key.account.payment", "read", person, everything=True)
    )
    billed, paid = sum(bills.mapped("amount")), sum(payments.mapped("amount"))
    truth = {"key_account_total": billed, "key_account_open": billed - paid}
    partners = self.as_person(person)["res.partner"].browse(customers)
    for fname, total in truth.items():
        found = sum(partners.mapped(fname))
        yield from self.differ(f"{fname} shown", round(found, 2), round(total, 2))
        domain = [("id", "in", list(customers))]
        [[found]] = partners._read_group(domain, [], [f"{fname}:sum"])
        yield from self.differ(f"{fname} summed", round(found, 2), round(total, 2))


CHECKS = (
    test_figures,
    test_search,
    test_read,
    test_rights,
    test_write_and_unlink,
    test_create,
    test_sums,
    test_name_search,
    test_export,
)


@tagged("post_install", "-at_install")
class TestMatrix(Checks):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # What test_create is refused is never used up: one set for everybody.
        cls.prepared = {
            name: [
                (slot, cls.factory.prepare_vals(name, slot))
                for slot in cls.factory.places(name)
            ]
            for name in cls.rows
            if MATRIX[name].kind != "mine" and name != "res.partner"
        }
        cls.checksums = {name: cls.checksum(name) for name in cls.rows}
        cls.env.invalidate_all()

    def test_every_model_is_in_the_matrix(self):
        """A new model is added to matrix.py by whoever adds it, or this fails."""
        missing = set(suite_models(self.env)) - MATRIX.keys()
        self.assertFalse(missing, "say in tests/security/matrix.py who may do what")

    def test_writes_are_counted(self):
        """Else nothing that a refused attempt writes would be looked for."""
        before = self.count_writes("key.account.line")
        self.spare_line.name = "Other"
        self.assertGreater(self.count_writes("key.account.line"), before)

    def test_every_model_has_rows_on_both_sides(self):
        """There is something to be seen and something to be hidden of every model."""
        for name, rows in self.rows.items():
            model = self.env[name]
            if not model._transient:
                self.assertTrue(rows, name)
            if MATRIX[name].kind in ("file", "fact"):
                customers = {slot.customer for slot in rows.values()}
                self.assertEqual(customers, set(self.customers), name)


for one in CHECKS:
    for_each_person(one)(TestMatrix)
    one.__test__ = False
