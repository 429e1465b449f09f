# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models

from ..models.key_account_card_attempt import OUTCOMES, USER_RATE, WAYS


class KeyAccountCardCheck(models.TransientModel):
    """The screen of counter and call centre: is this card valid, for whom? (CARD-08)

    Whoever asks is told what he needs to serve the holder, and no more; his questions
    are counted and logged like those of a partner's system.
    """

    _name = "key.account.card.check"
    _description = "Authenticate a VIP Card"

    way = fields.Selection(
        selection=WAYS, string="Asked by", default="card", required=True
    )
    value = fields.Char(string="Number", required=True)
    proof = fields.Char(
        help="The last four characters of the holder's identity document or of the "
        "service number, where the holder tells them."
    )
    outcome = fields.Selection(
        selection=[*OUTCOMES, ("none", "Not Asked Yet")], default="none", readonly=True
    )
    wait = fields.Integer(string="Seconds to Wait", readonly=True)
    kind_name = fields.Char(string="Card Kind", readonly=True)
    grade_name = fields.Char(string="Grade", readonly=True)
    holder = fields.Char(readonly=True)
    valid_to = fields.Date(readonly=True)
    benefit_text = fields.Text(string="Remaining Benefits", readonly=True)

    def action_check(self):
        """Ask, and show the answer in the same window."""
        self.ensure_one()
        value = (self.value or "").strip()[:64]
        # sudo: whoever may open this screen may ask about every card; the answer holds
        # a masked name and nothing else of the customer.
        answer = (
            self.env["key.account.card.attempt"]
            .sudo()
            ._authenticate(
                {
                    "way": self.way,
                    "value": value,
                    "proof": (self.proof or "").strip()[:64],
                    "lang": self.env.lang or "en_US",
                    "benefit_ids": (),
                },
                f"user:{self.env.uid}",
                USER_RATE,
                user_id=self.env.uid,
            )
        )
        self.write(self._prepare_answer(answer))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Authenticate a VIP Card"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _prepare_answer(self, answer):
        card = answer.get("card", {})
        lines = [
            self.env._(
                "%(benefit)s: %(left)s of %(allowed)s left",
                benefit=line["name"],
                left=line["left"],
                allowed=line["allowed"],
            )
            if line["allowed"] is not None
            else self.env._("%(benefit)s: without limit", benefit=line["name"])
            for line in card.get("benefits", ())
        ]
        return {
            "outcome": answer["outcome"],
            "wait": answer["wait"],
            "kind_name": card.get("kind_name", False),
            "grade_name": card.get("grade", False),
            "holder": card.get("holder", False),
            "valid_to": card.get("valid_to", False),
            "benefit_text": "\n".join(lines),
        }
