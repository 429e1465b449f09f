# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models

KEPT, FAIL_EVERY = 8, 7
NOTE = "客户来电承诺尽快付款。"
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_activity_quick_update": True,
}


class KeyAccountDemo(models.AbstractModel):
    """Dunning of the demonstration city: a run that went out with what became of each
    message, one that waits for its head, one that was stopped; promises kept."""

    _inherit = "key.account.demo"

    @api.model
    def _load_dunning(self):
        maker = self.with_context(**QUIET)
        maker._keep_promises()
        maker._give_addresses()
        maker._confirm_run("company", "letter")
        maker._preview_run("head_parcel", "express_parcel")
        stopped = maker._preview_run("head_press", "press_press")
        stopped.action_cancel()

    def _keep_promises(self):
        """Who paid late had promised to on the day after it was due."""
        today = fields.Date.context_today(self)
        payments = self.env["key.account.payment"].search(
            [
                ("bill_id", "!=", False),
                ("allocation_id", "=", False),
                ("manager_id", "!=", False),
                ("date_payment", "<", today),
            ],
            order="date_payment desc, id",
        )
        seen = self.env["key.account.promise"].search([]).partner_id
        for payment in payments:
            bill = payment.bill_id
            is_late = bill.date_due < payment.date_payment
            if not is_late or bill.partner_id in seen or len(seen) > 200:
                continue
            seen |= bill.partner_id
            day = fields.Date.add(bill.date_due, days=1)
            self.env["key.account.promise"].with_user(bill.manager_id).create(
                {
                    **self._prepare_promise(bill, day),
                    "amount": payment.amount,
                    "date_due": fields.Date.add(payment.date_payment, days=2),
                    "note": NOTE,
                }
            )
            if self._count_kept() >= KEPT:
                break

    def _count_kept(self):
        return self.env["key.account.promise"].search_count([("state", "=", "kept")])

    def _give_addresses(self):
        """Every second customer in arrears has a mail address."""
        late = self.env["key.account.bill"].search([("is_overdue", "=", True)])
        for customer in late.partner_id.sorted("id")[::2]:
            customer.email = f"finance@k{customer.key_account_code}.example.com"

    def _get_run(self, user, unit):
        runs = self.env["key.account.dunning.run"].with_user(self._demo("user", user))
        unit = self._demo("key_account_unit", unit)
        return runs.with_context(**QUIET).create({"unit_id": unit.id})

    def _preview_run(self, user, unit):
        run = self._get_run(user, unit)
        run.action_preview()
        return run

    def _confirm_run(self, user, unit):
        run = self._preview_run(user, unit)
        run.action_confirm()
        # At whatever hour the city is made, its messages have gone out.
        # sudo: what goes out is the system's, as when a run is confirmed.
        lines = run.sudo().line_ids.with_context(**QUIET)
        lines.filtered(lambda line: line.state == "queued")._send()
        self._deliver(lines)
        lines._fall_back()
        lines.filtered(lambda line: line.state == "queued")._send()
        self._deliver(lines)

    def _deliver(self, lines):
        """Say what a gateway would: nothing leaves a demonstration."""
        told = lines.notification_id.filtered(
            lambda one: one.notification_status in ("ready", "process", "pending")
        )
        for place, notification in enumerate(told.sorted("id")):
            if place % FAIL_EVERY == FAIL_EVERY - 1:
                vals = {
                    "notification_status": "exception",
                    "failure_reason": "号码已停机",
                }
            else:
                vals = {"notification_status": "sent"}
            notification.write(vals)
        sms = self.env["sms.sms"].browse(told.mapped("sms_id_int")).exists()
        sms.write({"state": "sent", "to_delete": True})
        told.mail_mail_id.write({"state": "sent"})
