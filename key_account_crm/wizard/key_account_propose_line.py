# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import UserError

KINDS = {
    "char": "text",
    "text": "text",
    "many2one": "record",
    "selection": "choice",
    "boolean": "flag",
    "integer": "number",
    "float": "number",
    "monetary": "number",
    "date": "date",
}


class KeyAccountProposeLine(models.TransientModel):
    """One field of a proposal with its present and its new value (COL-05)."""

    _name = "key.account.propose.line"
    _description = "Proposed Value"

    wizard_id = fields.Many2one(comodel_name="key.account.propose", ondelete="cascade")
    field_name = fields.Selection(
        selection="_selection_field_name", string="Field", required=True
    )
    kind = fields.Char(compute="_compute_kind")
    model = fields.Char(compute="_compute_kind")
    present = fields.Char(string="Now", compute="_compute_present")
    value_text = fields.Char(
        string="New Text", compute="_compute_values", store=True, readonly=False
    )
    value_number = fields.Float(
        string="New Number", compute="_compute_values", store=True, readonly=False
    )
    value_date = fields.Date(
        string="New Date", compute="_compute_values", store=True, readonly=False
    )
    value_flag = fields.Boolean(
        string="New Yes or No", compute="_compute_values", store=True, readonly=False
    )
    value_choice = fields.Selection(
        selection="_selection_choice",
        string="New Choice",
        compute="_compute_values",
        store=True,
        readonly=False,
    )
    value_record = fields.Reference(
        selection="_selection_model",
        string="New Record",
        compute="_compute_values",
        store=True,
        readonly=False,
    )

    @api.model
    def _get_key_fields(self):
        known = self.env["res.partner"]._fields
        return [known[n] for n in self.env["key.account.change"]._get_key_fields()]

    @api.model
    def _selection_field_name(self):
        return [
            (field.name, field._description_string(self.env))
            for field in self._get_key_fields()
        ]

    @api.model
    def _selection_choice(self):
        return [
            (f"{field.name}:{value}", label)
            for field in self._get_key_fields()
            if field.type == "selection"
            for value, label in field._description_selection(self.env)
        ]

    @api.model
    def _selection_model(self):
        names = sorted(
            {f.comodel_name for f in self._get_key_fields() if f.type == "many2one"}
        )
        return [(name, self.env[name]._description) for name in names]

    @api.depends("field_name")
    def _compute_kind(self):
        known = self.env["res.partner"]._fields
        for line in self:
            field = known.get(line.field_name)
            line.kind = field and KINDS[field.type]
            line.model = field and field.comodel_name

    @api.depends("field_name", "wizard_id.partner_id")
    def _compute_present(self):
        changes = self.env["key.account.change"]
        for line in self:
            partner, name = line.wizard_id.partner_id, line.field_name
            line.present = False
            if partner and name:
                field = partner._fields[name]
                text, _res_id = changes._to_text(field, partner[name])
                line.present = changes._render(field, text)

    @api.depends("field_name", "wizard_id.partner_id")
    def _compute_values(self):
        """Start from what the file says now."""
        for line in self:
            value = line.wizard_id.partner_id[line.field_name] if line.field_name else 0
            line.value_text = value if line.kind == "text" else False
            line.value_number = value if line.kind == "number" else 0
            line.value_date = value if line.kind == "date" else False
            line.value_flag = value if line.kind == "flag" else False
            is_choice = line.kind == "choice" and value
            line.value_choice = f"{line.field_name}:{value}" if is_choice else False
            is_record = line.kind == "record" and value
            line.value_record = f"{line.model},{value.id}" if is_record else False

    def _get_value(self):
        """The new value, as ``write`` takes it."""
        self.ensure_one()
        if self.kind == "choice":
            name, _colon, value = (self.value_choice or "").partition(":")
            if value and name != self.field_name:
                raise UserError(
                    self.env._(
                        "%(choice)s is no choice of %(field)s: choose one that is.",
                        choice=dict(self._selection_choice())[self.value_choice],
                        field=dict(self._selection_field_name())[self.field_name],
                    )
                )
            return value or False
        if self.kind == "record":
            self._check_record()
            return self.value_record.id if self.value_record else False
        return self[f"value_{self.kind}"]

    def _check_record(self):
        if self.value_record and self.value_record._name != self.model:
            raise UserError(
                self.env._(
                    "Choose a record of the kind %(kind)s.",
                    kind=self.env[self.model]._description,
                )
            )
