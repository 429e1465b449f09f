# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from .. import card_number
from ..masking import mask_name
from .key_account_card_attempt import CARD_FAILURES, WINDOW
from .key_account_card_nightly import SERVED

PROOF_LENGTH = 4


class KeyAccountCardAttempt(models.Model):
    """Looking a card up and saying whether it is valid, in two statements."""

    _inherit = "key.account.card.attempt"

    @api.model
    def _authenticate(self, question, caller, limit, unlocked=None, **traced):
        """Answer whether somebody holds a valid card (CARD-08). Returns a dict:

        outcome, wait (seconds, where the caller is refused) and, of a card that was
        found and may be told of, what ``_prepare_answer`` says.

        :param question: dict of way, value, proof, needs_proof, lang, benefit_ids
        :param caller: whose attempts are counted
        :param limit: how often the caller may ask in a minute
        :param traced: further columns of the log: client_id, user_id, address …
        """
        gate, found = self._look_up(question, caller, limit, unlocked)
        outcome, wait = self._check_gate(gate, limit)
        if outcome:
            found = None
        else:
            outcome = self._judge(question, found)
        is_new = self._log(
            outcome,
            caller,
            found,
            way=question["way"],
            asked=self._mask(question["way"], question["value"]),
            **traced,
        )
        if not is_new:
            return {"outcome": "replayed", "wait": 0}
        answer = {"outcome": outcome, "wait": wait}
        if found and outcome not in ("unknown", "mismatch", "blocked"):
            answer["card"] = self._prepare_answer(question, found, outcome)
        return answer

    @api.model
    def _look_up(self, question, caller, limit, unlocked):
        """The caller's gate and the card that was asked for, in one statement."""
        [row] = self.env.execute_query_dict(
            SQL(
                """
                SELECT gate.*, found.*, set_config('synchronous_commit', 'off', true)
                  FROM (%(gate)s) AS gate
                  LEFT JOIN LATERAL (
                        SELECT %(columns)s
                          FROM %(source)s
                         WHERE %(condition)s
                         ORDER BY card.state = 'active' DESC,
                                  card.state IN ('frozen', 'lost', 'issued') DESC,
                                  card.id DESC
                         LIMIT 1
                  ) AS found ON TRUE
                """,
                gate=self._get_gate(caller, limit, unlocked),
                columns=self._get_columns(question),
                source=self._get_source(),
                condition=self._get_condition(question),
            )
        )
        return row, row if row["card_id"] else None

    @api.model
    def _get_columns(self, question) -> SQL:
        """What is needed of the card to judge it and to answer."""
        return SQL(
            """
            card.id AS card_id, card.partner_id, card.unit_id, card.number_id,
            card.line_id, card.name AS number, card.state, card.date_from, card.date_to,
            card.kind_id, kind.code AS kind,
            COALESCE(kind.name ->> %(lang)s, kind.name ->> 'en_US') AS kind_name,
            COALESCE(NULLIF(card.holder_name, ''), holder.name, partner.name)
                AS holder_name,
            %(member)s AS is_member,
            ARRAY[service.name, person.identity_number] AS proofs,
            (SELECT count(*) FROM key_account_card_attempt AS attempt
              WHERE attempt.card_id = card.id AND attempt.outcome = 'mismatch'
                AND attempt.date > now() AT TIME ZONE 'UTC' - %(window)s) AS mismatches
            """,
            lang=question["lang"],
            member=self._get_member(),
            window=WINDOW,
        )

    @api.model
    def _get_source(self) -> SQL:
        return SQL(
            """
            key_account_card AS card
            JOIN key_account_card_kind AS kind ON kind.id = card.kind_id
            JOIN res_partner AS partner ON partner.id = card.partner_id
            LEFT JOIN res_partner AS holder ON holder.id = card.holder_id
            LEFT JOIN key_account_number AS service ON service.id = card.number_id
            LEFT JOIN key_account_person AS person
              ON person.partner_id = COALESCE(card.holder_id, card.partner_id)
            """
        )

    @api.model
    def _get_member(self) -> SQL:
        """Whether the membership stands today, whatever the nightly batch has done."""
        return SQL(
            """
            (service.id IS NULL OR service.state <> 'closed'
             AND service.partner_id = card.partner_id)
            AND COALESCE(partner.key_account_state IN %s, FALSE)
            """,
            SERVED,
        )

    @api.model
    def _get_condition(self, question) -> SQL:
        """Which card is asked for; by number and identity those that were issued."""
        value = question["value"]
        if question["way"] == "card":
            return SQL("card.name = %s", card_number.normalise(value))
        if question["way"] == "number":
            return SQL(
                "card.name IS NOT NULL AND card.number_id IN ("
                "SELECT id FROM key_account_number WHERE name = %s)",
                value.strip(),
            )
        return SQL(
            """
            card.name IS NOT NULL AND card.id IN (
                SELECT of_holder.id FROM key_account_person AS known
                  JOIN key_account_card AS of_holder
                    ON of_holder.holder_id = known.partner_id
                 WHERE known.identity_number = %(value)s
                 UNION ALL
                SELECT own.id FROM key_account_person AS known
                  JOIN key_account_card AS own
                    ON own.partner_id = known.partner_id AND own.holder_id IS NULL
                 WHERE known.identity_number = %(value)s)
            """,
            value="".join(value.split()).upper(),
        )

    @api.model
    def _judge(self, question, found):
        """The outcome for a card that was found, or not."""
        if not found:
            return "unknown"
        if found["mismatches"] >= CARD_FAILURES:
            return "blocked"
        if not self._is_proven(question, found):
            return "mismatch"
        if found["state"] != "active":
            return found["state"]
        if found["date_to"] and found["date_to"] < fields.Date.context_today(self):
            return "expired"
        return "valid" if found["is_member"] else "lapsed"

    @api.model
    def _is_proven(self, question, found):
        """Whether the proof is what the service number or the identity ends with."""
        proof = (question.get("proof") or "").strip().upper()
        if not proof:
            return not question.get("needs_proof")
        ends = {text[-PROOF_LENGTH:].upper() for text in found["proofs"] if text}
        return len(proof) == PROOF_LENGTH and proof in ends

    @api.model
    def _prepare_answer(self, question, found, outcome):
        """What the caller is told, and no more."""
        answer = {
            "kind": found["kind"],
            "kind_name": found["kind_name"],
            "holder": mask_name(found["holder_name"]),
        }
        if outcome == "valid":
            answer["valid_to"] = found["date_to"]
            answer["benefits"] = self._get_benefits(question, found)
        return answer

    @api.model
    def _get_benefits(self, question, found):
        """Allowed, used and left in this year of each benefit the caller may know."""
        today = fields.Date.context_today(self)
        offer = self.env["key.account.card.rule"]._get_offer(
            today, found["unit_id"], found["kind_id"]
        )
        wanted = question["benefit_ids"]
        offer = {b: allowed for b, allowed in offer if not wanted or b in wanted}
        if not offer:
            return []
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT benefit.id, benefit.code,
                       COALESCE(benefit.name ->> %(lang)s, benefit.name ->> 'en_US')
                           AS name,
                       COALESCE((
                        SELECT sum(use.counted) FROM key_account_card_use AS use
                         WHERE use.partner_id = %(partner)s AND use.year = %(year)s
                           AND use.benefit_id = benefit.id
                           AND use.number_id IS NOT DISTINCT FROM %(number)s
                           AND use.line_id IS NOT DISTINCT FROM %(line)s
                       ), 0)::int AS used
                  FROM key_account_card_benefit AS benefit
                 WHERE benefit.id = ANY(%(benefits)s)
                 ORDER BY benefit.sequence, benefit.id
                """,
                lang=question["lang"],
                partner=found["partner_id"],
                number=found["number_id"],
                line=found["line_id"],
                year=today.year,
                benefits=list(offer),
            )
        )
        for row in rows:
            allowed = offer[row.pop("id")]
            row["allowed"] = allowed
            row["left"] = None if allowed is None else max(allowed - row["used"], 0)
        return rows
