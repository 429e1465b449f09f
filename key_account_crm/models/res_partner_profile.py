# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models


def term(category, label):
    """A choice from one dictionary."""
    return fields.Many2one(
        comodel_name="key.account.term",
        string=label,
        domain=[("category", "=", category)],
        ondelete="restrict",
    )


class ResPartner(models.Model):
    """What is known about a customer: the fields of tables 1.2.1, 1.2.3 and 1.2.6.

    Figures that batches rewrite are not here (design 3.8), nor what is private to a
    person.
    """

    _inherit = "res.partner"

    key_account_currency_id = fields.Many2one(
        comodel_name="res.currency", compute="_compute_key_account_currency_id"
    )
    # who the customer is
    key_account_short_name = fields.Char(string="Short Name")
    key_account_date_from = fields.Date(
        string="Customer Since", help="The day the file was opened."
    )
    key_account_date_key = fields.Date(
        string="Key Customer Since", help="The day it became a key customer."
    )
    key_account_class_id = term("class", "Customer Class")
    key_account_definition_id = term("definition", "Definition Level")
    key_account_ownership_id = term("ownership", "Ownership")
    key_account_organisation_id = term("organisation", "Organisation Type")
    key_account_value_class_id = term("value_class", "Value Class")
    key_account_area_id = term("area", "Area Characteristic")
    key_account_credit_code = fields.Char(
        string="Credit Code",
        index="btree_not_null",
        help="Unified social credit code or register number.",
    )
    key_account_fax = fields.Char(string="Fax")
    key_account_legal_person = fields.Char(string="Legal Representative")
    key_account_legal_person_data = fields.Text(string="About the Representative")
    key_account_channel_id = term("channel", "Source Channel")
    key_account_method_id = term("method", "Collection Method")
    # what it is like
    key_account_staff_count = fields.Integer(string="Staff")
    key_account_capital = fields.Monetary(
        string="Registered Capital", currency_field="key_account_currency_id"
    )
    key_account_sales = fields.Monetary(
        string="Yearly Sales", currency_field="key_account_currency_id"
    )
    key_account_trade_rank = fields.Char(string="Rank in its Trade")
    key_account_superior = fields.Char(string="Superior Authority")
    key_account_partners = fields.Text(string="Main Partners")
    key_account_business_plan = fields.Text(string="Business Plan")
    key_account_competition = fields.Text(
        string="Competition", help="Competitors of ours that serve the customer."
    )
    key_account_solution = fields.Char(string="Industry Solution Used")
    key_account_vnet_count = fields.Integer(string="V-Net Users")
    key_account_product_count = fields.Integer(string="Products Used")
    key_account_informatisation = fields.Integer(
        string="Informatisation Level", help="0 to 5."
    )
    key_account_date_signed = fields.Date(string="Signed on")
    key_account_date_contract_end = fields.Date(string="Contract Ends")
    key_account_influence = fields.Integer(
        string="Influence", help="Policy and industry influence, 0 to 10."
    )
    key_account_tax_rank = fields.Integer(string="Revenue and Tax Rank")
    # money and credit
    key_account_tax_id = term("tax", "Tax Kind")
    key_account_bank_opinion = fields.Char(string="Bank's Opinion")
    key_account_peer_opinion = fields.Char(string="Peers' Opinion")
    key_account_payment_attitude = fields.Selection(
        selection=[
            ("prompt", "Pays Promptly"),
            ("reminded", "Pays when Reminded"),
            ("slow", "Pays Slowly"),
            ("refuses", "Refuses"),
        ],
        string="Payment Attitude",
    )
    key_account_credit_limit = fields.Monetary(currency_field="key_account_currency_id")
    key_account_is_unified = fields.Boolean(
        string="Unified Payment", help="The group pays for its members."
    )
    # an individual
    key_account_brand_id = term("brand", "Brand")
    key_account_origin = fields.Selection(
        selection=[("personal", "Personal"), ("group", "From a Group")],
        string="Origin",
    )
    key_account_occupation = fields.Char(string="Occupation")
    key_account_employer = fields.Char(string="Employer")
    key_account_preferred_contact = fields.Selection(
        selection=[
            ("phone", "Phone"),
            ("sms", "SMS"),
            ("email", "E-mail"),
            ("visit", "Visit"),
            ("post", "Post"),
        ],
        string="Preferred Contact",
    )
    # a contact
    key_account_decision_role = fields.Selection(
        selection=[
            ("decides", "Decides"),
            ("influences", "Influences"),
            ("recommends", "Recommends"),
            ("uses", "Uses"),
            ("pays", "Pays"),
            ("opposes", "Opposes"),
        ],
        string="Decision Role",
    )
    key_account_relation = fields.Selection(
        selection=[
            ("1", "Distant"),
            ("2", "Neutral"),
            ("3", "Friendly"),
            ("4", "Trusting"),
        ],
        string="Relation Level",
    )

    @api.depends("key_account_unit_id.company_id")
    @api.depends_context("company")
    def _compute_key_account_currency_id(self):
        for partner in self:
            # sudo: the currency of a unit's company is no secret.
            company = partner.key_account_unit_id.sudo().company_id or self.env.company
            partner.key_account_currency_id = company.currency_id
