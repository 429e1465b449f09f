# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from psycopg2.errors import ExclusionViolation

from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class KeyAccountRuleMixin(models.AbstractModel):
    """How a version comes into force: one person proposes it, another approves.

    Who may write a draft may propose it: the centre and the administrator, a company
    its own overrides. The centre approves, nobody what he proposed himself; the
    superuser may, so that an installation has rules.
    """

    _inherit = "key.account.rule.mixin"

    def action_propose(self):
        """Hand drafts in for approval; from now on they do not change."""
        self.check_access("write")
        for rule in self:
            rule._check_is_draft()
            rule._refuse_problems(rule._get_all_problems())
            rule._write_decision(
                {
                    "state": "proposed",
                    "author_id": self.env.uid,
                    "date_proposed": fields.Datetime.now(),
                    "refusal": False,
                }
            )
        return True

    def action_redraft(self):
        """Take proposals back, to change them."""
        self.check_access("write")
        self._check_is_proposed()
        self._write_decision({"state": "draft"})
        return True

    def action_approve(self):
        """Put proposals in force; each ends the open version before it (RULE-04)."""
        self._check_may_decide()
        for rule in self.sorted("date_from"):
            if self.env.su and rule.state == "draft":
                rule.action_propose()
            rule._check_is_proposed()
            rule._check_is_not_own()
            rule._approve()
        return True

    def _approve(self):
        self._refuse_problems(self._get_all_problems())
        number = max(self._get_approved().mapped("version"), default=0) + 1
        ended = self._get_ended()
        ended._write_decision({"date_to": fields.Date.subtract(self.date_from, days=1)})
        ended.flush_recordset()
        self._write_decision(
            {
                "state": "approved",
                "version": number,
                "approver_id": self.env.uid,
                "date_approved": fields.Datetime.now(),
            }
        )
        try:
            self.flush_recordset()
        except ExclusionViolation as error:
            raise UserError(
                self.env._(
                    "Somebody else put a version in force on these days at the same "
                    "moment: open the list again and look."
                )
            ) from error
        self._after_decided()

    def _after_decided(self):
        """Versions came into force or are no longer going to. Hook."""

    def action_ask_refusal(self):
        """Ask for the reason why proposals are refused."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_rule_refuse_action"
        )
        action["context"] = {"rule_model": self._name, "rule_ids": self.ids}
        return action

    def action_refuse(self, reason):
        """Send proposals back as drafts, with the reason."""
        self._check_may_decide()
        self._check_is_proposed()
        if not (reason or "").strip():
            raise UserError(
                self.env._("Say why you refuse, so that the proposer can do better.")
            )
        self._write_decision({"state": "draft", "refusal": reason})
        return True

    def action_withdraw(self):
        """Give drafts and proposals up; take back what was approved but has not begun.

        The version that the withdrawn one would have ended goes on.
        """
        self.check_access("write")
        for rule in self:
            if rule.state == "approved":
                rule._withdraw_planned()
            elif rule.state != "withdrawn":
                rule._write_decision({"state": "withdrawn"})
        return True

    def _withdraw_planned(self):
        self._check_may_decide()
        if self.phase != "planned" or self._get_last_decision_date():
            raise UserError(
                self.env._(
                    "%(rule)s was in force already: let it end, or approve a new "
                    "version.",
                    rule=self.display_name,
                )
            )
        others = self._get_approved()
        eve = fields.Date.subtract(self.date_from, days=1)
        before = others.filtered(lambda other: other.date_to == eve)
        after = others.filtered(lambda other: other.date_from > self.date_from)[:1]
        self._write_decision({"state": "withdrawn"})
        self.flush_recordset()
        end = after and fields.Date.subtract(after.date_from, days=1)
        before._write_decision({"date_to": end or False})
        self._after_decided()

    def action_new_version(self):
        """Open a draft with the same content, for the next day it may begin on."""
        self.ensure_one()
        first = max(fields.Date.context_today(self), self.date_from)
        version = self.copy({"date_from": fields.Date.add(first, days=1)})
        return version._get_form_action()

    def _get_form_action(self):
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _check_may_decide(self):
        if not (
            self.env.su
            or self.env.user.has_group("key_account_crm.group_key_account_centre")
        ):
            raise AccessError(
                self.env._("Rules are put in force by the centre: ask it to approve.")
            )
        self.check_access("write")

    def _check_is_not_own(self):
        if not self.env.su and self.author_id == self.env.user:
            raise AccessError(
                self.env._(
                    "You proposed %(rule)s yourself: another person approves it.",
                    rule=self.display_name,
                )
            )

    def _check_is_proposed(self):
        for rule in self:
            if rule.state != "proposed":
                raise UserError(
                    self.env._(
                        "%(rule)s does not wait for approval: propose it first.",
                        rule=rule.display_name,
                    )
                )

    def _refuse_problems(self, problems):
        if problems:
            raise UserError(
                self.env._(
                    "%(rule)s cannot be in force:\n%(problems)s",
                    rule=self.display_name,
                    problems="\n".join(problems),
                )
            )
