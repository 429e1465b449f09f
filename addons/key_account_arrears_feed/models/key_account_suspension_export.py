# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import logging

import psycopg2
import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..layout import KIND, ORDERS

_logger = logging.getLogger(__name__)

LAST_REVISION = 99
LOCK = 60011
# Another transaction wrote a file of the branch, or one of its orders, meanwhile.
LOST = (psycopg2.errors.SerializationFailure, psycopg2.errors.UniqueViolation)


class KeyAccountSuspensionExport(models.Model):
    """One file with orders for a branch: which numbers it suspends and resumes.

    The files of one hour have one name and rising re-transmission numbers. Each holds
    every order of its hour, since it replaces the one before (domain 2.12); the branch
    knows an order by its number and does it once.
    """

    _name = "key.account.suspension.export"
    _description = "Orders for a Branch"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    series = fields.Char(required=True, readonly=True)
    revision = fields.Integer(string="Re-Transmission", readonly=True, aggregator=None)
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Branch",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    period = fields.Char(readonly=True)
    date = fields.Datetime(string="Made on", required=True, readonly=True)
    row_count = fields.Integer(string="Orders", readonly=True)
    content = fields.Text(
        readonly=True,
        prefetch=False,
        groups="key_account_crm.group_key_account_operator",
    )
    data_file = fields.Binary(
        compute="_compute_data_file",
        groups="key_account_crm.group_key_account_operator",
    )
    date_written = fields.Datetime(
        string="Written on", readonly=True, help="Into the folder of the branch."
    )
    error = fields.Char(string="Last Problem", readonly=True)
    open_count = fields.Integer(
        string="Not Answered", compute="_compute_open_count", compute_sudo=True
    )

    _series_uniq = models.UniqueIndex(
        "(series, revision)", "There is a file of this name."
    )

    @api.depends("content")
    def _compute_data_file(self):
        for export in self:
            export.data_file = base64.b64encode((export.content or "").encode())

    def _compute_open_count(self):
        steps = self.env["key.account.suspension"]
        for export in self:
            export.open_count = steps.search_count(
                [
                    ("export_id.series", "=", export.series),
                    ("state", "=", "exported"),
                ]
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("What was sent to a branch stays as a record."))

    def action_download(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "target": "download",
            "url": f"/web/content/{self._name}/{self.id}/data_file"
            f"?download=true&filename={self.name}_001.dat",
        }

    def action_retransmit(self):
        """Send all orders of the hour once more, under the next number."""
        self.check_access("read")
        for export in self:
            self.env["key.account.feed"]._check_branch(export.unit_id)
            # sudo: files are made by the system; who may send was checked.
            made = export.sudo()._make(export.unit_id, export.series, export.period)
            if not made:
                raise UserError(
                    self.env._("A file of this branch is being made: try again.")
                )
            made._fill()
        return True

    @api.model
    def _get_branches(self):
        """Map the ids of units to the branch that answers for their numbers: the
        nearest one above."""
        # sudo: the organisation is no secret.
        units = self.env["key.account.unit"].sudo().with_context(active_test=False)
        found = {}
        for branch in units.search(
            [("is_branch", "=", True), ("city_code", "!=", False)]
        ).sorted(lambda unit: len(unit.parent_path or "")):
            found.update(dict.fromkeys(branch._get_below().ids, branch))
        return found

    @api.model
    def _get_zone(self, unit):
        return pytz.timezone(unit.company_id.partner_id.tz or "UTC")

    @api.model
    def _export(self, branch, steps):
        """Put orders into the file of the hour, or leave them to the next run when
        somebody else is at it."""
        now = fields.Datetime.now().replace(tzinfo=pytz.utc)
        period = now.astimezone(self._get_zone(branch)).strftime("%Y%m%d%H")
        series = f"a_{branch.city_code}_{period}_{ORDERS}"
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                export = self._make(branch, series, period)
                if export:
                    export._take(steps)
        except LOST:
            export = self.browse()
        steps.invalidate_recordset(flush=False)
        if export:
            export._fill()
        else:
            # sudo: the scheduled action is started, nothing else.
            cron = self.env.ref("key_account_arrears.ir_cron_suspension_follow").sudo()
            cron._trigger()
        return export

    @api.model
    def _make(self, branch, series, period):
        """An empty file of the next number, none where another one is being made."""
        cr = self.env.cr
        self.env.flush_all()
        cr.execute(SQL("SELECT pg_try_advisory_xact_lock(%s, %s)", LOCK, branch.id))
        if not cr.fetchone()[0]:
            return self.browse()
        cr.execute(
            SQL(
                "SELECT COALESCE(MAX(revision) + 1, 0) "
                "FROM key_account_suspension_export WHERE series = %s",
                series,
            )
        )
        [revision] = cr.fetchone()
        if revision > LAST_REVISION:
            return self.browse()
        cr.execute(
            SQL(
                """
                INSERT INTO key_account_suspension_export (
                    name, series, revision, unit_id, period, date,
                    create_uid, create_date, write_uid, write_date
                )
                VALUES (%(name)s, %(series)s, %(revision)s, %(unit)s, %(period)s,
                        %(now)s, %(uid)s, %(now)s, %(uid)s, %(now)s)
                RETURNING id
                """,
                name=f"{series}_{revision:02}",
                series=series,
                revision=revision,
                unit=branch.id,
                period=period,
                now=fields.Datetime.now(),
                uid=self.env.uid,
            ),
            log_exceptions=False,
        )
        return self.browse(cr.fetchone()[0])

    def _take(self, steps):
        """Mark approved steps as sent with this file."""
        self.env.cr.execute(
            SQL(
                """
                UPDATE key_account_suspension
                   SET state = 'exported', export_id = %(export)s,
                       date_exported = %(now)s, write_uid = %(uid)s,
                       write_date = %(now)s
                 WHERE id = ANY(%(steps)s) AND state = 'approved'
                """,
                export=self.id,
                now=fields.Datetime.now(),
                uid=self.env.uid,
                steps=steps.ids,
            ),
            log_exceptions=False,
        )

    def _fill(self):
        """Write the content, and the files as soon as it is saved."""
        lines = self._get_lines()
        self.write(
            {
                "row_count": len(lines),
                "content": "".join(f"{line}\r\n" for line in lines),
            }
        )
        name, uid, export_id = self._name, self.env.uid, self.id
        registry = self.env.registry

        def write():
            try:
                with registry.cursor() as cr:
                    # sudo: only the files of what was just made are written
                    exports = api.Environment(cr, uid, {})[name].sudo()
                    exports.browse(export_id)._write_files()
            except psycopg2.Error as error:
                _logger.info("%s is written later: %s", name, error)

        self.env.cr.postcommit.add(write)

    def _get_lines(self):
        """All orders of the hour in the order in which they were given."""
        zone = self._get_zone(self.unit_id)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT step.id, number.name, line.code, customer.key_account_code,
                       step.kind, COALESCE(step.date_approved, step.date), step.amount,
                       currency.name, lifted.id
                  FROM key_account_suspension AS step
                  JOIN key_account_suspension_export AS export
                    ON export.id = step.export_id AND export.series = %s
                  JOIN key_account_number AS number ON number.id = step.number_id
                  JOIN res_partner AS customer ON customer.id = step.partner_id
                  LEFT JOIN key_account_line AS line ON line.id = number.line_id
                  LEFT JOIN res_currency AS currency ON currency.id = step.currency_id
                  LEFT JOIN LATERAL (
                    SELECT id FROM key_account_suspension AS former
                     WHERE former.lift_id = step.id ORDER BY id DESC LIMIT 1
                  ) AS lifted ON TRUE
                 ORDER BY step.id
                """,
                self.series,
            )
        )
        lines = []
        for number, name, line, code, kind, date, amount, currency, lifted in rows:
            moment = date.replace(tzinfo=pytz.utc).astimezone(zone)
            values = (
                "O",
                f"S{number:010}",
                name,
                line,
                code,
                KIND[kind],
                moment.strftime("%Y%m%d%H%M%S"),
                "" if amount is None else str(round(amount * 100)),
                currency,
                f"S{lifted:010}" if lifted else "",
            )
            lines.append("|".join(self._clean(value) for value in values))
        return lines

    @api.model
    def _clean(self, value):
        """A value without what separates values and rows."""
        return " ".join((value or "").replace("|", " ").split())

    def _write_files(self):
        """Data file first, then its control file, into the folder of the branch."""
        self.ensure_one()
        # sudo: the settings of the branch hold whoever ordered.
        source = self.env["key.account.feed.source"].sudo()._get_for(self.unit_id)
        if not source.folder_out:
            return
        data = f"{self.name}_001.dat"
        stamp = fields.Datetime.now().strftime("%Y%m%d%H%M%S")
        size = len(self.content.encode())
        control = f"{data}|{size}|{self.row_count}|{self.period}|{stamp}\r\n"
        try:
            source._write_answers(
                [(data, self.content), (f"{self.name}.verf", control)]
            )
        except (OSError, UserError) as error:
            _logger.warning("%s is not written: %s", self.name, error)
            self.error = str(error)[:200]
        else:
            self.write({"date_written": fields.Datetime.now(), "error": False})

    @api.model
    def _write_waiting(self):
        """Files that could not be written when they were made; a later one of the
        same hour holds all that an earlier one does."""
        for export in self.search([("date_written", "=", False)], order="id"):
            export._write_files()
