# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL, format_amount

from .res_partner_figures import FIGURES


class ResPartner(models.Model):
    """What a customer owes and brought in other currencies than that of its ledger,
    and what is late of it after its credits.

    Nothing converts: a rate of the day would move figures that nobody moved.
    """

    _inherit = "res.partner"

    key_account_other_money = fields.Char(
        string="In Other Currencies",
        compute="_compute_key_account_figures",
        search="_search_key_account_other_money",
        help="What was billed and is open in other currencies than that of the "
        "customer's ledger. It is in none of the other figures.",
    )
    key_account_overdue_net = fields.Monetary(
        string="Overdue Net of Credits",
        currency_field="key_account_currency_id",
        compute="_compute_key_account_overdue_net",
        search="_search_key_account_overdue_net",
        aggregator="sum",
        help="The overdue amount less unallocated credits, zero where these are more.",
    )

    def _key_account_tell_other_money(self, sums):
        """:param dict sums: (customer, currency) to the figures in that currency"""
        ledgers = {partner._origin: partner.key_account_currency_id for partner in self}
        others = {key: sums[key] for key in sums if ledgers[key[0]] != key[1]}
        late = others and self._key_account_sum_money(
            "key.account.bill",
            ~self._key_account_ledger_domain()
            & self.env["key.account.bill"]._get_overdue_domain(),
            ["amount_open:sum"],
        )
        texts = {}
        for (partner, currency), figures in sorted(
            others.items(), key=lambda item: item[0][1].name
        ):
            values = dict(zip(FIGURES, figures, strict=True))
            [values["key_account_overdue"]] = late.get((partner, currency), [0.0])
            text = self._key_account_describe_money(currency, values)
            texts.setdefault(partner, []).append(text)
        for partner in self:
            partner.key_account_other_money = "; ".join(texts.get(partner._origin, []))

    def _key_account_describe_money(self, currency, values):
        amounts = {
            name: format_amount(self.env, value, currency)
            for name, value in values.items()
        }
        parts = [
            self.env._("%(amount)s in 12 months", amount=amounts["key_account_year"]),
            self.env._("%(amount)s open", amount=amounts["key_account_open"]),
        ]
        if values["key_account_overdue"]:
            late = amounts["key_account_overdue"]
            parts.append(self.env._("%(amount)s overdue", amount=late))
        if values["key_account_credit"]:
            credit = amounts["key_account_credit"]
            parts.append(self.env._("%(amount)s in credits", amount=credit))
        return f"{currency.name}: " + ", ".join(parts)

    def _search_key_account_other_money(self, operator, value):
        if operator != "in" or any(value):
            return NotImplemented  # only whether there are any; the ORM negates
        standings = self.env["key.account.line.standing"]
        query = standings._search(~self._key_account_ledger_domain())
        return Domain("id", "not in", query.subselect("partner_id"))

    @api.depends("key_account_overdue", "key_account_credit")
    def _compute_key_account_overdue_net(self):
        for partner in self:
            partner.key_account_overdue_net = max(
                partner.key_account_overdue - partner.key_account_credit, 0
            )

    def _search_key_account_overdue_net(self, operator, value):
        if operator not in (">", ">=", "<", "<="):
            return NotImplemented
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s %s %s",
                model._field_to_sql(alias, "key_account_overdue_net", query),
                SQL(operator),  # pylint: disable=sql-injection  # checked above
                value,
            )
        )

    def action_allocate_key_account_credits(self):
        """Open the proposal which credits settle which bills."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_allocate_action"
        )
        action["context"] = {"default_partner_id": self.id}
        return action

    @api.model
    def _key_account_ledger_domain(self):
        """Facts in the currency of their customer's ledger, as a domain of theirs."""
        ledgers = self._key_account_get_ledgers()
        if len(ledgers) == 1:
            return Domain("currency_id", "=", ledgers[0][0])
        return Domain.OR(
            Domain("currency_id", "=", currency_id)
            & Domain("partner_id", "any!", [("key_account_unit_id", "in", unit_ids)])
            for currency_id, unit_ids in ledgers
        )

    @api.model
    @tools.ormcache()
    def _key_account_get_ledgers(self):
        """Ids of the currencies in which units keep their ledgers, and of the units."""
        # sudo: which company keeps the ledger of a unit is no secret.
        units = self.env["key.account.unit"].sudo().with_context(active_test=False)
        groups = units._read_group([], ["company_id.currency_id"], ["id:array_agg"])
        return tuple((currency.id, tuple(ids)) for currency, ids in groups)
