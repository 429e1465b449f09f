# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64

from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .. import assignment_file


class KeyAccountHandoverUpload(models.TransientModel):
    """Takes a file that says which customer, or which of its lines, goes to whom."""

    _name = "key.account.handover.upload"
    _description = "Assign by File"

    file = fields.Binary(
        required=True,
        help="A workbook or text with commas: customer code, code of the line (empty: "
        "the customer as such), login or personnel number of the manager (empty: back "
        "to the unit). The first row is the heading.",
    )
    file_name = fields.Char()
    date_effective = fields.Date(
        string="Effective on",
        required=True,
        default=lambda self: self.env["key.account.unit"]._get_today(),
    )
    reason = fields.Char()

    def action_upload(self):
        """Make an order of the rows that can be carried out; say why of the others."""
        self.ensure_one()
        rows = self._read()
        order = self.env["key.account.handover"].create(
            {
                "kind": "file",
                "date_effective": self.date_effective,
                "reason": self.reason or self.file_name,
            }
        )
        good, refused = self._sort(rows)
        # sudo: rows of orders are written by the system; each was looked up in the
        # reach of the present user.
        order.sudo()._insert_lines(self._get_rows_query(good))
        if refused:
            order.sudo().write(self._prepare_refused_vals(refused))
        order.action_prepare()
        return order._get_form_action()

    def _read(self):
        content = base64.b64decode(self.file)
        try:
            rows = list(assignment_file.read(content, self.file_name or ""))
        except assignment_file.UnreadableError as error:
            raise UserError(
                self.env._(
                    "%(file)s cannot be read: save it as a workbook (.xlsx) or as text "
                    "with commas (.csv) of at most %(most)s rows.",
                    file=self.file_name or self.env._("The file"),
                    most=assignment_file.MOST_ROWS,
                )
            ) from error
        if not rows:
            raise UserError(
                self.env._(
                    "The file has no rows below the heading: enter customer, line and "
                    "manager."
                )
            )
        return rows

    def _sort(self, rows):
        """(good, refused): tuples of values, and of (row, cells, reason)."""
        customers = self._find_customers({row[1] for row in rows})
        lines = self._find_line_files({row[1] for row in rows if row[2]})
        managers = self._find_managers()
        good, refused, seen = [], [], {}
        for number, code, line, login in rows:
            found = lines.get((code, line)) if line else customers.get(code)
            manager = managers.get(login)
            problem = self._get_problem(code, line, login, found, manager)
            if not problem and (code, line) in seen:
                problem = self.env._(
                    "Stands in row %(row)s already.", row=seen[code, line]
                )
            if problem:
                refused.append((number, code, line, login, problem))
                continue
            seen[code, line] = number
            partner_id, line_id, user_id, unit_id = found
            target, target_unit = manager or (None, None)
            if user_id != target:
                to_unit = target_unit or unit_id
                good.append((partner_id, line_id, user_id, unit_id, target, to_unit))
        return good, refused

    def _get_problem(self, code, line, login, found, manager):
        if not found:
            if line:
                return self.env._(
                    "No file of the line %(line)s of the customer %(code)s in your "
                    "reach: look at both codes.",
                    line=line,
                    code=code,
                )
            return self.env._(
                "No customer with the code %(code)s in your reach: look at the code.",
                code=code,
            )
        if login and not manager:
            return self.env._(
                "No account manager %(login)s in your units: enter a login or a "
                "personnel number.",
                login=login,
            )
        return None

    def _find_customers(self, codes):
        orders = self.env["key.account.handover"]
        domain = orders._get_writable("key_account_unit_id")
        partners = self.env["res.partner"].with_context(active_test=False)
        rows = partners.search_fetch(
            domain & orders._get_codes_domain("key_account_code", codes),
            ["key_account_code", "key_account_manager_id", "key_account_unit_id"],
        )
        return {
            row.key_account_code: (
                row.id,
                None,
                row.key_account_manager_id.id or None,
                row.key_account_unit_id.id,
            )
            for row in rows
        }

    def _find_line_files(self, codes):
        orders = self.env["key.account.handover"]
        domain = orders._get_writable("unit_id")
        rows = self.env["key.account.line.file"].search(
            domain & orders._get_codes_domain("partner_id.key_account_code", codes)
        )
        return {
            (row.partner_id.key_account_code, row.line_id.code): (
                row.partner_id.id,
                row.line_id.id,
                row.manager_id.id or None,
                row.unit_id.id,
            )
            for row in rows
        }

    def _find_managers(self):
        """{login or personnel number: (user, unit)} of those in the user's reach."""
        user = self.env.user
        # sudo: who is manager of the user's own units; logins and numbers only.
        users = (
            self.env["res.users"].sudo().search([("key_account_role", "=", "manager")])
        )
        files = self.env["key.account.manager"].sudo().search([("number", "!=", False)])
        names = [(one.login, one) for one in users]
        names += [(file.number, file.user_id) for file in files]
        is_everywhere = user.key_account_write_reach == "all"
        return {
            name: (one.id, one.key_account_unit_id.id)
            for name, one in names
            if is_everywhere or one.key_account_unit_id in user.key_account_unit_ids
        }

    def _get_rows_query(self, rows) -> SQL:
        columns = list(zip(*rows, strict=True)) if rows else [()] * 6
        return SQL(
            """
            SELECT * FROM unnest(%s::integer[], %s::integer[], %s::integer[],
                                 %s::integer[], %s::integer[], %s::integer[])
                AS row (partner_id, line_id, from_user_id, from_unit_id,
                        to_user_id, to_unit_id)
            """,
            *[list(column) for column in columns],
        )

    def _prepare_refused_vals(self, refused):
        heading = (
            self.env._("Row"),
            self.env._("Customer"),
            self.env._("Business Line"),
            self.env._("Account Manager"),
            self.env._("Why Refused"),
        )
        content = assignment_file.write([heading, *refused])
        return {
            "refused_count": len(refused),
            "refused_file": base64.b64encode(content),
            "refused_name": f"refused_{self.file_name or 'rows'}.csv",
        }
