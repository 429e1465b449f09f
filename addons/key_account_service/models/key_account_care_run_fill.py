# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import json

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .key_account_care_plan import COUNTED, DATED
from .key_account_care_plan_line import CHANNEL_OF_MEANS


class KeyAccountCareRun(models.Model):
    """Fills a list: one statement for each plan in force, then the budgets."""

    _inherit = "key.account.care.run"

    def _fill(self):
        self.ensure_one()
        self.env.flush_all()
        keys = self._get_plan_keys()
        if not keys:
            raise UserError(
                self.env._(
                    "No care plan is in force for that: propose one, and let another "
                    "person approve it."
                )
            )
        for occasion, festival_id in keys:
            self.env.cr.execute(self._get_fill_query(occasion, festival_id))
        self.env.invalidate_all(flush=False)
        self._apply_budgets()
        self.state = "previewed"

    def _get_plan_keys(self):
        return [
            (occasion, festival_id)
            for occasion, festival_id in self.env["key.account.care.plan"]._get_keys(
                self.date
            )
            if (not self.occasion or occasion == self.occasion)
            and (not self.festival_id or festival_id == self.festival_id.id)
        ]

    def _get_unit_ids(self):
        return self.unit_id._get_below().ids

    def _get_fill_query(self, occasion, festival_id) -> SQL:
        """The rows of one occasion: the last step reached of each customer, person,
        line and day."""
        plans = self.env["key.account.care.plan"]
        key = {"occasion": occasion, "festival_id": festival_id}
        return SQL(
            """
            INSERT INTO key_account_care_proposal (
                run_id, run_date, partner_id, line_id, contact_id, unit_id, manager_id,
                occasion, festival_id, date_occasion, date_planned, step, plan_id,
                plan_line_id, name, means, gift_id, gift_quantity, cost, amount,
                currency_id, user_id, verdict, is_chosen,
                create_uid, create_date, write_uid, write_date)
            SELECT %(run)s, %(date)s, found.partner_id, found.line_id,
                   found.contact_id, found.unit_id, found.manager_id,
                   %(occasion)s, %(festival)s, found.date_occasion,
                   %(planned)s, found.step, found.rule_id, found.plan_line_id,
                   found.name, found.means, found.gift_id,
                   CASE WHEN found.gift_id IS NOT NULL THEN found.gift_quantity END,
                   found.cost,
                   found.cost + COALESCE(gift.price * found.gift_quantity, 0),
                   company.currency_id, found.user_id, %(verdict)s, TRUE,
                   %(uid)s, now() AT TIME ZONE 'UTC', %(uid)s, now() AT TIME ZONE 'UTC'
              FROM (%(found)s) AS found
              JOIN key_account_unit AS unit ON unit.id = found.unit_id
              JOIN res_company AS company ON company.id = unit.company_id
              LEFT JOIN key_account_gift AS gift ON gift.id = found.gift_id
            """,
            run=self.id,
            date=self.date,
            occasion=occasion,
            festival=festival_id or None,
            planned=self._get_planned(occasion),
            verdict=self._get_verdict(occasion, festival_id),
            uid=self.env.uid,
            found=self._get_found(
                self._get_day(occasion), plans._get_map_sql(self.date, **key), **key
            ),
        )

    def _get_day(self, occasion) -> SQL:
        if occasion in COUNTED:
            return SQL("source.base + line.interval_days")
        return SQL("source.base")

    def _get_planned(self, occasion) -> SQL:
        """Anniversaries on their day, everything else as soon as it is due."""
        if occasion in DATED:
            return SQL("found.date_occasion")
        return SQL("GREATEST(found.date_occasion - found.lead_days, %s)", self.date)

    def _get_found(self, day, in_force, occasion, festival_id) -> SQL:
        plans = self.env["key.account.care.plan"]
        festival = self.env["key.account.festival"].browse(festival_id or [])
        last = fields.Date.add(self.date_until, days=self._get_max_lead())
        past = SQL("TRUE") if occasion in COUNTED else SQL("%s >= %s", day, self.date)
        lang = self.env.user.lang or "en_US"
        return SQL(
            """
            SELECT DISTINCT ON (source.partner_id, source.line_id, source.contact_id,
                                source.base)
                   source.*, %(day)s AS date_occasion, rule_of_unit.rule_id,
                   line.id AS plan_line_id, line.step, line.lead_days, line.means,
                   line.gift_id, line.gift_quantity, line.cost,
                   COALESCE(line.name ->> %(lang)s, line.name ->> 'en_US') AS name,
                   partner.key_account_state AS state,
                   COALESCE(CASE line.executor WHEN 'user' THEN line.user_id
                                 WHEN 'manager' THEN source.manager_id END,
                            home.head_id, source.manager_id) AS user_id
              FROM (%(source)s) AS source
              JOIN res_partner AS partner ON partner.id = source.partner_id
              JOIN key_account_standing AS standing ON standing.partner_id = partner.id
              JOIN key_account_unit AS home ON home.id = source.unit_id
              JOIN %(in_force)s ON rule_of_unit.unit_id = source.unit_id
              JOIN LATERAL %(lines)s AS line ON TRUE
             WHERE source.unit_id = ANY(%(units)s)
               AND partner.active
               AND partner.key_account_state IN ('active', 'won_back', 'suspended')
               AND %(day)s - line.lead_days <= %(until)s
               AND %(past)s
               AND (source.years IS NULL
                    OR source.years >= line.years_from
                       AND (source.years - line.years_from) %% line.years_every = 0)
             ORDER BY source.partner_id, source.line_id, source.contact_id, source.base,
                      line.step DESC
            """,
            day=day,
            lang=lang,
            source=self._get_source(occasion, festival, self.date, last),
            in_force=in_force,
            lines=plans._get_line_query(SQL("rule_of_unit.rule_id")),
            units=self._get_unit_ids(),
            until=self.date_until,
            past=past,
        )

    def _get_max_lead(self):
        """How far ahead an occasion may lie to be begun with now."""
        [[days]] = self.env["key.account.care.plan.line"]._read_group(
            [("rule_id.state", "=", "approved")], [], ["lead_days:max"]
        )
        return days or 0

    def _get_verdict(self, occasion, festival_id) -> SQL:
        """Whether a row is proposed, or why not; the first reason counts."""
        optouts = self.env["key.account.optout"]
        return SQL(
            """
            CASE WHEN found.state = 'suspended' THEN 'suspended'
                 WHEN %(optout)s THEN 'optout'
                 WHEN EXISTS (
                    SELECT FROM key_account_care AS care
                     WHERE care.partner_id = found.partner_id
                       AND care.line_id IS NOT DISTINCT FROM found.line_id
                       AND care.contact_id IS NOT DISTINCT FROM found.contact_id
                       AND care.occasion = %(occasion)s
                       AND care.festival_id IS NOT DISTINCT FROM %(festival)s
                       AND care.date_occasion = found.date_occasion
                       AND care.step = found.step
                       AND care.state <> 'cancelled') THEN 'done'
                 WHEN found.partner_id IN (%(locked)s) THEN 'locked'
                 WHEN found.user_id IS NULL THEN 'nobody'
                 ELSE 'ok' END
            """,
            optout=optouts._get_optout_condition(
                SQL("found.partner_id"),
                SQL("found.contact_id"),
                "care",
                SQL("%s::jsonb ->> found.means", json.dumps(CHANNEL_OF_MEANS)),
                self._get_planned(occasion),
            ),
            occasion=occasion,
            festival=festival_id or None,
            locked=self._get_locked_query(),
        )

    @api.model
    def _get_locked_query(self) -> SQL:
        """Customers that a target group reserved for itself and that are not to be
        contacted for the same purpose. Hook for whoever keeps target groups."""
        return SQL("SELECT NULL::integer WHERE FALSE")

    # ---- budgets -------------------------------------------------------------------

    def _apply_budgets(self):
        """Of each customer's rows those that fit into what is left of its year, the
        earlier ones first; what does not fit is left out, and takes nothing."""
        left, over = {}, []
        for row_id, partner, year, budget, spent, amount in self.env.execute_query(
            self._get_budget_query()
        ):
            key = partner, year
            used = left.get(key, spent)
            if used + amount > budget:
                over.append(row_id)
            else:
                left[key] = used + amount
        self.env["key.account.care.proposal"].browse(over).verdict = "budget"

    def _get_budget_query(self) -> SQL:
        return SQL(
            """
            SELECT proposal.id, proposal.partner_id,
                   EXTRACT(year FROM proposal.date_planned)::integer AS year,
                   line.budget_year, COALESCE(spent.amount, 0), proposal.amount
              FROM key_account_care_proposal AS proposal
              JOIN key_account_care_plan_line AS line ON line.id = proposal.plan_line_id
              LEFT JOIN LATERAL (
                    SELECT SUM(CASE care.state WHEN 'done' THEN care.amount
                               ELSE care.cost + COALESCE(
                                    gift.price * care.gift_quantity, 0) END) AS amount
                      FROM key_account_care AS care
                      LEFT JOIN key_account_gift AS gift ON gift.id = care.gift_id
                     WHERE care.partner_id = proposal.partner_id
                       AND care.state IN ('planned', 'done')
                       AND EXTRACT(year FROM care.date_planned)
                           = EXTRACT(year FROM proposal.date_planned)
                   ) AS spent ON TRUE
             WHERE proposal.run_id = %s
               AND proposal.verdict = 'ok'
               AND line.budget_year > 0
             ORDER BY proposal.partner_id, proposal.date_planned, proposal.id
            """,
            self.id,
        )
