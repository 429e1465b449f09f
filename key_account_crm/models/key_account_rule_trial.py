# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

KEEP_DAYS = 30


class KeyAccountRuleTrial(models.Model):
    """One dry run: whom a version of a rule would move, and by how much (GRD-17).

    It writes its own rows and nothing else. Every count is that of the rows its reader
    may open.
    """

    _name = "key.account.rule.trial"
    _description = "Dry Run of a Rule"
    _order = "id desc"
    _key_account_logged = False

    name = fields.Char(string="Version", required=True, readonly=True)
    res_model = fields.Char(
        string="Rule Model", required=True, readonly=True, index=True
    )
    res_id = fields.Many2oneReference(
        string="Version (ID)", model_field="res_model", required=True, readonly=True
    )
    day = fields.Date(
        string="As of", required=True, readonly=True, help="The day it was tried for."
    )
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Tried by",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    examined = fields.Json(
        string="Examined by Owner",
        readonly=True,
        groups="base.group_system",
        help="Rows looked at: list of (unit, manager, count).",
    )
    line_ids = fields.One2many(
        comodel_name="key.account.rule.trial.line",
        inverse_name="trial_id",
        string="Moves",
        readonly=True,
    )
    examined_count = fields.Integer(string="Examined", compute="_compute_counts")
    moved_count = fields.Integer(string="Moved", compute="_compute_counts")
    up_count = fields.Integer(string="Up", compute="_compute_counts")
    down_count = fields.Integer(string="Down", compute="_compute_counts")

    @api.depends("examined", "line_ids.direction")
    @api.depends_context("uid")
    def _compute_counts(self):
        moved = {}
        groups = self.env["key.account.rule.trial.line"]._read_group(
            [("trial_id", "in", self.ids)], ["trial_id", "direction"], ["__count"]
        )
        for trial, direction, count in groups:
            moved.setdefault(trial.id, {})[direction] = count
        for trial in self:
            counts = moved.get(trial.id, {})
            trial.examined_count = trial._count_examined()
            trial.moved_count = sum(counts.values())
            trial.up_count = counts.get("up", 0)
            trial.down_count = counts.get("down", 0)

    def _count_examined(self):
        """How many of the rows looked at are the reader's."""
        # sudo: the counts are kept by owner; those of the reader's scope come out.
        examined = self.sudo().examined or []
        user = self.env.user
        reach = "all" if self.env.su else user.key_account_reach
        units = set(user.key_account_unit_ids.ids)
        managers = set(user.key_account_manager_ids.ids)
        return sum(
            count
            for unit, manager, count in examined
            if reach == "all"
            or (reach == "unit" and unit in units)
            or (reach == "own" and manager in managers)
        )

    @api.model
    def _run(self, rule, day):
        """Try a version on a day, in one statement."""
        self.env.flush_all()
        trial = self.create(
            {
                "name": rule.display_name,
                "res_model": rule._name,
                "res_id": rule.id,
                "day": day,
                "user_id": self.env.uid,
            }
        )
        trial.flush_recordset()
        rows = self.env.execute_query(trial._get_statement(rule))
        trial.examined = [list(row) for row in rows]
        trial.line_ids.invalidate_recordset()
        trial.invalidate_recordset(["line_ids"])
        return trial

    def _get_statement(self, rule) -> SQL:
        """Insert what would move, owned as facts are; return what was looked at."""
        return SQL(
            """
            WITH tried AS MATERIALIZED (%(query)s),
            owned AS (
                SELECT tried.*,
                       CASE WHEN file.id IS NULL THEN partner.key_account_unit_id
                            ELSE file.unit_id END AS unit_id,
                       CASE WHEN file.id IS NULL THEN partner.key_account_manager_id
                            ELSE file.manager_id END AS manager_id
                  FROM tried
                  JOIN res_partner AS partner ON partner.id = tried.partner_id
                  LEFT JOIN key_account_line_file AS file
                    ON file.partner_id = tried.partner_id
                   AND file.line_id = tried.line_id
            ),
            concerned AS (SELECT * FROM owned WHERE %(units)s),
            moved AS (
                INSERT INTO key_account_rule_trial_line (
                    trial_id, partner_id, line_id, unit_id, manager_id, before, after,
                    amount_before, amount_after, direction,
                    create_uid, create_date, write_uid, write_date)
                SELECT %(trial)s, partner_id, line_id, unit_id, manager_id,
                       before, after, amount_before, amount_after, direction,
                       %(uid)s, now() AT TIME ZONE 'UTC',
                       %(uid)s, now() AT TIME ZONE 'UTC'
                  FROM concerned
                 WHERE before IS DISTINCT FROM after
            )
            SELECT unit_id, manager_id, COUNT(*) FROM concerned GROUP BY 1, 2
            """,
            query=rule._get_trial_query(self.day),
            units=rule._get_trial_condition(self.day),
            trial=self.id,
            uid=self.env.uid,
        )

    def action_open_lines(self):
        """The rows, as a list and before by after."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "key_account_crm.key_account_rule_trial_line_action"
        )
        action["domain"] = [("trial_id", "=", self.id)]
        return action

    @api.autovacuum
    def _gc_trials(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        self.search(Domain("create_date", "<", limit)).unlink()
