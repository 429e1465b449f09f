# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import fields, models
from odoo.tools import SQL


class KeyAccountAttainment(models.Model):
    """Complaints among what was due: the handling, and the first feedback (SLA-07)."""

    _inherit = "key.account.attainment"

    _depends = {
        "key.account.complaint": [
            "clock_outcome",
            "date_accepted",
            "date_done",
            "date_due",
            "date_feedback",
            "date_feedback_due",
            "feedback_standard_id",
            "grade_code",
            "handler_id",
            "is_secret",
            "kind_id",
            "line_id",
            "manager_id",
            "name",
            "partner_id",
            "scope_id",
            "standard_id",
            "state",
            "unit_id",
        ],
    }

    def _get_parts(self):
        return [
            *super()._get_parts(),
            self._get_complaint_part(),
            self._get_feedback_part(),
        ]

    def _get_complaint_part(self) -> SQL:
        return SQL(
            """
            SELECT complaint.id * 8 + 1 AS id, complaint.name AS reference,
                   'key.account.complaint' AS res_model, complaint.id AS res_id,
                   complaint.kind_id, complaint.scope_id, complaint.handler_id, %s
             WHERE complaint.state <> 'withdrawn' AND %s AND %s
            """,
            self._get_shared("key_account_complaint", "complaint"),
            self._get_due("complaint"),
            self.env["key.account.complaint"]._get_readable("complaint"),
        )

    def _get_feedback_part(self) -> SQL:
        """The first feedback: due when it was given, or when its time is over."""
        return SQL(
            """
            SELECT fact.id * 8 + 2 AS id, fact.name AS reference,
                   'key.account.complaint' AS res_model, fact.id AS res_id,
                   standard.kind_id, fact.scope_id, fact.handler_id, fact.partner_id,
                   fact.line_id, fact.unit_id, fact.manager_id,
                   fact.feedback_standard_id AS standard_id, fact.grade_code,
                   fact.date_accepted, fact.date_feedback_due AS date_due,
                   fact.date_feedback AS date_done, 1 AS due_count,
                   in_time::int AS met_count, (NOT in_time)::int AS missed_count,
                   (fact.date_feedback IS NULL)::int AS open_count,
                   CASE WHEN in_time THEN 100 ELSE 0 END AS rate,
                   hours_used, hours_used AS hours_median, hours_used AS hours_p80,
                   hours_used AS hours_p95, hours_limit,
                   standard.target_percent AS target
              FROM key_account_complaint AS fact
              JOIN key_account_standard AS standard
                ON standard.id = fact.feedback_standard_id
             CROSS JOIN LATERAL (
                SELECT COALESCE(fact.date_feedback <= fact.date_feedback_due, FALSE)
                   AS in_time,
                       EXTRACT(EPOCH FROM fact.date_feedback - fact.date_accepted)
                       / 3600 AS hours_used,
                       EXTRACT(EPOCH FROM fact.date_feedback_due - fact.date_accepted)
                       / 3600 AS hours_limit
             ) AS judged
             WHERE fact.state <> 'withdrawn' AND %(readable)s
               AND (fact.date_feedback IS NOT NULL OR fact.date_feedback_due < %(now)s)
            """,
            readable=self.env["key.account.complaint"]._get_readable("fact"),
            now=fields.Datetime.now(),
        )
