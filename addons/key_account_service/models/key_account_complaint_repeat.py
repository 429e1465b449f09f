# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.tools import SQL

from ..clock import Clock


class KeyAccountComplaint(models.Model):
    """What follows by rule when a complaint is registered: its limits, whether it
    repeats an earlier one, and to whom it goes at once (CMP-05, CMP-07)."""

    _inherit = "key.account.complaint"

    repeat_of_id = fields.Many2one(
        comodel_name="key.account.complaint",
        string="Repeats",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The last complaint about the same matter within the days of the rule.",
    )
    repeat_count = fields.Integer(
        string="Repeats before",
        readonly=True,
        copy=False,
        help="How many complaints about the same matter came within the days of the "
        "rule before this one.",
    )
    repeated_ids = fields.One2many(
        comodel_name="key.account.complaint",
        inverse_name="repeat_of_id",
        string="Repeated by",
        readonly=True,
    )
    date_feedback_due = fields.Datetime(
        string="First Feedback until", readonly=True, copy=False, index=True
    )
    date_feedback = fields.Datetime(string="First Feedback", readonly=True, copy=False)
    feedback_standard_id = fields.Many2one(
        comodel_name="key.account.standard",
        string="Standard of the First Feedback",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    escalation_level = fields.Integer(
        string="Escalations", readonly=True, copy=False, aggregator="max"
    )
    escalated_unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Escalated to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )

    related_count = fields.Integer(
        string="Same Matter",
        compute="_compute_related_count",
        help="Other complaints of the customer of the same type, whenever they came.",
    )

    @api.depends("partner_id", "type_id")
    @api.depends_context("uid")
    def _compute_related_count(self):
        groups = self._read_group(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("type_id", "in", self.type_id.ids),
            ],
            ["partner_id", "type_id"],
            ["__count"],
        )
        counts = {(partner, kind): count for partner, kind, count in groups}
        for complaint in self:
            found = counts.get((complaint.partner_id, complaint.type_id), 0)
            complaint.related_count = max(found - bool(complaint._origin), 0)

    def action_view_repeats(self):
        """All complaints of the customer about the same matter, whenever they came."""
        self.ensure_one()
        name = "key_account_service.key_account_complaint_action"
        action = self.env["ir.actions.act_window"]._for_xml_id(name)
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id),
            ("type_id", "=", self.type_id.id),
        ]
        action["context"] = {}
        return action

    def _after_registration(self):
        """Of complaints that were just registered, one by one or by a form."""
        self._apply_rules()
        self._set_feedback_due()
        self._align_scope()
        steps = self.env["key.account.complaint.step"]
        steps._append(self, "register")
        self._find_repeats()
        self._go_to_teams()
        self._escalate_repeats()
        for manager, ones in self.grouped("manager_id").items():
            ones._tell(manager, "new")

    def _apply_rules(self):
        """Keep with each complaint the version of the rule that holds for it."""
        # sudo: the rule holds whether or not its reader may open rules.
        rules = self.env["key.account.complaint.rule"].sudo()
        places = self.grouped(lambda one: (one._clock_get_day(), one.unit_id))
        found = rules._get_all_in_force(places)
        by_rule = {}
        for place, ones in places.items():
            by_rule[found[place]] = by_rule.get(found[place], self.browse()) | ones
        for rule, ones in by_rule.items():
            ones._move({"rule_id": rule.id})

    def _set_feedback_due(self):
        """When the customer is to hear first that and how it is looked into."""
        standards = self._clock_find_standards(self._get_indicator("feedback"))
        clocks = self._clock_read()
        rows = []
        for complaint, standard in standards.items():
            due = self._get_feedback_due(
                clocks[complaint.id], standard, complaint.grade_code
            )
            rows.append((complaint.id, due, standard.id or None))
        if rows:
            self.env.cr.execute(self._feedback_query(rows))
            names = ["date_feedback_due", "feedback_standard_id"]
            self.invalidate_recordset(names, flush=False)

    @api.model
    def _get_feedback_due(self, clock, standard, grade):
        if not standard:
            return None
        hours = standard.calendar_id._key_account_get_hours()
        started = Clock([("start", clock.runs[0][0])])
        return started.deadline(hours, standard._get_seconds(grade))

    def _feedback_query(self, rows) -> SQL:
        self._key_account_say_who()
        return SQL(
            """
            UPDATE key_account_complaint AS complaint
               SET date_feedback_due = found.due::timestamp,
                   feedback_standard_id = found.standard_id::int
              FROM (VALUES %s) AS found (id, due, standard_id)
             WHERE complaint.id = found.id
            """,
            SQL(", ").join(rows),
        )

    def _find_repeats(self):
        """Link complaints to the last one before about the same matter, in one
        statement: those of the same customers that came later are looked at too."""
        if not self:
            return
        self.env.flush_all()
        self._key_account_say_who()
        self.env.cr.execute(self._repeat_query())
        names = ["repeat_of_id", "repeat_count", "repeated_ids"]
        self.invalidate_model(names, flush=False)

    def _repeat_query(self) -> SQL:
        return SQL(
            """
            WITH touched AS (
                SELECT partner_id, MIN(date_accepted) AS since
                  FROM key_account_complaint WHERE id = ANY(%(ids)s)
                 GROUP BY partner_id
            ), judged AS (
                SELECT one.id, earlier.last_id, COALESCE(earlier.number, 0) AS number
                  FROM key_account_complaint AS one
                  JOIN touched ON touched.partner_id = one.partner_id
                   AND one.date_accepted >= touched.since
                  JOIN key_account_complaint_type AS type ON type.id = one.type_id
                  JOIN key_account_complaint_rule AS rule ON rule.id = one.rule_id
                  LEFT JOIN LATERAL (%(earlier)s) AS earlier ON TRUE
            )
            UPDATE key_account_complaint AS complaint
               SET repeat_of_id = judged.last_id, repeat_count = judged.number
              FROM judged
             WHERE judged.id = complaint.id
               AND (complaint.repeat_of_id, complaint.repeat_count)
                   IS DISTINCT FROM (judged.last_id, judged.number)
            """,
            ids=self.ids,
            earlier=self._earlier_query(),
        )

    def _earlier_query(self) -> SQL:
        """The complaints that ``one`` repeats by its rule: how many, and the last."""
        return SQL(
            """
            SELECT COUNT(*) AS number,
                   (array_agg(other.id ORDER BY other.date_accepted DESC,
                              other.id DESC))[1] AS last_id
              FROM key_account_complaint AS other
              JOIN key_account_complaint_type AS other_type
                ON other_type.id = other.type_id
             WHERE other.partner_id = one.partner_id
               AND other.state <> 'withdrawn'
               AND (other.date_accepted, other.id) < (one.date_accepted, one.id)
               AND other.date_accepted
                   >= one.date_accepted - make_interval(days => rule.repeat_days)
               AND (rule.repeat_whose = 'customer' OR one.number_id IS NULL
                    OR other.number_id = one.number_id)
               AND CASE rule.repeat_match
                   WHEN 'type' THEN other.type_id = one.type_id
                   WHEN 'branch' THEN split_part(other_type.parent_path, '/', 1)
                                      = split_part(type.parent_path, '/', 1)
                   ELSE TRUE END
            """
        )

    def _go_to_teams(self):
        """Types that have a special team go to it at once."""
        # sudo: which team handles a type is no secret.
        teams = self.sudo().grouped(lambda one: one.type_id._get_inherited("team_id"))
        for team, ones in teams.items():
            if team:
                self.browse(ones.ids)._dispatch(team)

    def _escalate_repeats(self):
        for complaint in self:
            # sudo: what the rule says is no secret.
            limit = complaint.sudo().rule_id.escalation_repeats
            is_due = limit and complaint.repeat_count >= limit
            if is_due and complaint._get_place().parent_id:
                complaint._escalate(
                    self.env._("Repeated %(count)s times", count=complaint.repeat_count)
                )
