# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime


class KeyAccountIndicator(models.Model):
    """How a figure was made, in words; and the rows behind it."""

    _inherit = "key.account.indicator"

    def _explain(self):
        """The definition in a sentence, in the user's language."""
        self.ensure_one()
        first, second = self.first_id.name, self.second_id.name
        if self.kind == "ratio":
            return self.env._(
                "%(first)s ÷ %(second)s × %(factor)s",
                first=first,
                second=second,
                factor=f"{self.factor:g}",
            )
        if self.kind == "difference":
            return self.env._("%(first)s − %(second)s", first=first, second=second)
        if self.kind == "method":
            return self._get_methods().get(self.method, "")
        if self.res_model not in self.env:
            return ""
        parts = [self._explain_measure(), self._explain_date(), self._explain_domain()]
        return ", ".join(part for part in parts if part)

    def _explain_measure(self):
        model = self.env[self.res_model]
        # sudo: the name of a model is no secret.
        label = self.env["ir.model"].sudo()._get(self.res_model).name
        if self.measure == "__count":
            return self.env._("Number of: %(rows)s", rows=label)
        name = (self.measure or "").partition(":")[0]
        return self.env._(
            "Sum of “%(field)s” of: %(rows)s",
            field=self._get_label(model, name),
            rows=label,
        )

    def _explain_date(self):
        if not self.date_field:
            return self.env._("as it is now")
        modes = dict(self._fields["date_mode"]._description_selection(self.env))
        label = self._get_label(self.env[self.res_model], self.date_field)
        text = f"{label}: {modes[self.date_mode]}"
        if self.shift_months:
            text += " " + self.env._(
                "(%(count)s months earlier)", count=self.shift_months
            )
        return text

    def _explain_domain(self):
        try:
            conditions = list(self._get_domain().iter_conditions())
        except (SyntaxError, TypeError, ValueError):
            return self.domain
        model = self.env[self.res_model]
        texts = [
            f"{self._get_label(model, one.field_expr)} {one.operator} "
            f"{self._get_value_text(model, one)}"
            for one in conditions
        ]
        return " · ".join(texts)

    def _get_label(self, model, path):
        labels = []
        for name in path.split("."):
            field = model._fields.get(name) if model is not None else None
            if field is None:
                return path
            labels.append(field._description_string(self.env) or name)
            model = self.env[field.comodel_name] if field.comodel_name else None
        return " / ".join(labels)

    def _get_value_text(self, model, condition):
        field = model._fields.get(condition.field_expr)
        values = condition.value
        values = values if isinstance(values, list | tuple | set) else [values]
        labels = {}
        if field is not None and field.type == "selection":
            labels = dict(field._description_selection(self.env))
        return ", ".join(str(labels.get(value, value)) for value in values)

    def _describe(self, date_from, date_to):
        """How a figure of a period was made, and as of when: below every figure."""
        self.ensure_one()
        return self.env._(
            "%(name)s from %(first)s to %(last)s: %(formula)s. Version %(version)s, "
            "data as of %(moment)s.",
            name=self.name,
            first=format_date(self.env, date_from),
            last=format_date(self.env, date_to),
            formula=self.formula,
            version=self.version,
            moment=format_datetime(self.env, fields.Datetime.now(), dt_format="short"),
        )

    def _get_rows_action(self, date_from, date_to, by=None, key=None, within=None):
        """The list of the rows behind a figure: of a ratio, those that it divides."""
        self.ensure_one()
        base = self
        while base.kind in ("ratio", "difference"):
            base = base.first_id
        model, domain = base._get_rows(date_from, date_to, within)
        if by:
            path = {"manager": "manager_path", "unit": "unit_path"}.get(
                by, "partner_path"
            )
            domain = [*domain, (base[path], "=", key or False)]
        return {
            "type": "ir.actions.act_window",
            "name": base.name,
            "res_model": model,
            "domain": domain,
            "views": [(False, "list"), (False, "form")],
            "context": {"active_test": False, "create": False},
        }

    def _get_rows(self, date_from, date_to, within=None):
        """Model and condition of the rows that a base indicator counts."""
        period = self._get_period(date_from, date_to)
        domain = self._get_within_domain(within)
        if self.kind == "method":
            return self._get_method_rows(period, domain)
        domain &= self._get_domain() & self._get_date_domain(period)
        return self.res_model, list(domain)

    @api.model
    def _get_method_rows(self, period, domain):
        """Model and condition behind a computed figure. Hook."""
        return self._name, [("id", "=", self.id)]
