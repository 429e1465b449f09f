# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import models
from odoo.tools import SQL

from .key_account_potential import FIRST_STAGES

RANKS = {"rejected": 0, "nurture": 1, "qualified": 2}


class KeyAccountQualificationRule(models.Model):
    """Whom a version would qualify, nurture or reject differently (GRD-01, GRD-17)."""

    _inherit = "key.account.qualification.rule"

    def _get_trial_query(self, day) -> SQL:
        """The files still to be decided, each scored by what is in force for its unit
        and by this version, with the very code that decides."""
        self.ensure_one()
        in_force = self._get_map_in_force(day)
        # sudo: all files are tried; each reader sees the rows in his scope.
        files = self.env["key.account.potential"].sudo()
        rows = [
            self._try_file(file, in_force.get(file.unit_id.id, self.browse()), day)
            for file in files.search([("stage", "in", FIRST_STAGES)])
        ]
        columns = list(zip(*rows, strict=True)) or [()] * 7
        return SQL(
            """
            SELECT * FROM unnest(
                %s::integer[], %s::integer[], %s::text[], %s::text[],
                %s::numeric[], %s::numeric[], %s::text[]
            ) AS tried (partner_id, line_id, before, after, amount_before,
                        amount_after, direction)
            """,
            *(list(column) for column in columns),
        )

    def _try_file(self, file, current, day):
        results = dict(file._fields["result"]._description_selection(self.env))
        score, verdict = self._judge(file, day)
        old_score, old_verdict = current._judge(file, day) if current else (None, None)
        if old_verdict is None:
            direction = "new"
        else:
            direction = "up" if RANKS[verdict] > RANKS[old_verdict] else "down"
        return (
            file.partner_id.id,
            file.line_id.id or None,
            results.get(old_verdict),
            results[verdict],
            old_score,
            score,
            direction,
        )

    def _judge(self, file, day):
        score, _parts = self._score(file, day)
        return score, self._get_verdict(score)
