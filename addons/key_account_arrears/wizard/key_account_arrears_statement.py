# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.key_account_crm.report.key_account_open_item import AS_OF


class KeyAccountArrearsStatement(models.TransientModel):
    """A customer's statement of a period: what was open, billed and paid, what is open
    by age, disputed and promised. Of the rows its reader may open."""

    _name = "key.account.arrears.statement"
    _description = "Statement of Account"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        domain=[("key_account_kind", "!=", False)],
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        help="Empty: all that you may read.",
    )
    currency_id = fields.Many2one(
        comodel_name="res.currency",
        required=True,
        compute="_compute_currency_id",
        store=True,
        readonly=False,
        precompute=True,
        help="A statement is in one currency.",
    )
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: (
            fields.Date.context_today(self).replace(day=1) - relativedelta(months=2)
        ),
    )
    date_to = fields.Date(
        string="Until", required=True, default=fields.Date.context_today
    )
    opening = fields.Monetary(string="Open before", compute="_compute_figures")
    billed = fields.Monetary(compute="_compute_figures")
    paid = fields.Monetary(compute="_compute_figures")
    closing = fields.Monetary(string="Open at the End", compute="_compute_figures")
    overdue = fields.Monetary(string="Arrears", compute="_compute_figures")
    disputed = fields.Monetary(compute="_compute_figures")
    late_fee = fields.Monetary(compute="_compute_figures")
    bill_ids = fields.Many2many(
        comodel_name="key.account.bill", string="Bills", compute="_compute_figures"
    )
    payment_ids = fields.Many2many(
        comodel_name="key.account.payment",
        string="Payments",
        compute="_compute_figures",
    )

    @api.depends("partner_id")
    def _compute_currency_id(self):
        for statement in self:
            statement.currency_id = (
                statement.partner_id.key_account_currency_id
                or self.env.company.currency_id
            )

    @api.depends("partner_id", "line_id", "currency_id", "date_from", "date_to")
    @api.depends_context("uid")
    def _compute_figures(self):
        for statement in self:
            ours = statement._get_domain()
            bills = self.env["key.account.bill"]
            # Both sides of an allocated credit cancel out; on the paper it is no money.
            # What was given up is in no open item either.
            payments = self.env["key.account.payment"]
            money = ours & (
                Domain("allocation_id", "=", False)
                | Domain("allocation_id.bad_debt_id", "!=", False)
            )
            first, last = statement.date_from, statement.date_to
            statement.opening = statement._sum(
                bills, ours & Domain("date_bill", "<", first)
            ) - statement._sum(payments, money & Domain("date_payment", "<", first))
            statement.bill_ids = bills.search(
                ours & statement._within("date_bill"), order="date_bill, id"
            )
            statement.payment_ids = payments.search(
                money & statement._within("date_payment"), order="date_payment, id"
            )
            statement.billed = sum(statement.bill_ids.mapped("amount"))
            statement.paid = sum(statement.payment_ids.mapped("amount"))
            statement.closing = statement.opening + statement.billed - statement.paid
            items = statement._get_items() if last else None
            for name in ("overdue", "disputed", "late_fee"):
                statement[name] = sum(items.mapped(f"amount_{name}")) if items else 0

    def _get_domain(self):
        domain = Domain("partner_id", "=", self.partner_id._origin.id)
        domain &= Domain("currency_id", "=", self.currency_id._origin.id)
        if self.line_id:
            domain &= Domain("line_id", "=", self.line_id._origin.id)
        return domain

    def _within(self, fname):
        return Domain(fname, ">=", self.date_from) & Domain(fname, "<=", self.date_to)

    def _sum(self, model, domain):
        [[amount]] = model._read_group(domain, [], ["amount:sum"])
        return amount or 0

    def _get_items(self):
        """What was open at the end of the period."""
        day = fields.Date.to_string(self.date_to)
        items = self.env["key.account.open.item"].with_context(**{AS_OF: day})
        return items.search(self._get_domain(), order="date_due, id")

    def _get_ages(self, items):
        """(age, amount) of the open items: not due, each age there is, credits."""
        labels = dict(items._fields["bucket"]._description_selection(self.env))
        ages = {}
        for item in items:
            plain = item.bucket in ("credit", "not_due")
            name = labels[item.bucket] if plain else item.bucket_id.name
            key = item.bucket_id.days_from if not plain else -1, name
            ages[key] = ages.get(key, 0) + item.amount_open
        return [(name, amount) for (_days, name), amount in sorted(ages.items())]

    def _get_promises(self):
        """Promises that run: as far as the reader may open them."""
        return self.env["key.account.promise"].search(
            self._get_domain() & Domain("state", "=", "open"), order="date_due"
        )

    @api.constrains("date_from", "date_to")
    def _check_dates(self):
        for statement in self:
            if statement.date_to < statement.date_from:
                raise UserError(
                    self.env._("A statement ends after it begins: correct its dates.")
                )

    @api.depends("partner_id", "date_to")
    def _compute_display_name(self):
        for statement in self:
            statement.display_name = self.env._(
                "Statement %(customer)s %(date)s",
                customer=statement.partner_id.key_account_code or "",
                date=format_date(self.env, statement.date_to),
            )

    def action_print(self):
        return self.env.ref(
            "key_account_arrears.key_account_arrears_statement_report"
        ).report_action(self)

    def action_view_items(self):
        """The open items of the end of the period, as rows."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_open_item_action"
        )
        action["domain"] = list(self._get_domain())
        action["context"] = {AS_OF: fields.Date.to_string(self.date_to)}
        return action
