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
        """The cost of these records by the rules of their days, in sets."""
        bases = {
            record: record._cost_get_basis()
            for record in self
            if not record.is_cost_entered
        }
        places = {
            record: (basis["day"], record.unit_id)
            for record, basis in bases.items()
            if basis
        }
        found = self.env["key.account.cost.rule"]._get_all_in_force(places.values())
        rows = []
        for record, basis in bases.items():
            rule = found[places[record]] if basis else None
            row = record._cost_get_row(rule, basis)
            known = record.cost, record.cost_rule_id.id or None, record.currency_id.id
            if row != known:
                rows.append((record.id, *row))
        self._cost_store(rows)

    def _cost_get_row(self, rule, basis):
        """(cost, id of the rule, id of the currency) by a rule, if any."""
        self.ensure_one()
        if not rule:
            return 0.0, None, self.currency_id.id
        return rule._get_cost(self, basis), rule.id, rule.currency_id.id

    def _cost_store(self, rows):
        """Write what follows from the rules, whoever wrote what it rests on.

        :param rows: (id, cost, id of the rule, id of the currency)
        """
        if not rows:
            return
        self._key_account_say_who()
        self.flush_model()
        self.env.cr.execute(
            SQL(
                """
                UPDATE %(table)s AS record
                   SET cost = found.cost::numeric, cost_rule_id = found.rule_id::int,
                       currency_id = found.currency_id::int
                  FROM (VALUES %(rows)s) AS found (id, cost, rule_id, currency_id)
                 WHERE record.id = found.id
                """,
                table=SQL.identifier(self._table),
                rows=SQL(", ").join(rows),
            )
        )
        records = self.browse(row[0] for row in rows)
        names = ["cost", "cost_rule_id", "currency_id"]
        records.invalidate_recordset(names, flush=False)
        records.modified(names)
