# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL


class KeyAccountCostMixin(models.AbstractModel):
    """What serving a customer has cost: by the rule of the day, or as entered.

    The model says what it is (``_cost_source``), on which day a record counts
    (``_cost_get_day``), and by which kind, day, hours and distance its cost is reckoned
    (``_cost_get_basis``). Whatever it writes, it writes through ``_cost_keep``.
    """

    _name = "key.account.cost.mixin"
    _description = "Service with a Cost"
    _cost_source = None
    # Fields by which the cost is reckoned, and further ones the months rest on.
    _cost_basis = {"kind_id", "line_id", "partner_id", "state"}
    _cost_figures = {"cost", "currency_id", "date_accepted"}

    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        ondelete="restrict",
        default=lambda self: self.env.company.currency_id,
    )
    cost = fields.Monetary(
        copy=False, help="By the cost rule of the day, unless another is entered."
    )
    is_cost_entered = fields.Boolean(
        string="Cost Entered",
        copy=False,
        readonly=True,
        help="Somebody entered the cost: no rule changes it.",
    )
    cost_rule_id = fields.Many2one(
        comodel_name="key.account.cost.rule",
        string="Cost Rule",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            vals.pop("cost_rule_id", None)
            vals["is_cost_entered"] = bool(vals.get("cost"))
        return super().create(vals_list)

    def write(self, vals):
        if {"is_cost_entered", "cost_rule_id"} & vals.keys() or "cost" in vals:
            vals = {k: v for k, v in vals.items() if k != "is_cost_entered"}
            vals.pop("cost_rule_id", None)
            if "cost" in vals:
                vals.update(is_cost_entered=True, cost_rule_id=False)
        return super().write(vals)

    def action_cost_by_rule(self):
        """Forget what was entered: the rule of the day says what it cost."""
        self.check_access("write")
        super().write({"is_cost_entered": False})
        self._cost_renew()
        self._cost_refresh_months()
        return True

    def _cost_get_day(self):
        """The day in whose month a record counts: the one it was accepted on. Hook."""
        self.ensure_one()
        moment = self.date_accepted
        return moment and self.env["key.account.month"]._get_local_day(moment)

    def _cost_get_basis(self):
        """Dict of kind (a term), day, hours, km of a record whose cost is known; None
        of one that has none yet. Hook."""
        self.ensure_one()
        return None

    @api.model
    def _cost_get_day_sql(self) -> SQL:
        """The day of a record's cost, of the table as ``fact``. Hook."""
        return SQL("fact.create_date")

    def _cost_keep(self, vals, write):
        """Write, and let cost and months follow.

        :param write: the method that writes the values
        """
        if not (self._cost_basis | self._cost_figures) & vals.keys():
            return write(vals)
        before = self.partner_id.ids, self._cost_get_first_day()
        result = write(vals)
        if self._cost_basis & vals.keys():
            self._cost_renew()
        self._cost_refresh_months(*before)
        return result

    def _cost_get_first_day(self):
        days = [record._cost_get_day() for record in self]
        return min(filter(None, days), default=None)

    def _cost_refresh_months(self, partner_ids=(), first=None):
        """The months of the customers count these records and what they cost.

        :param partner_ids: whose they were before
        :param first: the first day on which they counted before
        """
        ids = sorted({*partner_ids, *self.partner_id.ids})
        day = min(filter(None, (first, self._cost_get_first_day())), default=None)
        if ids and day:
            # Of two who write at once the later one fails, is tried again, sees both.
            self.env["key.account.standing"]._touch(ids)
            # sudo: months follow from the records, whoever works on one.
            months = self.env["key.account.month"].sudo()
            months._refresh_months(ids, day.replace(day=1))

    def _cost_renew(self):
        """The cost of these records by the rules of their days."""
        rules = self.env["key.account.cost.rule"]
        found = {}
        for record in self.filtered(lambda record: not record.is_cost_entered):
            basis = record._cost_get_basis()
            key = basis and (basis["day"], record.unit_id)
            if basis and key not in found:
                found[key] = rules._get_in_force(*key)
            rule = found[key] if basis else rules
            cost = rule._get_cost(record, basis) if rule else 0
            vals = {"cost": cost, "cost_rule_id": rule.id}
            if rule:
                vals["currency_id"] = rule.currency_id.id
            if record._cost_differs(vals):
                record._cost_store(vals)

    def _cost_differs(self, vals):
        return any(
            self._fields[name].convert_to_write(self[name], self) != value
            for name, value in vals.items()
        )

    def _cost_store(self, vals):
        # sudo: the cost follows from the rule, whoever wrote what it rests on.
        return super(KeyAccountCostMixin, self.sudo()).write(vals)
