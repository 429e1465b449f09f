# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import float_compare

NUMBERS = ("integer", "float", "monetary")
DIGITS = 6


class KeyAccountRuleMixin(models.AbstractModel):
    """The override of a unit differs from the central version only where and as far as
    the limits of that version let it (RULE-04)."""

    _inherit = "key.account.rule.mixin"

    limit_ids = fields.One2many(
        comodel_name="key.account.rule.limit",
        inverse_name="res_id",
        string="Limits of Units",
        copy=True,
        help="What units may set for themselves; all else is the same for everybody.",
    )

    @api.model
    def _get_path_field(self, path):
        """The content field that ``field`` or ``rows.field`` names, or None."""
        first, _dot, rest = (path or "").partition(".")
        if not rest:
            is_plain = first in self._get_content_fields()
            is_plain = is_plain and first not in self._rule_children
            return self._fields[first] if is_plain and first != "name" else None
        if first not in self._rule_children:
            return None
        rows = self.env[self._fields[first].comodel_name]
        if rest not in rows._get_content_fields() or rest in self._rule_children[first]:
            return None
        return rows._fields[rest]

    def _get_limit_problems(self):
        if self.unit_id:
            return self._get_override_problems()
        return [
            *self._get_path_problems(),
            *(
                problem
                for override in self._get_overrides()
                for problem in override._get_differences_from(self, override=override)
            ),
        ]

    def _get_path_problems(self):
        problems = []
        for limit in self.limit_ids:
            field = self._get_path_field(limit.path)
            if field is None:
                problems.append(
                    self.env._(
                        "The limit names %(path)s, which is no value of this rule.",
                        path=limit.path,
                    )
                )
            elif limit.kind != "free" and field.type not in NUMBERS:
                problems.append(
                    self.env._(
                        "%(path)s is no number: let units set it freely, or remove the "
                        "limit.",
                        path=limit.path,
                    )
                )
        return problems

    def _get_override_problems(self):
        if self.limit_ids:
            return [
                self.env._("Limits are set by the central version: remove these here.")
            ]
        if not self.date_from:
            return []
        central = self._get_in_force(self.date_from, **self._get_key())
        if not central:
            return [
                self.env._(
                    "No central version is in force when this one begins: a unit "
                    "overrides what there is."
                )
            ]
        found = self._get_differences_from(central)
        later = self.search(
            self._get_later_domain() & fields.Domain("unit_id", "=", False)
        )
        for version in later:
            found += self._get_differences_from(version)
        return found

    def _get_later_domain(self):
        """Approved versions of this rule that begin while this one is in force."""
        domain = fields.Domain("state", "=", "approved")
        domain &= fields.Domain("date_from", ">", self.date_from)
        domain &= self._get_key_domain(**self._get_key())
        if self.date_to:
            domain &= fields.Domain("date_from", "<=", self.date_to)
        return domain

    def _get_overrides(self):
        """Approved overrides that this central version would come to hold beside."""
        if not self.date_from:
            return self.browse()
        domain = fields.Domain("state", "=", "approved")
        domain &= fields.Domain("unit_id", "!=", False)
        domain &= fields.Domain("date_to", "=", False) | fields.Domain(
            "date_to", ">=", self.date_from
        )
        if self.date_to:
            domain &= fields.Domain("date_from", "<=", self.date_to)
        return self.search(domain & self._get_key_domain(**self._get_key()))

    def _get_differences_from(self, central, override=None):
        """Where this override leaves the limits of a central version, in words."""
        problems = []
        for step in central._compare_with(self):
            problem = central._check_step(step)
            if problem and override:
                problem = self.env._(
                    "%(override)s would leave the limits: %(problem)s End it before, "
                    "or change the limits.",
                    override=override.display_name,
                    problem=problem,
                )
            if problem:
                problems.append(problem)
        return problems

    def _check_step(self, step):
        """Why a unit may not differ in this, or None.

        :param step: a difference as ``_compare_with`` gives it
        """
        where = step["label"]
        limit = self._get_limit(step)
        if not limit:
            return self.env._(
                "%(where)s: %(value)s instead of %(central)s, which the central "
                "version does not leave to units.",
                where=where,
                value=step["after_text"],
                central=step["before_text"],
            )
        allowed = limit._get_range(step["before"])
        if allowed is None:
            return None
        low, high = allowed
        value = step["after"] or 0
        if (
            float_compare(low, value, precision_digits=DIGITS) <= 0
            and float_compare(value, high, precision_digits=DIGITS) <= 0
        ):
            return None
        return self.env._(
            "%(where)s: %(value)s, allowed are %(low)s to %(high)s.",
            where=where,
            value=step["after_text"],
            low=self._format_number(low),
            high=self._format_number(high),
        )

    def _get_limit(self, step):
        """The limit that speaks of a difference: that of its row before that of all."""
        if step["kind"] != "value":
            return self.env["key.account.rule.limit"]
        found = self.limit_ids.filtered(lambda limit: limit.path == step["path"])
        of_row = found.filtered(lambda limit: limit.row and limit.row == step["row"])
        return of_row or found.filtered(lambda limit: not limit.row)
