# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import ast
import re

from odoo import models
from odoo.fields import Domain

CODE = re.compile(r"^[a-z][a-z0-9_]*$")
NUMBERS = ("integer", "float", "monetary")
# Beside the suite's own: what a condition may look into.
OPEN_MODELS = {"res.partner", "res.currency"}
# Models whose rows are private, logs, or technical: nobody finds them out by counting.
CLOSED_MODELS = {
    "key.account.person",
    "key.account.audit",
    "key.account.access",
    "key.account.event",
    "key.account.card.attempt",
    "key.account.card.client",
}


class KeyAccountIndicator(models.Model):
    """What is wrong with a definition: nothing is measured that could not be trusted,
    and no condition reaches what its author may not read."""

    _inherit = "key.account.indicator"

    def _get_problem(self):
        """A sentence about what forbids this definition, or nothing."""
        self.ensure_one()
        if not CODE.match(self.code or ""):
            return self.env._(
                "the code %(code)s is not made of small letters, digits and _.",
                code=self.code,
            )
        check = {
            "measure": self._get_measure_problem,
            "method": self._get_method_problem,
            "ratio": self._get_pair_problem,
            "difference": self._get_pair_problem,
        }[self.kind]
        return check()

    def _get_method_problem(self):
        if self.method not in self._get_methods():
            return self.env._("choose what computes it.")
        return None

    def _get_pair_problem(self):
        if not self.first_id or not self.second_id:
            return self.env._("choose the two indicators it is made of.")
        allowed = ("measure", "method")
        if self.kind == "ratio":
            allowed += ("difference",)
        for part in self.first_id | self.second_id:
            if part.kind not in allowed:
                return self.env._(
                    "%(part)s is itself made of others: choose what is counted, summed "
                    "or computed.",
                    part=part.name,
                )
        if self.kind == "ratio" and not self.factor:
            return self.env._("the factor is not 0.")
        return None

    def _get_measure_problem(self):
        if not self._is_open_model(self.res_model):
            return self.env._(
                "%(model)s cannot be measured: choose a model of the suite whose rows "
                "have a unit and a manager, as key.account.month.",
                model=self.res_model or "–",
            )
        return (
            self._get_path_problem()
            or self._get_number_problem()
            or self._get_date_problem()
            or self._get_domain_problem()
        )

    def _is_open_model(self, name):
        model = self.env.registry.get(name or "")
        return (
            model is not None
            and not model._abstract
            and not model._transient
            and name not in CLOSED_MODELS
            and (name == "res.partner" or name.startswith("key.account."))
        )

    def _get_path_problem(self):
        """Units, managers and customers are columns of the rows themselves."""
        wanted = {
            "unit_path": "key.account.unit",
            "manager_path": "res.users",
            "partner_path": "res.partner",
        }
        fields = self.env[self.res_model]._fields
        for name, comodel in wanted.items():
            path = self[name]
            if name == "partner_path" and self.res_model == comodel and path == "id":
                continue
            field = fields.get(path or "")
            if (
                not field
                or not self._is_column(field)
                or (field.comodel_name != comodel)
            ):
                return self.env._(
                    "%(model)s has no column %(path)s that says whose a row is.",
                    model=self.res_model,
                    path=path or "–",
                )
        return None

    def _is_column(self, field):
        """Whether it is stored (or a column of a report) and open to every role."""
        model = self.env.registry[field.model_name]
        return bool((field.store or not model._auto) and not field.groups)

    def _get_number_problem(self):
        if self.measure == "__count":
            return None
        name, _colon, aggregate = (self.measure or "").partition(":")
        field = self.env[self.res_model]._fields.get(name)
        if (
            aggregate != "sum"
            or not field
            or field.type not in NUMBERS
            or not self._is_column(field)
            or name == "id"
        ):
            return self.env._(
                "%(measure)s cannot be summed: write __count, or a number of "
                "%(model)s as field:sum. A mean is the ratio of a sum and a count.",
                measure=self.measure or "–",
                model=self.res_model,
            )
        return None

    def _get_date_problem(self):
        if not self.date_field:
            return None
        field = self.env[self.res_model]._fields.get(self.date_field)
        if (
            not field
            or field.type not in ("date", "datetime")
            or not (self._is_column(field))
        ):
            return self.env._(
                "%(field)s is no date of %(model)s.",
                field=self.date_field,
                model=self.res_model,
            )
        return None

    def _get_domain_problem(self):
        try:
            domain = self._get_domain()
            for condition in domain.iter_conditions():
                problem = self._get_condition_problem(condition)
                if problem:
                    return problem
            domain.validate(self.env[self.res_model])
        except Exception as error:  # noqa: BLE001 whatever is written there
            return self.env._(
                "the condition %(domain)s cannot be read (%(error)s): write it as "
                "[('state', '=', 'done')].",
                domain=self.domain,
                error=error,
            )
        return None

    def _get_domain(self):
        """The condition, made of literals only: nothing in it is executed."""
        return Domain(ast.literal_eval(self.domain or "[]"))

    def _get_condition_problem(self, condition):
        """Each step of a path is a column open to everybody, in an open model."""
        value = condition.value
        if isinstance(value, Domain) or condition.operator in ("any", "not any"):
            return self.env._(
                "the condition %(condition)s looks through other rows: name a field.",
                condition=condition,
            )
        model = self.env[self.res_model]
        for name in condition.field_expr.split("."):
            field = model is not None and model._fields.get(name)
            if not field or not self._is_open_field(model, field):
                return self.env._(
                    "the condition names %(path)s, which %(model)s does not have or "
                    "does not show to everybody.",
                    path=condition.field_expr,
                    model=self.res_model,
                )
            comodel = field.comodel_name
            is_open = comodel in OPEN_MODELS or self._is_open_model(comodel)
            model = self.env[comodel] if comodel and is_open else None
        return None

    def _is_open_field(self, model, field):
        private = getattr(model, "_key_account_private_fields", None)
        if private and field.name in private():
            return False
        return bool(field._description_searchable) and not field.groups
