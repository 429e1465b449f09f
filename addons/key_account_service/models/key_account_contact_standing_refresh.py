# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, models
from odoo.tools import SQL

from .key_account_contact_standing import SERVED

COLUMNS = (
    "unit_id",
    "manager_id",
    "date_last",
    "last_id",
    "date_next",
    "date_due",
    "due_kind_id",
    "rule_id",
    "grade_id",
)


class KeyAccountContactStanding(models.Model):
    """Freshness is drawn from the contacts in one statement, for some or for all."""

    _inherit = "key.account.contact.standing"

    @api.model
    def _refresh(self, partner_ids=None):
        """Bring the rows of customers in line with contacts, grades and rules.

        :param partner_ids: ids of the customers, or None for all of them
        :return: the number of rows written
        """
        self.env.flush_all()
        columns = SQL(", ").join(map(SQL.identifier, COLUMNS))
        new = SQL(", ").join(SQL.identifier("excluded", name) for name in COLUMNS)
        self.env.cr.execute(
            SQL(
                """
                WITH state AS MATERIALIZED (%(state)s),
                gone AS (
                    DELETE FROM key_account_contact_standing AS old
                     WHERE %(restriction)s AND NOT EXISTS (
                           SELECT FROM state
                            WHERE state.partner_id = old.partner_id
                              AND COALESCE(state.line_id, 0) = COALESCE(old.line_id, 0)
                              AND COALESCE(state.person_id, 0)
                                  = COALESCE(old.person_id, 0))
                )
                INSERT INTO key_account_contact_standing AS old (
                    partner_id, line_id, person_id, %(columns)s,
                    create_uid, create_date, write_uid, write_date
                )
                SELECT partner_id, line_id, person_id, %(columns)s,
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM state
                    ON CONFLICT (partner_id, line_id, person_id) DO UPDATE
                   SET (%(columns)s, write_uid, write_date)
                       = (%(new)s, excluded.write_uid, excluded.write_date)
                 WHERE (%(old)s) IS DISTINCT FROM (%(new)s)
                """,
                state=self._get_state_query(partner_ids),
                restriction=self._restrict(partner_ids, "old"),
                columns=columns,
                new=new,
                old=SQL(", ").join(SQL.identifier("old", name) for name in COLUMNS),
                uid=self.env.uid,
            )
        )
        written = self.env.cr.rowcount
        self.invalidate_model(flush=False)
        self._forget_shown()
        self._end_reminders(partner_ids)
        return written

    @api.model
    def _forget_shown(self):
        partner = self.env["res.partner"]
        names = [n for n in partner._fields if n.startswith("key_account_contact_")]
        partner.invalidate_model(names, flush=False)

    @api.model
    def _restrict(self, partner_ids, alias) -> SQL:
        if partner_ids is None:
            return SQL("TRUE")
        column = SQL.identifier(alias, "partner_id")
        return SQL("%s = ANY(%s)", column, list(partner_ids))

    @api.model
    def _get_state_query(self, partner_ids, rule=None) -> SQL:
        """What the rows are to say: one for each customer where its file is kept, each
        line file, and each key person there.

        :param rule: a version to try instead of what is in force
        """
        return SQL(
            """
            WITH slot AS (%(slots)s), met AS (%(met)s), subject AS (%(subjects)s),
            touch AS (
                SELECT subject.partner_id, subject.line_id, subject.person_id, met.*
                  FROM subject
                  JOIN met ON met.customer_id = subject.partner_id
                   AND (met.is_important
                        OR COALESCE(met.line, 0) = COALESCE(subject.line_id, 0))
                 WHERE subject.person_id IS NULL OR EXISTS (
                       SELECT FROM key_account_contact_event_person_rel AS rel
                        WHERE rel.event_id = met.event_id
                          AND rel.person_id = subject.person_id)
            ),
            latest AS (
                SELECT partner_id, line_id, person_id,
                       MAX(day) FILTER (WHERE state = 'done') AS date_last,
                       (array_agg(event_id ORDER BY day DESC, date DESC, event_id DESC)
                           FILTER (WHERE state = 'done'))[1] AS last_id,
                       MIN(date) FILTER (WHERE state = 'planned') AS date_next
                  FROM touch GROUP BY 1, 2, 3
            ),
            due AS (%(due)s)
            SELECT subject.partner_id, subject.line_id, subject.person_id,
                   subject.unit_id, subject.manager_id, latest.date_last,
                   latest.last_id, latest.date_next, due.date_due, due.due_kind_id,
                   due.rule_id, subject.grade_id
              FROM subject
              LEFT JOIN latest ON latest.partner_id = subject.partner_id
               AND COALESCE(latest.line_id, 0) = COALESCE(subject.line_id, 0)
               AND COALESCE(latest.person_id, 0) = COALESCE(subject.person_id, 0)
              LEFT JOIN due ON due.partner_id = subject.partner_id
               AND COALESCE(due.line_id, 0) = COALESCE(subject.line_id, 0)
               AND COALESCE(due.person_id, 0) = COALESCE(subject.person_id, 0)
            """,
            slots=self._get_slots(partner_ids),
            met=self._get_met(partner_ids),
            subjects=self._get_subjects(),
            due=self._get_due(rule),
        )

    @api.model
    def _get_slots(self, partner_ids) -> SQL:
        """Where a customer is served: at home, and on each line that has a file."""
        return SQL(
            """
            SELECT partner.id AS partner_id, place.line_id, place.unit_id,
                   place.manager_id, standing.grade_id, grade.code AS grade_code,
                   partner.key_account_state AS state,
                   COALESCE(place.since, partner.create_date::date) AS since
              FROM res_partner AS partner
              LEFT JOIN key_account_standing AS standing
                ON standing.partner_id = partner.id
              LEFT JOIN key_account_grade AS grade ON grade.id = standing.grade_id
             CROSS JOIN LATERAL (
                SELECT NULL::int AS line_id, partner.key_account_unit_id AS unit_id,
                       partner.key_account_manager_id AS manager_id,
                       partner.key_account_date_key AS since
                UNION ALL
                SELECT file.line_id, file.unit_id, file.manager_id, file.date_from
                  FROM key_account_line_file AS file
                 WHERE file.partner_id = partner.id
             ) AS place
             WHERE partner.key_account_kind IS NOT NULL AND partner.active
               AND %s
            """,
            SQL("TRUE")
            if partner_ids is None
            else SQL("partner.id = ANY(%s)", list(partner_ids)),
        )

    @api.model
    def _get_met(self, partner_ids) -> SQL:
        """Contacts that took place or are planned, and in which slot they count."""
        return SQL(
            """
            SELECT event.id AS event_id, event.partner_id AS customer_id,
                   file.line_id AS line, event.kind_id, event.day, event.date,
                   event.state, event.is_important
              FROM key_account_contact_event AS event
              LEFT JOIN key_account_line_file AS file
                ON file.partner_id = event.partner_id
               AND file.line_id = event.line_id
             WHERE event.state IN ('done', 'planned') AND %s
            """,
            self._restrict(partner_ids, "event"),
        )

    @api.model
    def _get_subjects(self) -> SQL:
        """The slots themselves, and their key persons: who decides, and whom somebody
        met there."""
        return SQL(
            """
            SELECT slot.*, NULL::int AS person_id FROM slot
            UNION ALL
            SELECT slot.*, person.id
              FROM slot
              JOIN res_partner AS person
                ON person.commercial_partner_id = slot.partner_id
               AND person.id <> slot.partner_id AND person.active
             WHERE (slot.line_id IS NULL
                    AND person.key_account_decision_role = 'decides')
                OR EXISTS (
                   SELECT FROM key_account_contact_event_person_rel AS rel
                     JOIN met ON met.event_id = rel.event_id
                    WHERE rel.person_id = person.id
                      AND met.customer_id = slot.partner_id
                      AND (met.is_important
                           OR COALESCE(met.line, 0) = COALESCE(slot.line_id, 0)))
            """
        )

    @api.model
    def _get_due(self, rule) -> SQL:
        """The frequency that runs out first, counted from the last contact of its
        kind, or from the day the customer is one of ours."""
        frequencies = self.env["key.account.contact.rule"].sudo()  # sudo: for everybody
        return SQL(
            """
            SELECT DISTINCT ON (subject.partner_id, subject.line_id, subject.person_id)
                   subject.partner_id, subject.line_id, subject.person_id,
                   frequency.rule_id, frequency.kind_id AS due_kind_id,
                   COALESCE(last.day, subject.since) + frequency.days AS date_due
              FROM subject
              JOIN %(frequencies)s ON frequency.unit_id = subject.unit_id
               AND frequency.grade_code = subject.grade_code
               AND (subject.line_id IS NULL OR frequency.is_for_lines)
               AND frequency.whom = CASE WHEN subject.person_id IS NULL
                                         THEN 'customer' ELSE 'person' END
              LEFT JOIN res_partner AS person ON person.id = subject.person_id
              LEFT JOIN LATERAL (
                    SELECT MAX(touch.day) AS day FROM touch
                     WHERE touch.partner_id = subject.partner_id
                       AND COALESCE(touch.line_id, 0) = COALESCE(subject.line_id, 0)
                       AND COALESCE(touch.person_id, 0)
                           = COALESCE(subject.person_id, 0)
                       AND touch.state = 'done'
                       AND (frequency.kind_id IS NULL
                            OR touch.kind_id = frequency.kind_id)
              ) AS last ON TRUE
             WHERE subject.state IN %(served)s
               AND (subject.person_id IS NULL
                    OR person.key_account_decision_role = 'decides')
             ORDER BY subject.partner_id, subject.line_id, subject.person_id,
                      date_due, frequency.days, frequency.kind_id NULLS LAST
            """,
            frequencies=frequencies._get_frequencies_sql(rule),
            served=SERVED,
        )
