# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import ast

from odoo import api, fields, models

READER = "key_account_crm.group_key_account_reader"
LATEST = 12
HIERARCHY_LIMIT = 200
# count field: (model, its field that names the customer)
COUNTS = {
    "key_account_bill_count": ("key.account.bill", "partner_id"),
    "key_account_payment_count": ("key.account.payment", "partner_id"),
    "key_account_number_count": ("key.account.number", "partner_id"),
    "key_account_line_file_count": ("key.account.line.file", "partner_id"),
    "key_account_member_count": ("key.account.member", "partner_id"),
    "key_account_contact_count": ("res.partner", "parent_id"),
    "key_account_child_count": ("res.partner", "key_account_parent_id"),
}


class ResPartner(models.Model):
    """What the customer's screens show besides the file: counts, and latest rows."""

    _inherit = "res.partner"

    key_account_bill_count = fields.Integer(
        string="Bills", compute="_compute_key_account_counts", groups=READER
    )
    key_account_payment_count = fields.Integer(
        string="Payments", compute="_compute_key_account_counts", groups=READER
    )
    key_account_number_count = fields.Integer(
        string="Numbers", compute="_compute_key_account_counts", groups=READER
    )
    key_account_line_file_count = fields.Integer(
        string="Line Files", compute="_compute_key_account_counts", groups=READER
    )
    key_account_member_count = fields.Integer(
        string="Members", compute="_compute_key_account_counts", groups=READER
    )
    key_account_contact_count = fields.Integer(
        string="Contacts", compute="_compute_key_account_counts", groups=READER
    )
    key_account_child_count = fields.Integer(
        string="Subordinates", compute="_compute_key_account_counts", groups=READER
    )
    key_account_latest_bill_ids = fields.Many2many(
        comodel_name="key.account.bill",
        string="Latest Bills",
        compute="_compute_key_account_latest_bill_ids",
        groups=READER,
    )
    key_account_latest_payment_ids = fields.Many2many(
        comodel_name="key.account.payment",
        string="Latest Payments",
        compute="_compute_key_account_latest_payment_ids",
        groups=READER,
    )
    key_account_line_standing_ids = fields.One2many(
        comodel_name="key.account.line.standing",
        inverse_name="partner_id",
        string="Figures by Line",
        readonly=True,
        groups=READER,
    )

    @api.depends_context("uid")
    def _compute_key_account_counts(self):
        for fname, (model, customer) in COUNTS.items():
            groups = self.env[model]._read_group(
                [(customer, "in", self.ids)], [customer], ["__count"]
            )
            counts = {partner.id: count for partner, count in groups}
            for partner in self:
                partner[fname] = counts.get(partner.id, 0)

    @api.depends_context("uid")
    def _compute_key_account_latest_bill_ids(self):
        self._key_account_compute_latest("key_account_latest_bill_ids")

    @api.depends_context("uid")
    def _compute_key_account_latest_payment_ids(self):
        self._key_account_compute_latest("key_account_latest_payment_ids")

    def _key_account_compute_latest(self, fname):
        """The latest rows of one customer: of forms only, hence one query for each."""
        model = self.env[self._fields[fname].comodel_name]
        for partner in self:
            partner[fname] = model.search_fetch(
                [("partner_id", "in", partner.ids)], limit=LATEST
            )

    def _read_format(self, fnames, load="_classic_read"):
        result = super()._read_format(fnames, load=load)
        if not load:  # the client asks for names next: of all fields at once
            links = (name for name in fnames if self._key_account_is_word(name))
            words = self.env["key.account.term"].union(*map(self.mapped, links))
            # sudo: the name of what a visible record links to is shown with it.
            words.sudo().fetch()
        return result

    @api.model
    def _key_account_is_word(self, fname):
        field = self._fields[fname]
        return field.type == "many2one" and field.comodel_name == "key.account.term"

    @api.model
    def default_get(self, fields):
        """A new customer is active, in the unit of whoever registers it."""
        values = super().default_get(fields)
        user = self.env.user
        if values.get("key_account_kind"):
            values.setdefault("key_account_state", "active")
            values.setdefault("key_account_unit_id", user.key_account_unit_id.id)
            if user.key_account_role == "manager":
                values.setdefault("key_account_manager_id", user.id)
        return values

    @api.model
    def hierarchy_read(
        self, domain, specification, parent_field, child_field=None, order=None
    ):
        """The drawing of groups shows the first customers found, never all of them."""
        if parent_field == "key_account_parent_id":
            found = self.search(domain, limit=HIERARCHY_LIMIT, order=order)
            domain = [("id", "in", found.ids)]
        return super().hierarchy_read(
            domain, specification, parent_field, child_field, order
        )

    def action_view_key_account_bills(self, period=None):
        """The customer's bills, or those of one month of the chart."""
        action = self._key_account_open("key_account_crm.key_account_bill_action")
        if period:
            action["domain"].append(("period", "=", period))
        return action

    def action_view_key_account_payments(self):
        return self._key_account_open("key_account_crm.key_account_payment_action")

    def action_view_key_account_numbers(self):
        return self._key_account_open("key_account_crm.key_account_number_action")

    def action_view_key_account_line_files(self):
        return self._key_account_open("key_account_crm.key_account_line_file_action")

    def action_view_key_account_members(self):
        return self._key_account_open("key_account_crm.key_account_member_action")

    def action_view_key_account_contacts(self):
        return self._key_account_open(
            "key_account_crm.key_account_contact_action", "parent_id"
        )

    def action_view_key_account_children(self):
        return self._key_account_open(
            "key_account_crm.key_account_action", "key_account_parent_id"
        )

    def _key_account_open(self, xmlid, customer="partner_id"):
        """The rows of this customer in the list that the menu opens."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(xmlid)
        context = ast.literal_eval(action["context"])
        action["domain"] = [(customer, "=", self.id)]
        action["context"] = {**context, f"default_{customer}": self.id}
        return action
