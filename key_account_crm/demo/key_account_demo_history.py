# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import fields, models
from odoo.fields import Command

from . import demo_words as words
from .key_account_demo import CHURNED_EVERY, CREDIT_EVERY, SUSPENDED_EVERY

CHURN_CAUSES = ("price", "service", "competitor", "need")
COMPETITORS = ("顺风快运", "联达速递", "数信通讯")


class KeyAccountDemo(models.AbstractModel):
    """What happened to the customers of the demonstration city, and who they are."""

    _inherit = "key.account.demo"

    def _create_credits(self, bills):
        """Credit notes for some who owe: the older half is set against bills."""
        today = fields.Date.context_today(self)
        owing = bills.filtered(lambda bill: bill.amount_open and bill.date_due < today)
        notes = self.env["key.account.bill"]
        for bill in owing.grouped("partner_id").values():
            bill = bill[0]
            notes |= notes.create(
                {
                    "name": f"{bill.name}C",
                    "kind": "credit",
                    "partner_id": bill.partner_id.id,
                    "line_id": bill.line_id.id,
                    "period": bill.period,
                    "date_bill": bill.date_due,
                    "date_due": bill.date_due,
                    "amount": -round(bill.amount * 0.15, 2),
                }
            )
        allocations = self.env["key.account.allocation"]
        for customer in notes.partner_id[::CREDIT_EVERY]:
            allocations.create(allocations._propose(customer))

    def _note_demands(self, dice, customers):
        """What groups asked for, and the lines they would like an offer of."""
        lines = self.env["key.account.line"].search([])
        groups = customers.filtered(lambda c: c.key_account_kind == "group")
        for index, customer in enumerate(groups[::4]):
            customer.write(
                {
                    "key_account_demand": words.DEMANDS[index % len(words.DEMANDS)],
                    "key_account_bill_form": ("electronic", "paper")[index % 2],
                    "key_account_interest_ids": [
                        Command.set(dice.choice(lines - self._get_lines(customer)).ids)
                    ],
                }
            )

    def _move_customers(self, dice, customers):
        """Some customers left, a few came back, some are suspended."""
        today = fields.Date.context_today(self)
        served = customers.filtered(lambda c: c.key_account_state == "active")
        gone = served[CHURNED_EVERY - 1 :: CHURNED_EVERY]
        for index, customer in enumerate(gone):
            date = today - relativedelta(days=dice.randint(60, 110))
            customer._key_account_move(
                "churned",
                reason="三个月没有业务，客户确认转用其他公司。",
                reason_id=self._term("move_closed"),
                date=date,
                document=f"LS-{date:%y%m}-{index + 1:02}",
            )
            customer.key_account_churn_ids.write(self._prepare_churn_vals(dice))
        if gone:
            gone[0]._key_account_move(
                "won_back",
                reason="新协议已签订，客户回归。",
                reason_id=self._term("move_returned"),
                date=today - relativedelta(days=12),
            )
        for customer in served[SUSPENDED_EVERY - 1 :: SUSPENDED_EVERY]:
            if customer.key_account_state != "active":
                continue
            customer._key_account_move(
                "suspended",
                reason="欠费超过三十天，业务暂停。",
                reason_id=self._term("move_arrears"),
                date=today - relativedelta(days=dice.randint(5, 40)),
            )

    def _term(self, name):
        return self.env.ref(f"key_account_crm.key_account_term_{name}").id

    def _competitor(self, dice):
        name = dice.choice(COMPETITORS)
        terms = self.env["key.account.term"]
        found = terms.search([("category", "=", "competitor"), ("name", "=", name)])
        code = f"demo_{COMPETITORS.index(name)}"
        vals = {"category": "competitor", "name": name, "code": code}
        return found or terms.with_context(lang=False).create(vals)

    def _prepare_churn_vals(self, dice):
        return {
            "kind_id": self._term("churn_kind_competitive"),
            "cause_id": self._term(f"churn_cause_{dice.choice(CHURN_CAUSES)}"),
            "competitor_id": self._competitor(dice).id,
            "win_back_chance": dice.choice((10, 30, 50, 70)),
        }

    def _create_persons(self, dice, customers):
        """Private data of individual customers and of those who decide."""
        contacts = customers.child_ids.filtered(
            lambda c: c.key_account_decision_role == "decides"
        )
        individuals = customers.filtered(lambda c: c.key_account_kind == "individual")
        self.env["key.account.person"].create(
            [
                {
                    "partner_id": person.id,
                    "birthday": f"{dice.randint(1958, 1996)}-{dice.randint(1, 12):02}-"
                    f"{dice.randint(1, 28):02}",
                    "mobile": f"13{dice.randint(100000000, 999999999)}",
                    "sex": dice.choice(("male", "female")),
                    "hobbies": dice.choice(words.HOBBIES),
                }
                for person in individuals | contacts
            ]
        )

    def _create_members(self, dice, customers):
        groups = customers.filtered(lambda c: c.key_account_kind == "group")
        self.env["key.account.member"].create(
            [
                {
                    "partner_id": group.id,
                    "name": dice.choice(words.SURNAMES) + dice.choice(words.GIVEN),
                    "importance": str(level),
                }
                for group in groups[::5]
                for level in (1, 2, 3)
            ]
        )

    def _create_potentials(self, dice, customers):
        """A file on every customer to be."""
        today = fields.Date.context_today(self)
        potentials = customers.filtered(lambda c: c.key_account_state == "potential")
        self.env["key.account.potential"].create(
            [
                {
                    "partner_id": customer.id,
                    "stage": dice.choice(("lead", "verifying")),
                    "line_id": self._get_lines(customer)[:1].id,
                    "revenue_month": dice.randint(2, 60) * 100,
                    "probability": dice.choice((20, 40, 60, 80)),
                    "supplier_id": self._competitor(dice).id,
                    "decision_maker_id": customer.child_ids[:1].id,
                    "growth": dice.choice("1234"),
                    "reachability": dice.choice("1234"),
                    "need_clarity": dice.choice("1234"),
                    "credit": dice.choice("234"),
                    "next_action": dice.choice(("拜访", "电话回访", "方案演示")),
                    "date_next_action": today
                    + relativedelta(days=dice.randint(-3, 20)),
                }
                for customer in potentials
            ]
        )
