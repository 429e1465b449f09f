# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

BILLS_PRINTED = 12
# Fields of the printed file, in order; those without a value are left out.
PRINTED = (
    "key_account_code",
    "key_account_short_name",
    "key_account_kind",
    "key_account_state",
    "key_account_unit_id",
    "key_account_manager_id",
    "key_account_parent_id",
    "industry_id",
    "key_account_class_id",
    "key_account_ownership_id",
    "key_account_credit_code",
    "key_account_legal_person",
    "key_account_staff_count",
    "key_account_capital",
    "contact_address",
    "phone",
    "email",
    "website",
    "key_account_date_from",
    "key_account_date_contract_end",
    "key_account_year",
    "key_account_open",
    "key_account_overdue",
)
# Tables of the printed file: the customer's one2many, its columns, the latest rows.
TABLES = (
    (
        "child_ids",
        ("name", "function", "key_account_decision_role", "phone", "email"),
    ),
    (
        "key_account_line_file_ids",
        ("line_id", "unit_id", "manager_id", "agreement_number"),
    ),
    ("key_account_number_ids", ("name", "line_id", "state", "date_opened")),
    ("key_account_member_ids", ("name", "importance", "date_from", "date_to")),
)
BILL_COLUMNS = ("name", "line_id", "date_bill", "date_due", "amount", "amount_open")


class ResPartner(models.Model):
    """The customer file on paper (FILE-21): what its reader sees on the screen."""

    _inherit = "res.partner"

    def _key_account_file_name(self):
        return self.env._("Customer file %(code)s", code=self.key_account_code or "")

    def _key_account_file_fields(self):
        """Pairs of label and text of what is known, read with the printer's rights."""
        self.ensure_one()
        if not self.key_account_kind:
            raise UserError(
                self.env._(
                    "%(partner)s is no key account: there is no customer file to "
                    "print.",
                    partner=self.display_name,
                )
            )
        labels = self.fields_get(PRINTED, ["string"])
        pairs = [
            (labels[fname]["string"], self._key_account_text(self, fname))
            for fname in PRINTED
        ]
        return [(label, text) for label, text in pairs if text]

    def _key_account_file_tables(self):
        """The lists of the file: contacts, lines, numbers, members, the last bills."""
        self.ensure_one()
        bills = self.env["key.account.bill"].search(
            [("partner_id", "=", self.id)], limit=BILLS_PRINTED
        )
        labels = self.fields_get([fname for fname, _columns in TABLES], ["string"])
        found = [
            (labels[fname]["string"], self[fname]._filtered_access("read"), columns)
            for fname, columns in TABLES
        ]
        found.append((self.env._("Latest bills"), bills, BILL_COLUMNS))
        return [
            self._key_account_table(title, records, columns)
            for title, records, columns in found
            if records
        ]

    def _key_account_table(self, title, records, columns):
        labels = records.fields_get(columns, ["string"])
        return {
            "title": title,
            "head": [labels[fname]["string"] for fname in columns],
            "is_amount": [
                records._fields[fname].type in ("monetary", "float", "integer")
                for fname in columns
            ],
            "rows": [
                [self._key_account_text(record, fname) for fname in columns]
                for record in records
            ],
        }

    def _key_account_text(self, record, fname):
        """The value as its reader would see it on the screen, in his language."""
        field, value = record._fields[fname], record[fname]
        if not value:
            return ""
        if fname == "contact_address":
            # The name stands above; an address takes one line of the table.
            lines = record._display_address(without_company=True).splitlines()
            return " ".join(line.strip() for line in lines if line.strip())
        if field.type == "monetary":
            currency = record[field.get_currency_field(record)]
            return format_amount(self.env, value, currency)
        if field.type == "date":
            return format_date(self.env, value)
        if field.type == "selection":
            return dict(field._description_selection(self.env))[value]
        if field.type == "many2one":
            return value.display_name
        return str(value)
