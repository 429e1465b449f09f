# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import SUPERUSER_ID, api, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..masking import HIDDEN


class KeyAccountBill(models.Model):
    """Credit notes of a bill: no more than was billed, and their numbers for those only
    who may open them (ORG-21)."""

    _inherit = "key.account.bill"

    @api.depends("name")
    @api.depends_context("uid")
    def _compute_display_name(self):
        """A link shows its label past the rules: of a bill of another unit that is
        set against one in reach, there is nothing to see."""
        super()._compute_display_name()
        # sudo: who asks as superuser for a person sees what the person does. It is
        # taken off to ask that, and put on again for the difference.
        if not self.env.su or self.env.uid == SUPERUSER_ID:
            return
        known = self.filtered("id")
        for bill in known - known.sudo(False)._filtered_access("read").sudo():
            bill.display_name = HIDDEN

    @api.constrains("amount", "origin_id", "kind")
    def _check_credited(self):
        """Asked anew after the rows were written. Whoever else books a credit note of
        the customer at the same time writes the same narrow row
        (``key.account.standing._touch``) and comes after or again."""
        # sudo: how much was billed and credited in all; the user may book the credit
        # note without reading the others.
        negative = self.sudo().filtered(
            lambda bill: bill.origin_id
            and bill.amount < 0
            and not bill._get_origin_error()
        )
        named = negative.origin_id | negative.origin_id.origin_id
        bills = named.filtered(lambda bill: bill.kind == "bill")
        for origin, left in bills._get_billed().items():
            if origin.currency_id.compare_amounts(left, 0) < 0:
                raise ValidationError(
                    self.env._(
                        "The credit notes of bill %(bill)s would come to %(excess)s "
                        "more than was billed: credit that much less.",
                        bill=origin.name,
                        excess=origin.currency_id.format(-left),
                    )
                )

    def _get_billed(self):
        """Map bills to what is left of them after corrections and credit notes.

        Payments do not matter: what was paid already is credited all the same, and
        becomes the customer's credit.
        """
        if not self:
            return {}
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT bill, SUM(amount) FROM (
                    SELECT id AS bill, amount FROM key_account_bill
                     WHERE id = ANY(%(bills)s)
                    UNION ALL
                    SELECT origin_id, amount FROM key_account_bill
                     WHERE origin_id = ANY(%(bills)s)
                    UNION ALL
                    SELECT credit.origin_id, entry.amount
                      FROM key_account_bill AS credit
                      JOIN key_account_bill AS entry ON entry.origin_id = credit.id
                     WHERE credit.origin_id = ANY(%(bills)s) AND credit.kind = 'credit'
                ) AS entries
                 GROUP BY bill
                """,
                bills=self.ids,
            )
        )
        return {self.browse(bill_id): float(amount) for bill_id, amount in rows}
