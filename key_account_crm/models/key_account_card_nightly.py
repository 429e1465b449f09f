# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from .key_account_card import LIVE

NOTICE_DAYS = 30
# Customers in these states are served, hence may be members.
SERVED = ("active", "suspended", "won_back")


class KeyAccountCard(models.Model):
    """What happens to VIP cards by themselves: they lapse, are renewed, expire.

    Everything in sets, once a night: a second run changes nothing.
    """

    _inherit = "key.account.card"

    @api.model
    def _get_bound(self, domain):
        """The cards, and the applications for one, that still stand."""
        states = [*LIVE, "requested"]
        return self.search(Domain(domain) & Domain("state", "in", states))

    def _cancel(self, reason):
        """Cancel cards because of something that happened to number or customer.

        :param reason: name of a term of the category card_reason
        """
        if self:
            term = self.env.ref(f"key_account_crm.key_account_term_{reason}")
            self._step("cancel", reason_id=term.id)

    @api.model
    def _cron_roll(self):
        """Every night: cards of those who left, the yearly re-check, the notices."""
        run = self._start_run()
        counts = self._lapse(run), self._renew_due(run), self._expire_due(run)
        notices = self._give_notice()
        # sudo: the run was made by this batch.
        run.sudo().write(
            {
                "state": "done",
                "date_end": fields.Datetime.now(),
                "progress": 100,
                "changed_count": sum(counts),
                "row_count": sum(counts) + notices,
                "message": self.env._(
                    "%(lapsed)s cards cancelled, %(renewed)s renewed, %(expired)s "
                    "expired; %(notices)s notices.",
                    lapsed=counts[0],
                    renewed=counts[1],
                    expired=counts[2],
                    notices=notices,
                ),
            }
        )

    @api.model
    def _start_run(self):
        root = self.env["key.account.unit"].search([("parent_id", "=", False)], limit=1)
        # sudo: batches are logged by the system only.
        return (
            self.env["key.account.run"]
            .sudo()
            .create(
                {
                    "name": self.env._("VIP cards: re-check"),
                    "kind": "card",
                    "state": "running",
                    "unit_id": root.id,
                }
            )
        )

    @api.model
    def _lapse(self, run):
        """Cancel cards whose number was closed or given away, whose customer left."""
        count = 0
        for reason, condition in (
            ("card_closed", SQL("number.state = 'closed'")),
            ("card_owner", SQL("number.partner_id <> card.partner_id")),
            (
                "card_churned",
                SQL(
                    "partner.key_account_state IS NULL "
                    "OR partner.key_account_state NOT IN %s",
                    SERVED,
                ),
            ),
        ):
            count += self._move_set("cancel", "cancelled", condition, run, reason)
        return count

    @api.model
    def _renew_due(self, run):
        """Begin the next period of cards past their date whose customers qualify."""
        condition = SQL(
            "card.date_to < %(today)s AND card.state <> 'lost' AND %(member)s",
            today=fields.Date.context_today(self),
            member=self._get_member_condition(),
        )
        return self._move_set("renew", None, condition, run, "card_recheck")

    @api.model
    def _expire_due(self, run):
        """Let cards past their date expire, and those of customers below the grade."""
        condition = SQL(
            "(card.date_to < %(today)s OR NOT (%(member)s))",
            today=fields.Date.context_today(self),
            member=self._get_member_condition(),
        )
        return self._move_set("expire", "expired", condition, run, "card_recheck")

    @api.model
    def _get_member_condition(self) -> SQL:
        """Whether the customer qualifies for a card, of ``card`` and ``partner``."""
        return SQL("TRUE")

    @api.model
    def _move_set(self, action, state, condition, run, reason):
        """Take a step with all cards of a condition, in one statement."""
        self.env.flush_all()
        self._key_account_say_who()
        today = fields.Date.context_today(self)
        changes = SQL("state = %s, date_end = %s", state, today)
        if not state:
            changes = SQL(
                """
                date_notice = NULL,
                date_to = (
                    SELECT min(period.last_day)
                      FROM generate_series(1, 120) AS number,
                           LATERAL (SELECT (card.date_to + 1 + number * kind.months
                                            * interval '1 month')::date - 1
                           ) AS period (last_day)
                     WHERE period.last_day >= %s)
                """,
                today,
            )
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE key_account_card AS card
                   SET %(changes)s, write_uid = %(uid)s,
                       write_date = now() AT TIME ZONE 'UTC'
                  FROM key_account_card AS old
                  JOIN key_account_card_kind AS kind ON kind.id = old.kind_id
                  JOIN res_partner AS partner ON partner.id = old.partner_id
                  LEFT JOIN key_account_number AS number ON number.id = old.number_id
                 WHERE old.id = card.id AND card.state IN %(live)s AND (%(condition)s)
                RETURNING card.id, old.state
                """,
                changes=changes,
                uid=self.env.uid,
                live=(*LIVE, "requested") if action == "cancel" else LIVE,
                condition=condition,
            )
        )
        self.invalidate_model(flush=False)
        if not rows:
            return 0
        term = self.env.ref(f"key_account_crm.key_account_term_{reason}")
        steps = SQL(
            "SELECT id, %s, state, COALESCE(%s, state), NULL, %s "
            "FROM unnest(%s, %s) AS moved (id, state)",
            action,
            state,
            run.id,
            [row[0] for row in rows],
            [row[1] for row in rows],
        )
        return self.env["key.account.card.move"]._record_set(steps, term.id)

    @api.model
    def _give_notice(self):
        """Tell managers of cards that end within a month; each period once."""
        today = fields.Date.context_today(self)
        domain = Domain("state", "in", ("active", "frozen"))
        domain &= Domain("date_notice", "=", False)
        domain &= Domain("date_to", ">=", today)
        domain &= Domain("date_to", "<=", today + relativedelta(days=NOTICE_DAYS))
        due = self.search(domain & Domain("manager_id", "!=", False))
        for card in due:
            card.partner_id.activity_schedule(
                "mail.mail_activity_data_todo",
                date_deadline=card.date_to,
                user_id=card.manager_id.id,
                summary=self.env._(
                    "VIP card %(number)s is re-checked on %(date)s",
                    number=card.name,
                    date=card.date_to,
                ),
            )
        due.write({"date_notice": today})
        return len(due)
