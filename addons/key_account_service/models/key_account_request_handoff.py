# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, html2plaintext

from .key_account_handoff_answer import STATES

MAX_ROWS = 1000
MAX_TEXT = 2000
RESULTS = ("applied", "repeated", "overtaken", "unknown", "refused")


class KeyAccountRequest(models.Model):
    """Round trip with an outside system: what it was handed, and what it answers.

    It calls with the API key of its user: POST /json/2/key.account.request/
    handoff_export and handoff_answer. Both may be repeated without effect.
    """

    _inherit = "key.account.request"

    handoff_answer_ids = fields.One2many(
        comodel_name="key.account.handoff.answer",
        inverse_name="request_id",
        string="Answers",
        readonly=True,
    )

    def _follow_owner(self):
        """The answers go where the customer or line of the request is."""
        result = super()._follow_owner()
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_handoff_answer AS answer
                   SET line_id = request.line_id, unit_id = request.unit_id,
                       manager_id = request.manager_id
                  FROM key_account_request AS request
                 WHERE request.id = answer.request_id AND request.id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.handoff_answer_ids.invalidate_recordset(flush=False)
        return result

    @api.model
    def handoff_export(self, system, limit=MAX_ROWS):
        """What the system was handed and has not answered yet, the oldest first."""
        found = self._get_handed_over(self._get_handoff_system(system))
        rows = found.filtered(lambda one: one.handoff_state == "sent")
        rows = rows.sorted("id")[: max(0, min(int(limit), MAX_ROWS))]
        return [one._prepare_handoff_row() for one in rows]

    @api.model
    def handoff_answer(self, system, answers):
        """Take answers; for each what became of it, in the same order.

        :param answers: list of dicts: event (unique there), number (ours), state
            (accepted, done, failed), at (UTC), reference, note
        """
        term = self._get_handoff_system(system)
        if not isinstance(answers, list) or len(answers) > MAX_ROWS:
            raise UserError(
                self.env._(
                    "“answers”: send a list of at most %(count)s answers.",
                    count=MAX_ROWS,
                )
            )
        results = []
        for answer in answers:
            result, text = self._take_answer(term, answer)
            number = answer.get("number") if isinstance(answer, dict) else None
            results.append({"number": number, "result": result, "message": text})
        return results

    @api.model
    def _get_handoff_system(self, code):
        """The system with this code whose user asks."""
        # sudo: the user of a system need not read dictionaries; he is compared.
        terms = self.env["key.account.term"].sudo()
        term = terms.search(
            [("category", "=", "outside_system"), ("code", "=", str(code or ""))],
            limit=1,
        )
        if not term or term.handoff_user_id != self.env.user:
            raise AccessError(
                self.env._(
                    "“system”: %(code)s is not known, or its user is another one. The "
                    "centre names the user of a system in the dictionary.",
                    code=code or "–",
                )
            )
        return term

    @api.model
    def _get_handed_over(self, term):
        # sudo: what was handed to the system is all that is looked at.
        return self.sudo().search(
            [("handoff_system_id", "=", term.id), ("handoff_state", "!=", False)]
        )

    def _prepare_handoff_row(self):
        """What the other side needs to serve the customer, and no more."""
        self.ensure_one()
        return {
            "number": self.name,
            "kind": self.kind_id.code,
            "subject": self.subject,
            "description": html2plaintext(self.description or ""),
            "customer": self.partner_id.key_account_code or "",
            "service_number": self.number_id.name or "",
            "line": self.line_id.code or "",
            "date_handoff": fields.Datetime.to_string(self.date_handoff) or "",
            "date_due": fields.Datetime.to_string(self.date_due) or "",
        }

    @api.model
    def _take_answer(self, term, answer):
        """(result, what is wrong with it) of one answer."""
        vals, problem = self._read_answer(answer)
        if problem:
            return "refused", problem
        # sudo: one of what was handed to the system, see ``_get_handoff_system``.
        request = self.sudo().search(
            [
                ("name", "=", answer["number"]),
                ("handoff_system_id", "=", term.id),
                ("handoff_state", "!=", False),
            ]
        )
        if not request:
            return "unknown", self.env._("“number”: it was not handed to this system.")
        request._clock_lock()
        ledger = self.env["key.account.handoff.answer"].sudo()
        if ledger.search_count(
            [("system_id", "=", term.id), ("event", "=", vals["event"])]
        ):
            return "repeated", False
        last = request.handoff_answer_ids.filtered(lambda one: not one.is_stale)
        is_stale = any(one.date > vals["date"] for one in last)
        ledger.create(
            {
                **vals,
                "request_id": request.id,
                "partner_id": request.partner_id.id,
                "line_id": request.line_id.id,
                "system_id": term.id,
                "is_stale": is_stale,
            }
        )
        if is_stale:
            return "overtaken", False
        request._apply_answer(vals)
        return "applied", False

    @api.model
    def _read_answer(self, answer):
        """The values of an answer, or what is wrong with it."""
        if not isinstance(answer, dict):
            return None, self.env._("An answer is an object with names and values.")
        texts = {name: answer.get(name) for name in ("event", "number", "state")}
        for name, value in texts.items():
            if not isinstance(value, str) or not value.strip() or len(value) > 200:
                return None, self.env._("“%(name)s”: send a text.", name=name)
        if texts["state"] not in dict(STATES):
            return None, self.env._(
                "“state”: %(value)s is none of %(known)s.",
                value=texts["state"],
                known=", ".join(dict(STATES)),
            )
        try:
            date = fields.Datetime.to_datetime(str(answer.get("at")).replace("T", " "))
        except ValueError:
            date = None
        if not date or date > fields.Datetime.now():
            return None, self.env._(
                "“at”: send when it was said, in UTC, as 2026-01-31 08:30:00."
            )
        return {
            "event": texts["event"],
            "state": texts["state"],
            "date": date,
            "reference": str(answer.get("reference") or "")[:200],
            "note": str(answer.get("note") or "")[:MAX_TEXT].replace("\x00", ""),
        }, None

    def _apply_answer(self, vals):
        """The request shows it; who works on it is told when it is over there."""
        self.ensure_one()
        changes = {"handoff_state": vals["state"]}
        if vals["reference"]:
            changes["handoff_reference"] = vals["reference"]
        self._move(changes)
        if vals["state"] == "accepted" or self.date_done:
            return
        user = self.handler_id or self.manager_id
        if user:
            labels = dict(
                self._fields["handoff_state"]._description_selection(self.env)
            )
            self.with_context(mail_activity_quick_update=True).activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                summary=labels[vals["state"]],
                note=vals["note"],
            )
