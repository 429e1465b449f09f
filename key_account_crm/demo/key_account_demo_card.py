# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models

KINDS = {"1": "diamond", "2": "gold", "3": "silver"}  # by the code a grade gives
STOCK = {"diamond": "880001", "gold": "880002", "silver": "880003", "vip": "880005"}
# code: (name, category, partner, city, price, benefits)
PLACES = {
    "HALL-1": ("城东营业厅", "hall", False, "滨江市", 0, ("counter", "sim", "resume")),
    "HOTLINE": ("贵宾热线", "hotline", False, False, 0, ("hotline", "resume")),
    "AIR-T2": (
        "机场二号厅贵宾室",
        "airport",
        "机场服务公司",
        "滨江市",
        80,
        ("lounge",),
    ),
    "RAIL-S": ("高铁南站贵宾室", "station", "铁路旅服公司", "滨江市", 45, ("lounge",)),
}
LOST_EVERY, FROZEN_EVERY, REQUESTED_EVERY = 9, 13, 8


class KeyAccountDemo(models.AbstractModel):
    """VIP cards of the demonstration city: some lost and replaced, some used."""

    _inherit = "key.account.demo"

    @api.model
    def _load(self):
        result = super()._load()
        self.with_context(tracking_disable=True)._create_cards()
        return result

    def _create_cards(self):
        holders = self._get_holders()
        self._supply_cards()
        places = self._create_places()
        today = fields.Date.context_today(self)
        for index, number in enumerate(holders):
            grade = number.partner_id.key_account_standing_ids.grade_id
            card = self._apply_for(number, KINDS[grade.card_kind])
            if index % REQUESTED_EVERY == REQUESTED_EVERY - 1:
                continue
            card._open(is_active=True, document=f"KK-{index + 1:03}")
            self._date_back(card, today - relativedelta(days=20 + index * 7 % 340))
            self._use_card(card, places, index)
            self._trouble_card(card, index)

    def _get_holders(self):
        """Numbers of customers whose grade gives a card, one a customer."""
        numbers = self.env["key.account.number"].search(
            [
                ("state", "=", "in_service"),
                ("partner_id.key_account_state", "in", ("active", "won_back")),
                (
                    "partner_id.key_account_standing_ids.grade_id.card_kind",
                    "in",
                    list(KINDS),
                ),
            ],
            order="id",
        )
        return numbers.filtered(
            lambda number: number == number.partner_id.key_account_number_ids[:1]
        )[::2]

    def _supply_cards(self):
        centre = self.env.ref("key_account_crm.key_account_unit_centre")
        for kind, prefix in STOCK.items():
            self.env["key.account.card.batch"].create(
                {
                    "kind_id": self._kind(kind).id,
                    "unit_id": centre.id,
                    "number_from": f"{prefix}0001",
                    "number_to": f"{prefix}0200",
                    "with_check_digit": True,
                    "document": f"RK-{prefix}",
                }
            )

    def _kind(self, kind):
        return self.env.ref(f"key_account_crm.key_account_card_kind_{kind}")

    def _benefit(self, benefit):
        return self.env.ref(f"key_account_crm.key_account_card_benefit_{benefit}")

    def _create_places(self):
        places = self.env["key.account.card.place"].with_context(lang=False)
        return places.create(
            [
                {
                    "code": code,
                    "name": name,
                    "category": category,
                    "partner_name": partner,
                    "city": city,
                    "price": price,
                    "benefit_ids": [(6, 0, [self._benefit(b).id for b in benefits])],
                }
                for code, (name, category, partner, city, price, benefits) in (
                    PLACES.items()
                )
            ]
        )

    def _apply_for(self, number, kind):
        return self.env["key.account.card"].create(
            {
                "partner_id": number.partner_id.id,
                "number_id": number.id,
                "kind_id": self._kind(kind).id,
                "user_id": (number.manager_id or self.env.user).id,
            }
        )

    def _date_back(self, card, day):
        """The card was opened that day: demonstration data have a past."""
        card.write(
            {
                "date_request": day - relativedelta(days=3),
                "date_from": day,
                "date_to": card._get_date_to(day),
            }
        )
        card.flush_recordset()
        self.env.cr.execute(
            "UPDATE key_account_card_move SET date = %s WHERE card_id = %s",
            [day, card.id],
        )
        card.move_ids.invalidate_recordset()

    def _use_card(self, card, places, index):
        """A few uses since it was opened, in places that offer what the card gives."""
        now = fields.Datetime.now()
        offered = card._get_allowed(fields.Date.context_today(self))
        for step in range(index % 4):
            place = places[(index + step) % len(places)]
            benefit = place.benefit_ids.filtered(lambda b: b.id in offered)[:1]
            moment = now - relativedelta(days=(step * 5 + index) % 19, hours=step)
            if benefit:
                self.env["key.account.card.use"].create(
                    {
                        "card_id": card.id,
                        "benefit_id": benefit.id,
                        "place_id": place.id,
                        "date": moment,
                        "companion_count": step % 2,
                        "cost": place.price * (1 + step % 2),
                    }
                )

    def _trouble_card(self, card, index):
        """Some are lost, of these some replaced; some are frozen."""
        lost = self.env.ref("key_account_crm.key_account_term_card_lost").id
        if index % LOST_EVERY == LOST_EVERY - 1:
            card._step("lose", reason_id=lost, reason="客户来电挂失。")
            if index % 2:
                card._replace(reason_id=lost, document=f"BK-{index + 1:03}")
        elif index % FROZEN_EVERY == FROZEN_EVERY - 1:
            misuse = self.env.ref("key_account_crm.key_account_term_card_misuse").id
            card._step("freeze", reason_id=misuse, reason="卡转借他人使用。")
