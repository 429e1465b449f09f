# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

# What a shape says of a gateway; whose it is and what it costs is not a shape's.
GATEWAY = set(
    "method body_format body_template charset number_format batch_size "
    "number_separator time_format time_zone sign_algorithm sign_template sign_key "
    "sign_names sign_joiner sign_separator sign_is_encoded sign_output items_path "
    "item_number_path reference_path reason_path cost_path is_idempotent report_auth "
    "report_auth_name report_algorithm report_output report_time_header "
    "report_items_path report_uuid_path report_reference_path report_number_path "
    "report_answer".split()
)
FIELD = {"place", "name", "value", "is_optional"}
RULE = {"use", "source", "key", "test", "value", "outcome"}


class KeyAccountSmsProfile(models.Model):
    """A shape that many gateways share: begins the description of one."""

    _name = "key.account.sms.profile"
    _description = "Shape of SMS Gateways"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    note = fields.Text(translate=True)
    content = fields.Text(
        required=True,
        help='JSON: {"gateway": {…}, "fields": […], "rules": […], "secrets": […]}.',
    )

    @api.constrains("content")
    def _check_content(self):
        for profile in self:
            profile._read_content()

    def _read_content(self):
        try:
            content = json.loads(self.content)
            problem = self._get_problem(content)
        except (ValueError, TypeError, AttributeError) as error:
            problem = str(error)
        if problem:
            raise ValidationError(
                self.env._(
                    "The shape %(name)s is malformed: %(problem)s",
                    name=self.name,
                    problem=problem,
                )
            )
        return content

    def _get_problem(self, content):
        unknown = set(content) - {"gateway", "fields", "rules", "secrets"}
        unknown |= set(content.get("gateway", {})) - GATEWAY
        for part, names in (("fields", FIELD), ("rules", RULE)):
            for row in content.get(part, []):
                unknown |= set(row) - names
        return ", ".join(sorted(unknown))

    def _apply(self, gateway):
        """Describe a gateway like this. Address, account and secrets stay."""
        self.ensure_one()
        content = self._read_content()
        known = set(gateway.secret_ids.mapped("code"))
        gateway.write(
            {
                **content.get("gateway", {}),
                "field_ids": self._prepare_rows(content, "fields"),
                "rule_ids": self._prepare_rows(content, "rules"),
                "secret_ids": [
                    Command.create({"code": code})
                    for code in content.get("secrets", [])
                    if code not in known
                ],
            }
        )

    def _prepare_rows(self, content, part):
        rows = [
            Command.create({**row, "sequence": 10 * number})
            for number, row in enumerate(content.get(part, []), start=1)
        ]
        return [Command.clear(), *rows]
