# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL

from .key_account_dunning_line import REASONS
from .key_account_dunning_step import CHANNELS


class KeyAccountDunningPolicy(models.Model):
    """Whom a version of the policy would dun otherwise than the one in force does
    today (GRD-17, RULE-03): the selection of a run, made twice."""

    _inherit = "key.account.dunning.policy"

    def _get_trial_query(self, day) -> SQL:
        """Per customer, unit and currency in arrears: the step of today, or why none.

        Later steps are up, earlier ones down; a customer who would be dunned and is
        not yet is new.
        """
        self.ensure_one()
        runs = self.env["key.account.dunning.run"]
        return SQL(
            """
            SELECT partner_id, before.line_id,
                   before.text AS before, after.text AS after,
                   before.dunned AS amount_before, after.dunned AS amount_after,
                   CASE WHEN after.step IS NOT DISTINCT FROM before.step THEN 'none'
                        WHEN before.step IS NULL THEN 'new'
                        WHEN after.step IS NULL OR after.step < before.step THEN 'down'
                        ELSE 'up' END AS direction
              FROM (%(before)s) AS before
              JOIN (%(after)s) AS after
             USING (partner_id, unit, currency_id)
            """,
            before=self._get_trial_side(runs._get_selection_sql(day)),
            after=self._get_trial_side(runs._get_selection_sql(day, self)),
        )

    def _get_trial_side(self, selection) -> SQL:
        """What a selection does with each, in words."""
        return SQL(
            """
            SELECT partner_id, COALESCE(unit_id, 0) AS unit, currency_id, line_id,
                   CASE WHEN reason IS NULL THEN step_days END AS step,
                   CASE WHEN reason IS NULL THEN GREATEST(amount, 0) ELSE 0 END
                       AS dunned,
                   CASE WHEN reason IS NULL
                        THEN step_days || ' · ' || %(channel)s
                        ELSE %(reason)s END AS text
              FROM (%(selection)s) AS selection
            """,
            channel=self._get_label_sql("channel", CHANNELS),
            reason=self._get_label_sql("reason", REASONS),
            selection=selection,
        )

    def _get_label_sql(self, name, selection) -> SQL:
        """The label of a selection's value, in the language of whoever tries."""
        field = self.env["key.account.dunning.line"]._fields[name]
        labels = dict(field._description_selection(self.env))
        cases = [
            SQL("WHEN %s THEN %s", value, labels[value]) for value, _label in selection
        ]
        return SQL("CASE %s %s END", SQL.identifier(name), SQL(" ").join(cases))
