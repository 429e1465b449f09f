# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models

from ..layout import TERM_TYPES


class KeyAccountFeedText(models.AbstractModel):
    """What is wrong with a record where its fields, each by itself, are right."""

    _inherit = "key.account.feed.text"

    @api.model
    def _get_code_texts(self, refusal, values):
        _ = self.env._
        unknown = _(
            "%(field)s: the code “%(value)s” is not in the dictionary.", **values
        )
        add = _("Correct the code, or have it added to the dictionary.")
        return dict.fromkeys(TERM_TYPES, (unknown, add)) | {
            "unit": (
                _("%(field)s: no open unit has the code “%(value)s”.", **values),
                _("Write the code of a unit of your branch."),
            ),
            "unit_outside": (
                _(
                    "%(field)s: the unit “%(value)s” is closed or not of your branch.",
                    **values,
                ),
                _("Write the code of an open unit of your branch."),
            ),
            "manager": (
                _(
                    "%(field)s: no manager of your branch logs in as “%(value)s”.",
                    **values,
                ),
                _("Correct the login, or leave it empty and assign the manager later."),
            ),
            "line": (
                _("%(field)s: no business line has the code “%(value)s”.", **values),
                _("Correct the code, or have the line added."),
            ),
            "industry": (
                _("%(field)s: “%(value)s” is not in the list of industries.", **values),
                _("Write the name as in the list, in Chinese or English."),
            ),
            "currency": (
                _("%(field)s: “%(value)s” is not a currency in use.", **values),
                _("Write its ISO code, for example CNY, or have it activated."),
            ),
        }

    @api.model
    def _get_customer_texts(self, refusal, values):
        _ = self.env._
        return {
            "duplicate": (
                _("Row %(row)s of this file is about the same “%(value)s”.", **values),
                _("Send one row: leave out the one that is no longer right."),
            ),
            "duplicate_merged": (
                _(
                    "Row %(row)s of this file is about the same “%(value)s”: the "
                    "customers of the two codes were merged into one.",
                    **values,
                ),
                _(
                    "Send one row under the customer's present code; give a second "
                    "document a number of its own."
                ),
            ),
            "city": (
                _("%(field)s: “%(value)s” is not the branch of this file.", **values),
                _("Write the city code of the file name."),
            ),
            "other_branch": (
                _("The customer “%(value)s” belongs to another branch.", **values),
                _("Correct the code, or have the customer assigned to you first."),
            ),
            "merged": (
                _("The customer “%(value)s” was merged into another file.", **values),
                _("Send it under the code of the customer that is left."),
            ),
        }

    @api.model
    def _get_step_texts(self, refusal, values):
        """The life-cycle and time."""
        _ = self.env._
        return {
            "unknown_left": (
                _(
                    "The customer “%(value)s” is not known here, so it cannot leave.",
                    **values,
                ),
                _("Leave the row out, or correct the code."),
            ),
            "state_step": (
                _(
                    "%(field)s: no step of the life-cycle leads to “%(value)s” from "
                    "where the customer is.",
                    **values,
                ),
                _(
                    "Send the steps one file after the other; a new customer begins "
                    "as P (potential) or A (active)."
                ),
            ),
            "future": (
                _("%(field)s: “%(value)s” is in the future.", **values),
                _("Correct the clock or the date of the sending system."),
            ),
        }

    @api.model
    def _get_parent_texts(self, refusal, values):
        """The group above."""
        _ = self.env._
        return {
            "parent": (
                _("%(field)s: no group has the code “%(value)s”.", **values),
                _("Send the group in this file or before it, or correct the code."),
            ),
            "parent_kind": (
                _("%(field)s: the customer “%(value)s” is not a group.", **values),
                _("Name a customer of kind G."),
            ),
            "parent_cycle": (
                _(
                    "%(field)s: above “%(value)s” the groups lead in a circle.",
                    **values,
                ),
                _("Correct which group stands above which."),
            ),
            "parent_refused": (
                _(
                    "%(field)s: the row %(row)s of the group “%(value)s” was refused.",
                    **values,
                ),
                _("Correct row %(row)s and send both again.", **values),
            ),
        }

    @api.model
    def _get_part_texts(self, refusal, values):
        """What hangs on a customer."""
        _ = self.env._
        return {
            "customer": (
                _("No customer has the code “%(value)s”.", **values),
                _("Send its customer file first, or correct the code."),
            ),
            "customer_refused": (
                _("The row %(row)s of the customer “%(value)s” was refused.", **values),
                _("Correct row %(row)s and send both again.", **values),
            ),
            "no_delete": (
                _("A line file is not deleted by a file."),
                _("Send I or U; close the line on the screen."),
            ),
            "line_other_branch": (
                _(
                    "%(field)s: the line “%(value)s” of this customer is served by "
                    "another branch.",
                    **values,
                ),
                _("Leave the row out, or have the line assigned to your branch first."),
            ),
            "number_other": (
                _("The number “%(value)s” belongs to another customer.", **values),
                _("Close it there first (state C)."),
            ),
            "masked": (
                _("%(field)s: “%(value)s” is masked.", **values),
                _("Send the whole value, or leave the field empty."),
            ),
            "contact": (
                _("%(field)s: the customer has no contact “%(value)s”.", **values),
                _("Send the contact (K) in this file, or leave the field empty."),
            ),
        }

    @api.model
    def _get_ledger_texts(self, refusal, values):
        _ = self.env._
        return {
            "due_early": (
                _("%(field)s: “%(value)s” is before the bill date.", **values),
                _("Correct one of the two dates."),
            ),
            "sign": (
                _("%(field)s: “%(value)s” has the wrong sign.", **values),
                _("A bill (B) is zero or more, a credit note (C) zero or less."),
            ),
        }

    @api.model
    def _get_document_texts(self, refusal, values):
        """What a bill or payment refers to."""
        _ = self.env._
        return {
            "number": (
                _("%(field)s: “%(value)s” is not a number of this customer.", **values),
                _("Send the number (N) first, or leave it empty."),
            ),
            "ledger": (
                _(
                    "%(field)s: the ledger holds this document with another value than "
                    "“%(value)s”.",
                    **values,
                ),
                _(
                    "Only amounts and due dates are corrected: credit the old document "
                    "and send a new number."
                ),
            ),
            "bill": (
                _(
                    "%(field)s: the customer has no bill “%(value)s”, or its row was "
                    "refused.",
                    **values,
                ),
                _(
                    "Send the bill (B) with it, correct the number, or leave it empty "
                    "to pay on account."
                ),
            ),
            "currency_bill": (
                _(
                    "%(field)s: the bill is in another currency than “%(value)s”.",
                    **values,
                ),
                _("Pay it in the currency of the bill."),
            ),
        }

    @api.model
    def _get_origin_texts(self, refusal, values):
        """The bill that a credit note corrects."""
        _ = self.env._
        return {
            "origin": (
                _(
                    "%(field)s: the customer has no bill “%(value)s”, or its row was "
                    "refused.",
                    **values,
                ),
                _("Send the bill (B) with it, correct the number or leave it empty."),
            ),
            "origin_of_bill": (
                _("A bill (B) corrects no other: “%(value)s”.", **values),
                _("Leave the field empty, or send a credit note (C)."),
            ),
            "origin_kind": (
                _("%(field)s: “%(value)s” is itself a credit note.", **values),
                _("Name the bill that both correct."),
            ),
            "origin_currency": (
                _("%(field)s: “%(value)s” is in another currency.", **values),
                _("Correct a bill in its own currency."),
            ),
            "origin_credited": (
                _(
                    "The credit notes of “%(value)s” come to more than was billed.",
                    **values,
                ),
                _("Credit less, or name the bill that it is about."),
            ),
        }

    @api.model
    def _get_order_texts(self, refusal, values):
        """What a file cannot say, by its period."""
        _ = self.env._
        return {
            "outside_month": (
                _(
                    "%(field)s: “%(value)s” is not in the month of this file, which "
                    "holds all of one month (kind s).",
                    **values,
                ),
                _("Send it in the file of its month, or as an increment (kind a)."),
            ),
            "older": (
                _("A later file has set “%(value)s” to other values.", **values),
                _(
                    "Leave the row out; if it is right, send it in a file of a later "
                    "day."
                ),
            ),
        }
