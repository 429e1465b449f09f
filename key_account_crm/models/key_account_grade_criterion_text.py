# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import formatLang

from .key_account_grade_criterion import BOUNDED


class KeyAccountGradeCriterion(models.Model):
    """A criterion in the reader's words; figures only where all of them are his."""

    _inherit = "key.account.grade.criterion"

    def _explain(self, figure, is_open):
        """What a figure of this criterion says.

        :param dict figure: value, and of a rank place and size
        :param is_open: whether the reader may read all facts behind it
        """
        self.ensure_one()
        if self.method == "rank":
            return self._explain_rank(figure, is_open)
        if self.method not in BOUNDED:
            return self.name
        if not self._is_told(is_open):
            return self.env._(
                "%(criterion)s, in part of lines outside your reach",
                criterion=self.name,
            )
        return self.env._(
            "%(criterion)s: %(value)s",
            criterion=self.name,
            value=self._format(figure.get("value")),
        )

    def _explain_rank(self, figure, is_open):
        if not is_open or not figure.get("place"):
            return self.env._("%(criterion)s, among all customers", criterion=self.name)
        return self.env._(
            "%(criterion)s: place %(place)s of %(size)s with %(value)s",
            criterion=self.name,
            place=figure["place"],
            size=figure["size"],
            value=self._format(figure.get("value")),
        )

    def _format(self, value):
        if self.method in ("growth", "value_score"):
            return formatLang(self.env, value or 0.0, digits=2)
        return self.rule_id._format(value)

    def _get_next(self, value, grades):
        """The lowest threshold of these grades, and what a value misses of it."""
        rows = self.rule_id._sort_bounded(self.rule_id._get_thresholds(self))
        above = rows.filtered(lambda row: row.grade_id in grades)[:1]
        return above, above.lower - float(value or 0)

    def _is_told(self, is_open):
        """Whether the reader is told figures: a score with bills of the members is
        made of customers that need not be his."""
        reads_all = self.env.su or self.env.user.key_account_reach == "all"
        if self.method != "value_score" or reads_all:
            return is_open
        measures = self.rule_id._get_components(self).mapped("measure")
        return is_open and "members" not in measures

    def _open_rows(self, partner, day, month):
        """The action that shows the rows behind the figure of a customer."""
        if self.method == "member":
            return {
                "type": "ir.actions.act_window",
                "name": self.name,
                "res_model": "key.account.member",
                "views": [(False, "list")],
                "domain": [("member_id", "=", partner.id)],
            }
        if self.method in ("key_person", "relation"):
            return False
        first, last = self._get_window(day, month)
        xmlid, column = "key_account_bill_action", "date_bill"
        if self._is_by_month():
            xmlid, column = "key_account_month_action", "month"
        elif self.basis != "date":
            column = "period"
        domain = [("partner_id", "=", partner.id)]
        domain += [(column, ">=", first), (column, "<=", last)]
        if self.is_gross:
            domain.append(("kind", "!=", "credit"))
        if self.line_id:
            domain.append(("line_id", "=", self.line_id.id))
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"key_account_crm.{xmlid}"
        )
        return {**action, "domain": domain, "context": {}, "name": self.name}
