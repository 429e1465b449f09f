# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

from .key_account_care_plan_line import CHANNEL_OF_MEANS

ACTIVITY = "key_account_service.mail_activity_type_care"


class KeyAccountCare(models.Model):
    """The steps of an act of care: the reminder of who does it, the gift, the end."""

    _inherit = "key.account.care"

    # ---- reminders -----------------------------------------------------------------

    def _plan_activities(self):
        """An activity for each one that somebody is to do."""
        kind = self.env.ref(ACTIVITY)
        model = self.env["ir.model"]._get(self._name)
        # sudo: who is to do it is reminded; whoever plans may not read every user.
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(
            [
                {
                    "activity_type_id": kind.id,
                    "res_model_id": model.id,
                    "res_id": care.id,
                    "user_id": care.user_id.id,
                    "date_deadline": care.date_planned,
                    "summary": care.name,
                }
                # sudo: the day may be one that its writer does not see.
                for care in self.sudo()
                if care.state == "planned" and care.user_id
            ]
        )

    def _get_activities(self):
        kind = self.env.ref(ACTIVITY)
        # sudo: the reminders are the system's, whoever they are for.
        return (
            self.env["mail.activity"]
            .sudo()
            .search(
                [
                    ("res_model", "=", self._name),
                    ("res_id", "in", self.ids),
                    ("activity_type_id", "=", kind.id),
                ]
            )
        )

    def _replan_activities(self):
        self._get_activities().unlink()
        self._plan_activities()

    # ---- gifts ---------------------------------------------------------------------

    def action_issue_gift(self):
        """Take the gift from the stock of the unit, or of the nearest one above it."""
        self._check_open()
        for care in self:
            if not care.gift_id:
                raise UserError(
                    self.env._("%(care)s comes without a gift.", care=care.display_name)
                )
            if not care.gift_cost and not care._get_issued():
                care._issue_gift()
        return True

    def action_return_gift(self):
        """Put the gift back: it was not handed over."""
        self._check_open()
        self._return_gifts(self.env._("Not handed over"))
        return True

    def _get_issued(self):
        """Movements by which gifts went out and did not come back."""
        # sudo: the stock is the unit's; what this act took from it is looked at.
        moves = self.sudo().gift_move_ids
        return moves.filtered(
            lambda move: move.kind == "issued" and move not in moves.reversal_of_id
        )

    def _issue_gift(self):
        self.ensure_one()
        # sudo: whoever serves the customer hands out from the stock of his unit.
        moves = self.env["key.account.gift.move"].sudo()
        unit = self._find_stock_unit()
        moves.create(
            [
                {
                    "gift_id": self.gift_id.id,
                    "unit_id": unit.id,
                    "kind": "issued",
                    "quantity": -self.gift_quantity,
                    "care_id": self.id,
                    "user_id": self.env.uid,
                    "note": self.name,
                }
            ]
        )
        self._sum_gifts()

    def _find_stock_unit(self):
        """The unit that answers for the customer, or the nearest above it that has
        enough of the gift."""
        # sudo: only how many there are, along the way up.
        unit = self.unit_id.sudo()
        path = [int(part) for part in (unit.parent_path or "").split("/")[:-1]]
        stocks = self.env["key.account.gift.stock"].sudo()
        found = stocks.search(
            [
                ("gift_id", "=", self.gift_id.id),
                ("unit_id", "in", path),
                ("quantity", ">=", self.gift_quantity),
            ]
        )
        nearest = found.sorted(lambda stock: path.index(stock.unit_id.id))[-1:]
        return nearest.unit_id or unit

    def _return_gifts(self, reason):
        for care in self:
            care._get_issued()._give_back(reason)
        self._sum_gifts()

    def _sum_gifts(self):
        """What the gifts of these acts have cost, by the movements."""
        # sudo: the sum of the movements, which nobody writes by hand.
        for care in self.sudo():
            care.gift_cost = -sum(care.gift_move_ids.mapped("cost"))

    # ---- the end -------------------------------------------------------------------

    def _check_open(self):
        self.check_access("write")
        # sudo: two people at once, the second one waits; the rows are only locked.
        self.sudo().lock_for_update()
        self.invalidate_recordset(["state"])
        over = self.filtered(lambda care: care.state != "planned")
        if over:
            raise UserError(
                self.env._(
                    "%(care)s is over already: reload the page.",
                    care=over[0].display_name,
                )
            )

    def _finish(self, date=None, **vals):
        """Done, one or many: the gift goes out with it.

        :param vals: outcome, mark, cost, amount_collected, as far as known
        """
        self._check_open()
        day = date or fields.Date.context_today(self)
        if day > fields.Date.context_today(self):
            raise UserError(self.env._("Care is done when it has happened."))
        for care in self.filtered("gift_id"):
            if not care._get_issued():
                care._issue_gift()
        self._end({**vals, "state": "done", "date_done": day})
        return True

    def _refuse(self, reason, is_unwanted=False):
        """The customer did not want it; from now on neither, where that was said."""
        self._check_reason(reason)
        self._check_open()
        self._return_gifts(reason)
        self._end({"state": "refused", "refusal": reason})
        if is_unwanted:
            self.env["key.account.optout"].create(
                [care._prepare_optout_vals(reason) for care in self]
            )
        return True

    def _prepare_optout_vals(self, reason):
        return {
            "partner_id": self.partner_id.id,
            "contact_id": self.contact_id.id,
            "purpose": "care",
            "channel": CHANNEL_OF_MEANS[self.means],
            "source": "refusal",
            "note": reason,
        }

    def _cancel(self, reason):
        """It is not done after all; the list may propose it again."""
        self._check_reason(reason)
        self._check_open()
        self._return_gifts(reason)
        self._end({"state": "cancelled", "refusal": reason})
        return True

    def action_reopen(self):
        """Back to planned, by a head: what was entered was wrong."""
        self.check_access("write")
        approver = "key_account_crm.group_key_account_approver"
        if not (self.env.su or self.env.user.has_group(approver)):
            raise AccessError(
                self.env._("Ask the head of your department to open it again.")
            )
        # sudo: the steps write what nobody writes by hand; the right was checked.
        self.sudo().write({"state": "planned", "date_done": False, "refusal": False})
        self._plan_activities()
        self._renew_months()
        return True

    def _check_reason(self, reason):
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))

    def _end(self, vals):
        # sudo: the steps write what nobody writes by hand; the right was checked.
        self.sudo().write(vals)
        self._get_activities().unlink()
        self._renew_months()

    def _renew_months(self):
        """The months of the customers follow what care has cost."""
        self.env["key.account.month"]._refresh_months(self.partner_id.ids)
