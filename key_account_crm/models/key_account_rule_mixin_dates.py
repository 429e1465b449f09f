# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL, format_date, sql


class KeyAccountRuleMixin(models.AbstractModel):
    """Which version is in force on a day, and that there is one at a time.

    Days are inclusive at both ends. The database itself refuses a second approved
    version of the same rule and unit on a day, also to two transactions at once.
    """

    _inherit = "key.account.rule.mixin"

    def init(self):
        super().init()
        if self._auto and not self._abstract:
            self._protect_days()

    def _protect_days(self):
        """No two approved versions of a rule and unit share a day: as a constraint."""
        name = f"{self._table}_in_force_excl"
        definition = self._get_exclusion()
        present = sql.constraint_definition(self.env.cr, self._table, name)
        if present == definition:
            return
        if present:
            sql.drop_constraint(self.env.cr, self._table, name)
        sql.add_constraint(self.env.cr, self._table, name, definition)

    @api.model
    def _get_exclusion(self):
        """An exclusion with the operators PostgreSQL has by itself: numbers as ranges
        of one, other values of the key by their hash."""
        parts = ["COALESCE(unit_id, 0)::bigint"]
        for name in self._rule_key:
            if self._fields[name].type in ("many2one", "integer"):
                parts.append(f"COALESCE({name}, 0)::bigint")
            else:
                text = f"COALESCE({name}::text, '')"
                parts.append(f"('x' || substr(md5({text}), 1, 15))::bit(60)::bigint")
        ranges = [f"int8range({part}, {part}, '[]') WITH &&" for part in parts]
        days = "daterange(date_from, date_to, '[]') WITH &&"
        return (
            f"EXCLUDE USING gist ({', '.join([days, *ranges])}) "
            "WHERE (state = 'approved')"
        )

    # ---- as of a day --------------------------------------------------------------

    @api.model
    def _get_day_domain(self, day):
        return Domain("date_from", "<=", day) & (
            Domain("date_to", "=", False) | Domain("date_to", ">=", day)
        )

    @api.model
    def _get_key_domain(self, **key):
        if key.keys() != set(self._rule_key):
            raise ValueError(f"{self._name} is told apart by {self._rule_key}")
        return Domain.AND(Domain(name, "=", value) for name, value in key.items())

    @api.model
    def _get_in_force_domain(self, day, **key):
        return (
            Domain("state", "=", "approved")
            & self._get_day_domain(day)
            & self._get_key_domain(**key)
        )

    @api.model
    def _get_in_force(self, day, unit=None, **key):
        """The version of that day for a unit: the override of the unit or of the
        nearest one above it, else the central version, else an empty record."""
        # sudo: the tree above a unit is no secret.
        path = (unit.sudo().parent_path if unit else "") or ""
        depths = {int(part): place for place, part in enumerate(path.split("/")[:-1])}
        domain = self._get_in_force_domain(day, **key)
        domain &= Domain("unit_id", "in", [False, *depths])
        found = self.search_fetch(domain)
        return found.sorted(lambda rule: depths.get(rule.unit_id.id, -1))[-1:]

    @api.model
    def _get_all_in_force(self, asked):
        """``_get_in_force`` of many days, units and keys at once, in one query.

        :param asked: tuples of the day, the unit and the values of ``_rule_key``, ids
            where these are records
        :return: map of these tuples to the version, an empty record where there is none
        """
        asked = set(asked)
        if not asked:
            return {}
        days = [day for day, *_rest in asked]
        domain = (
            Domain("state", "=", "approved")
            & Domain("date_from", "<=", max(days))
            & (Domain("date_to", "=", False) | Domain("date_to", ">=", min(days)))
        )
        for place, name in enumerate(self._rule_key, start=2):
            domain &= Domain(name, "in", {one[place] for one in asked})
        versions = {}
        for rule in self.search_fetch(domain):
            values = (rule[name] for name in self._rule_key)
            key = *(v.id if hasattr(v, "ids") else v for v in values), rule.unit_id.id
            versions.setdefault(key, []).append(rule)
        return {one: self._pick_in_force(versions, *one) for one in asked}

    @api.model
    def _pick_in_force(self, versions, day, unit, *key):
        """The version of the nearest unit of the path that was in force on the day.

        :param versions: map of a key with the id of a unit to the versions of it
        """
        # sudo: the tree above a unit is no secret.
        path = (unit.sudo().parent_path if unit else "") or ""
        for unit_id in (*map(int, reversed(path.split("/")[:-1])), False):
            for rule in versions.get((*key, unit_id), ()):
                if rule.date_from <= day and not (rule.date_to and rule.date_to < day):
                    return rule
        return self.browse()

    @api.model
    def _get_map_in_force(self, day, **key):
        """The versions of that day for all units at once, closed ones included:
        ``{unit id: version}``. A unit without a version is not in it."""
        rules = self.search_fetch(self._get_in_force_domain(day, **key))
        by_unit = {rule.unit_id.id: rule for rule in rules}
        result = {}
        for unit_id, path in self.env["key.account.unit"]._get_paths().items():
            nearest = [by_unit[part] for part in (False, *path) if part in by_unit]
            if nearest:
                result[unit_id] = nearest[-1]
        return result

    @api.model
    def _get_map_sql(self, day, **key) -> SQL:
        """The same to join with: ``(…) AS rule_of_unit (unit_id, rule_id)``."""
        rows = [
            SQL("(%s::integer, %s::integer)", unit_id, rule.id)
            for unit_id, rule in self._get_map_in_force(day, **key).items()
        ]
        values = SQL("VALUES %s", SQL(", ").join(rows))
        nothing = SQL("SELECT NULL::integer, NULL::integer WHERE FALSE")
        return SQL(
            "(%s) AS rule_of_unit (unit_id, rule_id)", values if rows else nothing
        )

    # ---- the versions beside this one ---------------------------------------------

    def _get_key(self):
        """Values of the key, as the look-ups take them."""
        self.ensure_one()
        return {
            name: self[name].id if self._fields[name].relational else self[name]
            for name in self._rule_key
        }

    def _get_approved(self):
        """The other approved versions of this rule and unit, the earliest first."""
        self.ensure_one()
        return self.search(
            Domain("id", "!=", self._origin.id)
            & Domain("state", "=", "approved")
            & Domain("unit_id", "=", self.unit_id._origin.id)
            & self._get_key_domain(**self._get_key()),
            order="date_from, id",
        )

    def _get_ended(self):
        """The open version that ends the day before this one begins."""
        return self._get_approved().filtered(
            lambda other: not other.date_to and other.date_from < self.date_from
        )

    def _get_date_problems(self):
        if not self.date_from:
            return [self.env._("Say from which day on the version is in force.")]
        if self.date_to and self.date_to < self.date_from:
            return [self.env._("The version ends before it begins: correct its dates.")]
        others = self._get_approved() - self._get_ended()
        return [
            *self._get_overlap_problems(others),
            *self._get_gap_problems(others),
            *self._get_decision_problems(),
        ]

    def _get_overlap_problems(self, others):
        return [
            self.env._(
                "%(rule)s would be in force at the same time as %(other)s "
                "(%(date_from)s to %(date_to)s): let one end before the other begins.",
                rule=self.name,
                other=other.display_name,
                date_from=format_date(self.env, other.date_from),
                date_to=other.date_to
                and format_date(self.env, other.date_to)
                or self.env._("further notice"),
            )
            for other in others
            if (not other.date_to or other.date_to >= self.date_from)
            and (not self.date_to or other.date_from <= self.date_to)
        ]

    def _get_gap_problems(self, others):
        """Days between two central versions on which no version would be in force."""
        if self.unit_id or self._get_ended():
            before = self.browse()
        else:
            before = others.filtered(
                lambda other: other.date_to and other.date_to < self.date_from
            )[-1:]
        after = others.filtered(
            lambda other: self.date_to and other.date_from > self.date_to
        )[:1]
        gaps = []
        if before:
            gaps.append((before.date_to, self.date_from))
        if after and not self.unit_id:
            gaps.append((self.date_to, after.date_from))
        return [
            self.env._(
                "From %(first)s to %(last)s no version would be in force: let the "
                "versions follow each other without a gap.",
                first=format_date(self.env, fields.Date.add(end, days=1)),
                last=format_date(self.env, fields.Date.subtract(begin, days=1)),
            )
            for end, begin in gaps
            if fields.Date.add(end, days=1) < begin
        ]

    def _get_decision_problems(self):
        """A version does not begin before a decision that rests on what it replaces."""
        last = self._get_replaced()._get_last_decision_date()
        last = fields.Date.to_date(last)
        if last and last >= self.date_from:
            return [
                self.env._(
                    "A decision of %(date)s rests on the version before: begin on a "
                    "later day.",
                    date=format_date(self.env, last),
                )
            ]
        return []

    def _get_replaced(self):
        """What would no longer be in force on some day of this version: the versions
        of this unit, or for a first override what held for the unit until then."""
        own = self._get_approved()
        replaced = own.filtered(
            lambda other: not other.date_to or other.date_to >= self.date_from
        ).filtered(lambda other: not self.date_to or other.date_from <= self.date_to)
        if self.unit_id:
            parent = self.unit_id._origin.parent_id
            replaced |= self._get_in_force(self.date_from, parent, **self._get_key())
        return replaced

    def _check_ends(self):
        """The end of an approved version was moved: no decision after it, no overlap,
        no gap."""
        for rule in self.filtered(lambda rule: rule.state == "approved"):
            last = fields.Date.to_date(rule._get_last_decision_date())
            if rule.date_to and last and last > rule.date_to:
                raise UserError(
                    self.env._(
                        "A decision of %(date)s rests on %(rule)s: let it end on that "
                        "day or later.",
                        date=format_date(self.env, last),
                        rule=rule.display_name,
                    )
                )
            others = rule._get_approved()
            problems = rule._get_overlap_problems(others)
            after = others.filtered(lambda other, r=rule: other.date_from > r.date_from)
            problems += rule._get_gap_problems(after)
            rule._refuse_problems(problems)
