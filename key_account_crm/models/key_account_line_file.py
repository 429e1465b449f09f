# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError


class KeyAccountLineFile(models.Model):
    """What one business line knows about one customer (专业客户档案, FILE-02, 1.2.2).

    A customer served by three companies is one customer with three line files, each
    with its own unit and manager, who read the facts of their own line only.
    """

    _name = "key.account.line.file"
    _description = "Professional Line File"
    _inherit = ["mail.thread"]
    _order = "partner_id, line_id"
    _rec_name = "line_id"

    partner_id = fields.Many2one(
        comodel_name="res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("key_account_kind", "!=", False)],
    )
    line_id = fields.Many2one(
        comodel_name="key.account.line",
        string="Business Line",
        required=True,
        index=True,
        ondelete="restrict",
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        required=True,
        index=True,
        ondelete="restrict",
        tracking=True,
        default=lambda self: self.env.user.key_account_unit_id,
        help="The unit that serves the customer on this line.",
    )
    manager_id = fields.Many2one(
        comodel_name="res.users",
        string="Account Manager",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
        domain=[("key_account_role", "=", "manager")],
    )
    agreement_number = fields.Char(tracking=True)
    date_from = fields.Date(string="Customer Since")
    date_agreement_end = fields.Date(string="Agreement Ends")
    amount_year = fields.Monetary(
        string="Agreed Yearly Revenue", help="As agreed, in the company's currency."
    )
    currency_id = fields.Many2one(related="unit_id.company_id.currency_id")
    volume = fields.Char(help="Yearly volume as the line measures it.")
    station_count = fields.Integer(string="Stations")
    season = fields.Char(string="Seasons", help="When the customer is busy.")
    product_data = fields.Text(help="What only this line needs to know.")
    competitor_id = fields.Many2one(
        comodel_name="key.account.term",
        string="Competitor",
        domain=[("category", "=", "competitor")],
        ondelete="restrict",
    )

    _line_uniq = models.Constraint(
        "UNIQUE (partner_id, line_id)", "The customer has a file of this line already."
    )

    @api.constrains("partner_id")
    def _check_partner_id(self):
        for file in self:
            if not file.partner_id.key_account_kind:
                raise ValidationError(
                    self.env._(
                        "%(partner)s has no customer file: register the customer "
                        "first.",
                        partner=file.partner_id.display_name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        files = super().create(vals_list)
        files._check_customer_is_ours()
        files._realign()
        return files

    def write(self, vals):
        is_moved = bool({"partner_id", "line_id"} & vals.keys())
        is_assigned = bool({"unit_id", "manager_id"} & vals.keys())
        if is_moved:
            self._check_customer_is_ours()
        result = super().write(vals)
        if is_moved:
            self._check_customer_is_ours()
        if is_assigned:
            self._check_assignment()
        if is_moved or is_assigned:
            self._realign()
        return result

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        partners._key_account_realign_facts()
        return result

    def _check_customer_is_ours(self):
        """Whoever keeps the customer's file says who serves it on which line.

        A line file opens the basic file and the bills of the line to its unit: nobody
        may give himself one.
        """
        if self.env.su or self.partner_id.has_access("write"):
            return
        raise AccessError(
            self.env._(
                "Only the unit that keeps the file of a customer decides who serves "
                "the customer on a line: ask it, or the centre."
            )
        )

    def _check_assignment(self):
        """Lines are assigned inside the assigner's units, and not by managers."""
        if self.env.su:
            return
        self.env.flush_all()
        if self.env.user.key_account_role == "manager" or not self.has_access("write"):
            raise AccessError(
                self.env._(
                    "You can assign lines to units and managers of your own unit only: "
                    "ask the level above."
                )
            )

    def _realign(self):
        """Facts follow the file's unit and manager; the manager's reach is renewed."""
        self.partner_id._key_account_realign_facts()
        self.env.registry.clear_cache()
