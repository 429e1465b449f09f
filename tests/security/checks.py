# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the security tests share: asking as a person, and telling what came out."""

from matrix import FIGURE_EXPORTERS, FIGURES, MATRIX
from psycopg2 import IntegrityError
from world import PEOPLE, World

from odoo.exceptions import AccessError, UserError
from odoo.tools import mute_logger

LOGGERS = (
    "odoo.addons.base.models.ir_rule",
    "odoo.addons.base.models.ir_model",
    "odoo.models",
    "odoo.orm.models",
    "odoo.sql_db",
)


def suite_models(env):
    """Concrete models of the suite in this registry, and the customer."""
    return sorted(
        name
        for name, model in env.registry.items()
        if (name.startswith("key.account.") and not model._abstract)
        or name == "res.partner"
    )


def for_each_person(check, people=PEOPLE):
    """Make one test method per person of a check(self, person) -> problems."""

    def decorate(cls):
        for person in people:
            setattr(cls, f"{check.__name__}_as_{person}", _make_test(check, person))
        return cls

    return decorate


def _make_test(check, person):
    def test(self):
        with mute_logger(*LOGGERS):
            problems = list(check(self, person))
        self.assertFalse(problems, "\n" + "\n".join(map(str, problems)))

    test.__doc__ = check.__doc__
    return test


def rounded(values):
    return [round(value or 0, 2) for value in values]


class Checks(World):
    REFUSALS = (AccessError, UserError, IntegrityError)

    def differ(self, what, found, wanted):
        if found != wanted:
            yield f"{what}: {found} instead of {wanted}"

    def refuses(self, what, method, *args):
        """The call must be refused: by the rights, or by a message."""
        try:
            with self.env.cr.savepoint():
                method(*args)
                self.env.flush_all()
                raise _NotRefused
        except _NotRefused:
            yield f"{what} was not refused"
        except self.REFUSALS:
            pass

    def hides(self, what, method, *args):
        """The same of a call that only reads: there is nothing to take back, and what
        is cached of the person's own rights stays."""
        try:
            method(*args)
        except (AccessError, UserError):
            return
        yield f"{what} was not refused"

    def leaks(self, what, answer, name, person):
        """Tokens in the answer of customers whose basic file is out of reach."""
        text = str(answer)
        for slot in set(self.rows["res.partner"].values()):
            if f"Secret-{slot.customer}-" in text and not self.reaches(
                "res.partner", "read", person, slot
            ):
                yield f"{what}: names {slot.customer}"

    def may_export(self, name, person):
        """Domain 3.2, "e": the group to export alone opens nothing."""
        role, _unit = PEOPLE[person]
        if name in FIGURES:
            return role in FIGURE_EXPORTERS
        is_log = name in (
            "key.account.audit",
            "key.account.access",
            "key.account.card.attempt",
            "key.account.event",
            "key.account.lookup",
        )
        is_kept = MATRIX[name].kind in ("word", "rule", "unit") and not is_log
        return role == "centre" or (role == "admin" and is_kept)

    def keeps(self, person, slot):
        home = self._slot(slot.customer, None)
        return self.reaches("res.partner", "write", person, home)

    @classmethod
    def checksum(cls, name):
        cls.env.flush_all()
        if not cls.has_table(name):
            return None
        table = cls.env[name]._table
        query = f'SELECT md5(string_agg(t::text, chr(10) ORDER BY id)) FROM "{table}" t'
        cls.env.cr.execute(query)
        return cls.env.cr.fetchone()

    @classmethod
    def has_table(cls, name):
        """A report has no rows of its own."""
        return cls.env[name]._table_query is None

    @classmethod
    def count_writes(cls, *names):
        """How many rows of these models' tables this transaction has written so far,
        those included that were taken back: where it stays, nothing was written."""
        cls.env.flush_all()
        tables = [f'"{cls.env[name]._table}"' for name in names if cls.has_table(name)]
        cls.env.cr.execute(
            """
            SELECT SUM(pg_stat_get_xact_tuples_inserted(oid)
                       + pg_stat_get_xact_tuples_updated(oid)
                       + pg_stat_get_xact_tuples_deleted(oid))
              FROM unnest(%s::regclass[]) AS oid
            """,
            [tables],
        )
        return cls.env.cr.fetchone()[0]

    def harmless_vals(self, name):
        """A value that any row of the model could take."""
        for field in self.env[name]._fields.values():
            if field.store and not field.compute and field.type in ("char", "text"):
                if field.name not in ("parent_path",) and not field.size:
                    return {field.name: "Taken"}
        return {"write_date": "2026-01-01 00:00:00"}

    def forge_owner(self, name, person):
        """Values as if the person and the unit of the person owned the row."""
        user = self.people[person]
        model_fields = self.env[name]._fields
        forged = {
            "unit_id": user.key_account_unit_id.id,
            "manager_id": user.id,
            "scope_id": user.key_account_scope_ids[:1].id,
            "user_id": user.id,
        }
        return {key: value for key, value in forged.items() if key in model_fields}

    def groupings(self, model):
        names = (
            "partner_id",
            "unit_id",
            "manager_id",
            "line_id",
            "key_account_unit_id",
        )
        return [fname for fname in names if fname in model._fields]


class _NotRefused(Exception):
    pass
