# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from ..layout import RECORDS

# Error codes in the order of the last four digits of the record code; append only.
CODES = (
    "columns",
    "letter",
    "encoding",
    "control",
    "escape",
    "line_long",
    "required",
    "long",
    "date",
    "stamp",
    "month",
    "amount",
    "amount_absurd",
    "count",
    "email",
    "choice",
    "unit",
    "unit_outside",
    "manager",
    "line",
    "industry",
    "currency",
    "class",
    "definition",
    "ownership",
    "organisation",
    "value_class",
    "area",
    "brand",
    "channel",
    "method",
    "duplicate",
    "city",
    "other_branch",
    "merged",
    "unknown_left",
    "state_step",
    "future",
    "parent",
    "parent_kind",
    "parent_cycle",
    "parent_refused",
    "customer",
    "customer_refused",
    "no_delete",
    "line_other_branch",
    "number_other",
    "contact",
    "due_early",
    "sign",
    "number",
    "ledger",
    "bill",
    "currency_bill",
    "masked",
    "duplicate_merged",
    "origin",
    "origin_of_bill",
    "origin_kind",
    "origin_currency",
    "outside_month",
    "older",
    "origin_credited",
)


class KeyAccountFeedText(models.AbstractModel):
    """What the codes of a transmission say, in the language of their reader."""

    _name = "key.account.feed.text"
    _description = "Texts of the Key Account Feed"

    @api.model
    def _get_record(self, letter):
        """The record of a letter, of whatever interface; None when unknown. Hook."""
        return RECORDS.get(letter)

    @api.model
    def _get_codes(self):
        """The codes of errors in the order of their numbers. Hook: append only."""
        return CODES

    @api.model
    def _get_other_texts(self, refusal, values):
        """Reasons and remedies of the codes of other interfaces. Hook."""
        return {}

    @api.model
    def _get_file_text(self, code, value):
        """Reason and remedy of a file-level code; nothing for a good file."""
        if not code or code == "00":
            return False, False
        value = value or ""
        texts = (
            self._get_file_texts(value)
            | self._get_name_texts(value)
            | self._get_transfer_texts(value)
            | self._get_accept_texts(value)
        )
        return texts.get(code, (self.env._("Error %(code)s", code=code), False))

    @api.model
    def _get_file_texts(self, value):
        _ = self.env._
        again = _("Send the files again.")
        return {
            "01": (
                _("The control file does not name %(file)s.", file=value),
                _("Add its line to the control file, or leave the file out."),
            ),
            "02": (
                _("%(file)s is missing.", file=value),
                _("Add it to the upload, or confirm that there is no control file."),
            ),
            "03": (_("%(file)s cannot be opened.", file=value), again),
            "05": (
                _(
                    "The size in bytes differs from the control file: %(sizes)s.",
                    sizes=value,
                ),
                _("The file is incomplete or was changed: send it again."),
            ),
            "06": (
                _(
                    "The number of rows differs from the control file: %(rows)s.",
                    rows=value,
                ),
                _("The file is incomplete or was changed: send it again."),
            ),
        }

    @api.model
    def _get_name_texts(self, value):
        """Dates, interfaces, sizes."""
        _ = self.env._
        return {
            "07": (
                _("The data date differs from the file name: %(dates)s.", dates=value),
                _("Write the period of the file name into the control file."),
            ),
            "08": (
                _("%(period)s is not a date.", period=value),
                _("Name the file by a period yyyymm, yyyymmdd or yyyymmddhh."),
            ),
            "10": (
                _("%(code)s is not an interface of this system.", code=value),
                _(
                    "Use 01001 (customer files, kind a or i) or 05001 (bills and "
                    "payments, kind a or s)."
                ),
            ),
            "11": (
                _("The records of %(file)s do not end in LF or CR LF.", file=value),
                _("Save the file with line ends of Unix or Windows."),
            ),
            "12": (
                _("%(file)s is larger than 2,000,000,000 bytes.", file=value),
                _("Split it into parts _001, _002, … of one transmission."),
            ),
            "16": (
                _("A line of the control file %(file)s is malformed.", file=value),
                _("Five fields a line: name|bytes|rows|data date|yyyymmddhhmmss."),
            ),
        }

    @api.model
    def _get_transfer_texts(self, value):
        _ = self.env._
        return {
            "21": (
                _("The file is UTF-16."),
                _("Save it as UTF-8 or GB18030."),
            ),
            "22": (
                _(
                    "Too many rows are refused (%(shares)s): nothing was loaded.",
                    shares=value,
                ),
                _("Correct the refused rows and send the file again."),
            ),
            "23": (
                _("This transmission was loaded already, with other content."),
                _("Send the new content as %(name)s.", name=value),
            ),
            "24": (
                _("A later transmission, %(name)s, was loaded already.", name=value),
                _("Send with a higher re-transmission number if this one is right."),
            ),
            "25": (
                _("Other loads were in the way several times: %(error)s", error=value),
                _("Load it again."),
            ),
            "99": (
                _("The load failed: %(error)s", error=value),
                _("Nothing was written. Tell the administrator, then load it again."),
            ),
        }

    @api.model
    def _get_accept_texts(self, value):
        """What is loaded when somebody insists."""
        _ = self.env._
        return {
            "26": (
                _("A file of a later day, %(name)s, was loaded already.", name=value),
                _(
                    "Its values are newer and stay. If this older file is right "
                    "nevertheless, choose Load Anyway and look at the dry run first."
                ),
            ),
            "27": (
                _(
                    "Too many bills and payments of the month are missing in the file "
                    "(%(shares)s): nothing was taken back.",
                    shares=value,
                ),
                _(
                    "Send all of the month. If they really are void, choose Load "
                    "Anyway and look at the dry run first."
                ),
            ),
        }

    @api.model
    def _get_row_text(self, refusal):
        """Label, reason, remedy and nine-digit code of a refusal."""
        label = self._get_label(refusal.letter, refusal.field_name)
        values = {
            "field": label,
            "value": refusal.value or "",
            "row": refusal.other_row,
        }
        groups = (
            self._get_reading_texts,
            self._get_format_texts,
            self._get_value_texts,
            self._get_code_texts,
            self._get_customer_texts,
            self._get_step_texts,
            self._get_parent_texts,
            self._get_part_texts,
            self._get_document_texts,
            self._get_origin_texts,
            self._get_order_texts,
            self._get_ledger_texts,
            self._get_other_texts,
        )
        found = next(
            (
                texts[refusal.code]
                for group in groups
                if refusal.code in (texts := group(refusal, values))
            ),
            (refusal.code, ""),
        )
        return {
            "field_label": label,
            "reason": found[0],
            "remedy": found[1],
            "record_code": self._get_record_code(refusal),
        }

    @api.model
    def _get_record_code(self, refusal):
        record = self._get_record(refusal.letter)
        number = record.number if record else 0
        column = refusal._get_column_number(refusal.letter, refusal.field_name)
        codes = self._get_codes()
        code = codes.index(refusal.code) + 1 if refusal.code in codes else 9999
        return f"{number:02}{column:03}{code:04}"

    @api.model
    def _get_label(self, letter, name):
        """The label of a field of the format, that of the field it fills."""
        own = {
            "change": self.env._("Change (I, U or D)"),
            "changed_at": self.env._("Changed at"),
        }
        record = self._get_record(letter)
        if not name or not record:
            return False
        if name in own:
            return own[name]
        model_name, _dot, field_name = record.get(name).label.rpartition(".")
        field = self.env[model_name]._fields.get(field_name)
        return field._description_string(self.env) if field is not None else name

    @api.model
    def _get_reading_texts(self, refusal, values):
        _ = self.env._
        record = self._get_record(refusal.letter)
        wanted = len(record.columns) + 1 if record else 0
        return {
            "columns": (
                _(
                    "The row has %(value)s fields instead of %(wanted)s.",
                    value=values["value"],
                    wanted=wanted,
                ),
                _("Give every field its place; write | inside a text as \\|."),
            ),
            "letter": (
                _(
                    "The row begins with “%(value)s”, no record of this interface.",
                    **values,
                ),
                _("Begin it with C, K, N, L (customers) or B, P (bills) and |."),
            ),
            "encoding": (
                _("The row has characters that are not in the encoding of the file."),
                _("Save the whole file in one encoding, UTF-8 or GB18030."),
            ),
            "control": (
                _("The row contains control characters."),
                _("Remove them; write a line break inside a text as \\n."),
            ),
            "escape": (
                _("A backslash is followed by a character that means nothing."),
                _("Write \\\\ for a backslash; \\|, \\n, \\r, \\t and \\N are known."),
            ),
            "line_long": (
                _("The row is longer than 65,536 characters."),
                _("Shorten its texts; perhaps a line end is missing."),
            ),
        }

    @api.model
    def _get_format_texts(self, refusal, values):
        _ = self.env._
        column = self._get_column(refusal)
        size = column.size if column else 0
        return {
            "required": (_("%(field)s is missing.", **values), _("Fill it in.")),
            "long": (
                _("%(field)s is longer than %(size)s characters.", size=size, **values),
                _("Shorten it."),
            ),
            "date": (
                _("%(field)s: “%(value)s” is not a date.", **values),
                _("Write the date as yyyymmdd, for example 20260131."),
            ),
            "stamp": (
                _("%(field)s: “%(value)s” is not a time.", **values),
                _("Write it as yyyymmddhhmmss, for example 20260131235900."),
            ),
            "month": (
                _("%(field)s: “%(value)s” is not a month.", **values),
                _("Write the month as yyyymm, for example 202601."),
            ),
        }

    @api.model
    def _get_value_texts(self, refusal, values):
        """Amounts, numbers, addresses, choices."""
        _ = self.env._
        column = self._get_column(refusal)
        choices = ", ".join((column and column.choices) or ())
        return {
            "amount": (
                _("%(field)s: “%(value)s” is not an amount.", **values),
                _("Write whole fen without point or comma: 12.34 yuan is 1234."),
            ),
            "amount_absurd": (
                _("%(field)s: %(value)s fen cannot be right.", **values),
                _("At most 1,000,000,000,000 fen are taken in one record: correct it."),
            ),
            "count": (
                _("%(field)s: “%(value)s” is not a number.", **values),
                _("Write a whole number of at most nine digits."),
            ),
            "email": (
                _("%(field)s: “%(value)s” is not an e-mail address.", **values),
                _("Write one address like name@example.com, or leave it empty."),
            ),
            "choice": (
                _("%(field)s: “%(value)s” is not a known value.", **values),
                _("Write one of %(choices)s.", choices=choices),
            ),
        }

    @api.model
    def _get_column(self, refusal):
        record = self._get_record(refusal.letter)
        if record and refusal.field_name in record.names:
            return record.get(refusal.field_name)
        return None
