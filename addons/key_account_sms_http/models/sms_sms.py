# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain

from ..ledger import Ledger
from ..sms_api import SmsApiHttp

_logger = logging.getLogger(__name__)

# Seconds the queue may spend waiting for the limits of gateways in one go.
CRON_PATIENCE = 45.0


class SmsSms(models.Model):
    """Messages of companies with a gateway leave after the commit, in their own
    transaction: one that is lost and repeated sends nothing twice."""

    _inherit = "sms.sms"

    key_account_company_id = fields.Many2one(
        comodel_name="res.company",
        string="Sending Company",
        readonly=True,
        ondelete="set null",
    )
    key_account_date_next = fields.Datetime(string="Next Try", readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        company_id = self.env.company.id
        vals_list = [{"key_account_company_id": company_id} | v for v in vals_list]
        return super().create(vals_list)

    def _get_sms_company(self):
        return (
            self.mail_message_id.record_company_id
            or self.key_account_company_id
            or super()._get_sms_company()
        )

    def _split_by_company(self):
        """(company, messages), and what has no company of its own is the user's."""
        groups = {}
        for sms in self:
            company = sms._get_sms_company()[:1]
            groups[company] = groups.get(company, self.browse()) + sms
        return groups.items()

    def _filter_by_gateway(self):
        """The messages that a gateway of ours sends."""
        found = self.browse()
        for company, messages in self._split_by_company():
            if issubclass(company._get_sms_api_class(), SmsApiHttp):
                found += messages
        return found

    def _split_by_api(self):
        mine = self._filter_by_gateway()
        for company, messages in mine._split_by_company():
            api_of_company = company._get_sms_api_class()(self.env)
            api_of_company._set_company(company)
            yield api_of_company, messages
        if self - mine:
            yield from super(SmsSms, self - mine)._split_by_api()

    def send(self, unlink_failed=False, unlink_sent=True, raise_exception=False):
        mine = self._filter_by_gateway()
        if mine:
            ids, options = mine.ids, (unlink_failed, unlink_sent)
            self.env.cr.postcommit.add(lambda: mine._send_apart(ids, *options))
        return super(SmsSms, self - mine).send(
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )

    def _send_apart(self, ids, unlink_failed, unlink_sent):
        """Send what was committed. A failure leaves it in the queue for the cron."""
        try:
            with self.env.registry.cursor() as cr:
                messages = self.with_env(self.env(cr=cr)).browse(ids).exists()
                messages._send_by_gateway(unlink_failed, unlink_sent)
        except Exception:
            _logger.exception("SMS %s stay in the queue", ids)

    def _send_by_gateway(self, unlink_failed=False, unlink_sent=True, patience=None):
        """Hand over what is due, here and now, company by company."""
        due = self.try_lock_for_update().filtered_domain(self._get_due_domain())
        for provider, messages in due._split_by_api():
            if patience is not None and isinstance(provider, SmsApiHttp):
                provider.patience = patience
            for batch_ids in messages._split_batch():
                self.browse(batch_ids).with_context(sms_api=provider)._send(
                    unlink_failed=unlink_failed, unlink_sent=unlink_sent
                )

    def _send_with_api(
        self, sms_api, unlink_failed=False, unlink_sent=True, raise_exception=False
    ):
        result = super()._send_with_api(
            sms_api,
            unlink_failed=unlink_failed,
            unlink_sent=unlink_sent,
            raise_exception=raise_exception,
        )
        if isinstance(sms_api, SmsApiHttp):
            self._plan_next_try()
        return result

    def _plan_next_try(self):
        """When the queue looks again at what a gateway did not take yet."""
        left = self.filtered(lambda sms: sms.state == "outgoing")
        if not left:
            return
        waiting = Ledger(self.env.registry).read_waiting(left.mapped("uuid"))
        soon = fields.Datetime.add(fields.Datetime.now(), minutes=3)
        for sms in left:
            date_next = waiting.get(sms.uuid)
            # A whole second: the queue never looks before the ledger lets it.
            sms.key_account_date_next = (
                date_next and date_next.replace(microsecond=0) + timedelta(seconds=1)
            ) or soon
        moments = set(left.mapped("key_account_date_next"))
        self.env.ref("sms.ir_cron_sms_scheduler_action")._trigger(moments)

    @api.model
    def _get_due_domain(self):
        next_try = Domain("key_account_date_next", "=", False) | Domain(
            "key_account_date_next", "<=", fields.Datetime.now()
        )
        return (
            Domain("state", "=", "outgoing")
            & Domain("to_delete", "=", False)
            & next_try
        )

    @api.model
    def _process_queue(self):
        """What is due, of every company; what waits for a next try holds up nobody."""
        # sudo: whether there is any gateway at all, whoever runs the queue
        if not self.env["key.account.sms.gateway"].sudo().search_count([], limit=1):
            return super()._process_queue()
        domain = self._get_due_domain()
        size = self._get_send_batch_size()
        messages = self.search(domain, limit=size, order="id")
        messages._send_by_gateway(patience=CRON_PATIENCE)
        remaining = self.search_count(domain) if len(messages) == size else 0
        self.env["ir.cron"]._commit_progress(len(messages), remaining=remaining)

    def action_set_outgoing(self):
        self.env["key.account.sms.delivery"]._release(self.mapped("uuid"))
        self.key_account_date_next = False
        return super().action_set_outgoing()

    def resend_failed(self):
        again = self.filtered(lambda sms: sms.state == "error" and not sms.to_delete)
        mine = again._filter_by_gateway()
        if not mine:
            return super().resend_failed()
        mine.action_set_outgoing()
        mine.send()
        (again - mine).write({"state": "outgoing"})
        (again - mine).send()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._(
                    "%(count)s messages are on their way.", count=len(again)
                ),
                "type": "success",
            },
        }
