# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL, format_date, split_every

from odoo.addons.key_account_crm.report.key_account_open_item import AS_OF

CHUNK = 5000


class KeyAccountDunningLine(models.Model):
    """What a customer reads: the text of the step filled in with this very row, and a
    letter of the customer's own bills.

    Neither evaluates anything: a text has places for a few values, and the letter is
    given values and no records to go on from.
    """

    _inherit = "key.account.dunning.line"

    def _write_texts(self):
        """The text of each that is ready, in the language of its customer."""
        lines = self.filtered(lambda line: line.state == "ready")
        for part in split_every(CHUNK, lines.ids, self.browse):
            part._store_texts(part._make_texts())

    def _make_texts(self):
        """:return: list of (id, subject, text)"""
        texts = []
        for lang, lines in self.grouped(lambda line: line._get_lang()).items():
            lines = lines.with_context(lang=lang)
            steps = {
                step: (step.subject or "", step.body or "") for step in lines.step_id
            }
            for line in lines:
                subject, body = steps[line.step_id]
                values = line._get_values()
                texts.append(
                    (
                        line.id,
                        # a line of a mail's head: whatever a name holds, one line
                        " ".join(line.step_id._fill_in(subject, values).split()),
                        line.step_id._fill_in(body, values),
                    )
                )
        return texts

    def _store_texts(self, texts):
        """Rows of a preview are nobody's but the system's, and many: one statement."""
        if not texts:
            return
        self.env.flush_all()
        rows = [SQL("(%s, %s, %s)", *row) for row in texts]
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_dunning_line AS line
                   SET subject = text.subject, body = text.body
                  FROM (VALUES %s) AS text (id, subject, body)
                 WHERE text.id = line.id
                """,
                SQL(", ").join(rows),
            )
        )
        self.invalidate_recordset(["subject", "body"], flush=False)

    def _get_lang(self):
        """The customer's, else that of the company that answers for him."""
        company = self.unit_id.company_id or self.env.company
        return self.partner_id.lang or company.partner_id.lang or "en_US"

    def _get_values(self):
        """What is filled in for this customer, of this very row and nothing else."""
        return {
            "customer": " ".join((self.partner_id.name or "").split()),
            "code": self.partner_id.key_account_code or "",
            "amount": self.currency_id.format(self.amount),
            "days": self.days_overdue,
            "due": format_date(self.env, self.date_oldest),
            "count": self.bill_count,
            "unit": self.unit_id.name or "",
            "manager": self.manager_id.name or "",
        }

    def _get_items(self):
        """The customer's overdue bills that the unit answers for, as of the day."""
        # sudo: a letter holds all that its customer owes the unit, whoever of those who
        # may open the row prints it; managers share some customers.
        items = (
            self.env["key.account.open.item"]
            .sudo()
            .with_context(**{AS_OF: fields.Date.to_string(self.date)})
        )
        if self.former_code:
            # What the merged file owed is told by the text alone.
            return items
        return items.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("unit_id", "=", self.unit_id.id),
                ("currency_id", "=", self.currency_id.id),
                ("is_overdue", "=", True),
            ],
            order="date_due, id",
        )

    def _get_letter(self):
        """Everything a letter shows, as plain values in the customer's language.

        Its bills add up to what the text asks for: without what is disputed, promised
        or never dunned, and less the credits that come off.
        """
        self.ensure_one()
        line = self.with_context(lang=self._get_lang())
        items = line._get_items().filtered(
            lambda item: not item.is_exempt and item.amount_open > item.amount_disputed
        )
        free = items.filtered(lambda item: not item.is_promised)
        currency = line.currency_id
        total = sum((i.amount_open - i.amount_disputed for i in free), 0.0)
        if currency.compare_amounts(line.amount, total) > 0:
            # Promises that do not pause any more are asked for as well.
            free = items
            total = sum((i.amount_open - i.amount_disputed for i in free), 0.0)
        credit = currency.round(total - line.amount)
        return {
            "name": line.partner_id.name or "",
            "address": line.partner_id._display_address(without_company=True),
            "date": format_date(line.env, line.date),
            "subject": line.subject or "",
            "body": line.body or "",
            "rows": [line._get_letter_row(item) for item in free],
            "credit": currency.format(-credit) if credit > 0 and free else "",
            "total": currency.format(line.amount),
        }

    def _get_letter_row(self, item):
        return {
            "name": item.name or "",
            "due": format_date(self.env, item.date_due),
            "days": item.days_overdue,
            "open": self.currency_id.format(item.amount_open - item.amount_disputed),
        }
