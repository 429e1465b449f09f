# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
import logging
from pathlib import Path

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from ..naming import INTERFACES, KINDS, parse_control, parse_name
from ..reader import UnreadableError

_logger = logging.getLogger(__name__)

DIRECT_ROWS = 5_000
DIRECT_BYTES = 20_000_000
RETRIES = 3
CONFLICTS = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
    psycopg2.errors.UniqueViolation,
    psycopg2.errors.LockNotAvailable,
)
OPEN_STATES = ("received", "checked", "waiting", "running")


class LoadCancelledError(Exception):
    """Somebody cancelled the load: everything it did is rolled back."""


class KeyAccountFeed(models.Model):
    """One transmission of a branch: the files of one name and re-transmission number.

    It is received, checked without writing anything (the dry run), then loaded in one
    transaction: a killed server leaves all of it or nothing, and the kept files are
    loaded again from the start (DX-01, DX-05, DX-06).
    """

    _name = "key.account.feed"
    _description = "Key Account Transmission"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True, index=True)
    series = fields.Char(
        required=True,
        readonly=True,
        index=True,
        help="Kind, branch, period and interface: what a re-transmission repeats.",
    )
    revision = fields.Integer(string="Re-Transmission", readonly=True)
    kind = fields.Char(readonly=True)
    interface = fields.Selection(
        selection=[("customer", "Customer Files"), ("bill", "Bills and Payments")],
        required=True,
        readonly=True,
        index=True,
    )
    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Branch",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    period = fields.Char(readonly=True)
    date_period = fields.Date(string="Data Date", readonly=True, index=True)
    user_id = fields.Many2one(
        comodel_name="res.users",
        string="Received from",
        default=lambda self: self.env.user,
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    run_id = fields.Many2one(
        comodel_name="key.account.run",
        string="Batch",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    state = fields.Selection(
        selection=[
            ("received", "Received"),
            ("checked", "Checked"),
            ("waiting", "Waiting"),
            ("running", "Loading"),
            ("done", "Loaded"),
            ("failed", "Refused"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        default="received",
        required=True,
        readonly=True,
        index=True,
    )
    is_direct = fields.Boolean(
        readonly=True, help="Loaded as soon as it is checked, without a dry run."
    )
    file_code = fields.Char(string="Result", readonly=True)
    file_value = fields.Char(readonly=True)
    file_reason = fields.Char(string="Reason", compute="_compute_file_reason")
    file_remedy = fields.Char(string="What to Do", compute="_compute_file_reason")
    content_hash = fields.Char(readonly=True, index=True)
    encoding = fields.Char(readonly=True)
    has_control = fields.Boolean(string="With Control File", readonly=True)
    is_repeated = fields.Boolean(
        string="Nothing New",
        readonly=True,
        help="The same file was loaded before: nothing is written.",
    )
    part_ids = fields.One2many(
        comodel_name="key.account.feed.part",
        inverse_name="feed_id",
        string="Data Files",
        readonly=True,
    )
    result_ids = fields.One2many(
        comodel_name="key.account.feed.result",
        inverse_name="feed_id",
        string="Result by Record",
        readonly=True,
    )
    refusal_ids = fields.One2many(
        comodel_name="key.account.feed.refusal",
        inverse_name="feed_id",
        string="Refused Rows",
        readonly=True,
    )
    row_count = fields.Integer(string="Rows", readonly=True)
    created_count = fields.Integer(string="Created", readonly=True)
    changed_count = fields.Integer(string="Changed", readonly=True)
    unchanged_count = fields.Integer(string="Unchanged", readonly=True)
    refused_count = fields.Integer(string="Refused", readonly=True)
    refused_percent = fields.Float(
        string="Refused %", compute="_compute_refused_percent", aggregator=None
    )
    date_done = fields.Datetime(string="Loaded on", readonly=True)
    progress = fields.Float(related="run_id.progress")
    rate = fields.Float(related="run_id.rate")
    seconds_left = fields.Integer(related="run_id.seconds_left")

    @api.depends("row_count", "refused_count")
    def _compute_refused_percent(self):
        for feed in self:
            rows = feed.row_count or 1
            feed.refused_percent = 100 * feed.refused_count / rows

    @api.depends("file_code", "file_value")
    @api.depends_context("lang")
    def _compute_file_reason(self):
        texts = self.env["key.account.feed.text"]
        for feed in self:
            reason, remedy = texts._get_file_text(feed.file_code, feed.file_value)
            feed.file_reason = reason
            feed.file_remedy = remedy

    @api.ondelete(at_uninstall=False)
    def _unlink_except_logged(self):
        raise UserError(self.env._("Transmissions are a log: they stay."))

    # Receiving

    @api.model
    def _receive(self, files, is_confirmed=False):
        """The transmission these files are, checked.

        :param files: map of file names to their bytes or paths
        :param is_confirmed: a data file without control file is accepted
        """
        names = {name: parse_name(name) for name in files}
        self._check_names(names)
        data = sorted(name for name, parsed in names.items() if parsed.part)
        control = next(
            (name for name, parsed in names.items() if not parsed.part), None
        )
        parsed = next(iter(names.values()))
        unit = self._find_unit(parsed)
        feed = self._create_feed(parsed, unit, bool(control))
        feed.part_ids._create_parts(feed, [(name, files[name]) for name in data])
        control = control and self._read_all(files[control])
        code, value = feed._check_files(control, is_confirmed)
        feed.write({"file_code": code, "file_value": value})
        if code != "00":
            feed.state = "failed"
        return feed

    @api.model
    def _read_all(self, content):
        return content if isinstance(content, bytes) else Path(content).read_bytes()

    @api.model
    def _check_names(self, names):
        wrong = sorted(name for name, parsed in names.items() if not parsed)
        if wrong:
            raise UserError(
                self.env._(
                    "%(names)s: not a name of the unified format. Name the data file "
                    "like a_13100_20260131_01001_00_001.dat and its control file like "
                    "a_13100_20260131_01001_00.verf.",
                    names=", ".join(wrong)[:200],
                )
            )
        if len({parsed.stem for parsed in names.values()}) > 1:
            raise UserError(
                self.env._(
                    "These files belong to several transmissions: upload the parts "
                    "and the control file of one at a time."
                )
            )
        if not any(parsed.part for parsed in names.values()):
            raise UserError(
                self.env._("There is no data file (….dat): add it to the upload.")
            )

    @api.model
    def _find_unit(self, parsed):
        """The branch a file names, if the user may load its files (domain 3.2)."""
        # sudo: the branch is found by its code; whether the user may is checked below.
        unit = (
            self.env["key.account.unit"]
            .sudo()
            .search([("city_code", "=", parsed.city)])
        )
        if not unit or not unit.is_branch:
            raise UserError(
                self.env._(
                    "No branch has the city code %(code)s: correct the file name, or "
                    "have the unit marked as a branch with this code.",
                    code=parsed.city,
                )
            )
        self._check_branch(unit)
        return unit

    @api.model
    def _check_branch(self, unit):
        user = self.env.user
        if self.env.su or user.key_account_role == "admin":
            return
        if user.key_account_role != "operator" or unit not in user.key_account_unit_ids:
            raise AccessError(
                self.env._(
                    "You load the files of your own branch only: %(unit)s is not in "
                    "your unit. Ask its data operator.",
                    unit=unit.sudo().name,  # sudo: the name of a unit is no secret
                )
            )

    @api.model
    def _create_feed(self, parsed, unit, has_control):
        # sudo: transmissions are a log nobody writes by hand; the branch was checked.
        return self.sudo().create(
            {
                "name": parsed.stem,
                "series": parsed.series,
                "revision": parsed.revision,
                "kind": parsed.kind,
                "interface": INTERFACES.get(parsed.interface, "customer"),
                "unit_id": unit.id,
                "period": parsed.period,
                "date_period": parsed.day,
                "has_control": has_control,
            }
        )

    # File-level checks

    def _check_files(self, control, is_confirmed):
        """(code, value) of the first thing wrong with the files as such (domain 2.12)."""
        self.ensure_one()
        parsed = parse_name(self.part_ids[0].name)
        if parsed.interface not in INTERFACES or parsed.kind not in KINDS.get(
            parsed.interface, ""
        ):
            return "10", f"{parsed.kind} {parsed.interface}"
        if not parsed.day:
            return "08", parsed.period
        for part in self.part_ids:
            code = part._check_size()
            if code:
                return code, part.name
        if control is None:
            return ("00", "") if is_confirmed else ("02", f"{self.name}.verf")
        code, value = self._check_control(control)
        return (code, value) if code != "00" else self._check_history()

    def _check_control(self, control):
        lines = parse_control(control)
        if lines is None:
            return "16", f"{self.name}.verf"
        parts = {part.name: part for part in self.part_ids}
        for line in lines:
            part = parts.pop(line.name, None)
            if not part:
                return "02", line.name
            if line.size != part.size:
                return "05", f"{part.name}: {part.size} / {line.size}"
            if line.rows != part.row_count:
                return "06", f"{part.name}: {part.row_count} / {line.rows}"
            if line.period != self.period:
                return "07", f"{line.period} / {self.period}"
        return ("01", next(iter(parts))) if parts else ("00", "")

    def _check_history(self):
        """What was loaded of the same series decides whether this one may follow."""
        content = hashlib.sha256()
        for part in self.part_ids:
            content.update(f"{part.name[-7:-4]}{part.content_hash}".encode())
        self.content_hash = content.hexdigest()
        loaded = self.search(
            [("series", "=", self.series), ("state", "in", ("done", "replaced"))],
            order="revision desc, id desc",
            limit=1,
        )
        if loaded.revision > self.revision:
            return "24", loaded.name
        if loaded and loaded.revision == self.revision:
            if loaded.content_hash != self.content_hash:
                return "23", f"{self.series}_{self.revision + 1:02}"
            self.is_repeated = True
        return ("00", "")

    # Dry run and load

    def _examine(self):
        """The dry run: count what would happen and keep examples, write nothing."""
        self.ensure_one()
        try:
            accepted = self._process(is_load=False)
        except UnreadableError as error:
            self._fail(error.code, error.value)
            return
        if accepted:
            self.state = "checked"

    def _examine_soon(self, is_large):
        """Check now, or in the background when that would keep the user waiting."""
        self.ensure_one()
        if self.state != "received":
            return
        if is_large:
            self._trigger()
        else:
            self._examine()

    def _process(self, is_load):
        """Stage, check and count; say whether the rows may be loaded."""
        if self.is_repeated:
            self._write_counts([("", {"unchanged": self._count_rows()}, {})])
            return True
        interface = self._get_interface()
        self.env.flush_all()
        self.encoding = interface._stage(self)
        interface._create_lookup(self)
        interface._create_dates()
        self._tick(20)
        interface._resolve(self, is_load)
        results = interface._count(self)
        self._write_counts(results)
        self.refusal_ids._replace(self)
        limit = self._get_source().refused_limit
        if self.refused_percent > limit:
            self._fail("22", f"{self.refused_percent:.2f} % / {limit:g} %")
            return False
        return True

    def _get_interface(self):
        # sudo: checked rows are written whatever the loader may read of them: whose
        # they are was decided by the branch of the file (``_check_branch``).
        return self.env["key.account.feed.interface"].sudo()._for(self.interface)

    def _count_rows(self):
        return sum(self.part_ids.mapped("row_count"))

    def _write_counts(self, results):
        keys = ("created", "changed", "unchanged", "refused")
        sums = {
            f"{key}_count": sum(counts.get(key, 0) for _letter, counts, _ in results)
            for key in keys
        }
        self.write({"row_count": self._count_rows(), **sums})
        self.result_ids.unlink()
        self.env["key.account.feed.result"].create(
            [
                {
                    "feed_id": self.id,
                    "letter": letter or False,
                    **{f"{key}_count": counts.get(key, 0) for key in keys},
                    "examples": examples,
                }
                for letter, counts, examples in results
            ]
        )

    def _fail(self, code, value=""):
        self.write({"state": "failed", "file_code": code, "file_value": value})

    def _load(self):
        """Write the rows, in this transaction: all of them or none."""
        self.ensure_one()
        self._lock_branch()
        code, value = self._check_history()
        if code != "00":
            self._fail(code, value)
            return
        try:
            if not self._process(is_load=True):
                return
        except UnreadableError as error:
            self._fail(error.code, error.value)
            return
        if not self.is_repeated and self.created_count + self.changed_count:
            self.env["key.account.audit"]._set_origin("feed", self.run_id.id)
            self._get_interface()._load(self)
        self._replace_earlier()
        self.write({"state": "done", "date_done": fields.Datetime.now()})

    def _replace_earlier(self):
        earlier = self.search(
            [
                ("series", "=", self.series),
                ("state", "=", "done"),
                ("id", "!=", self.id),
                ("revision", "<", self.revision),
            ]
        )
        earlier.state = "replaced"

    def _get_source(self):
        return self.env["key.account.feed.source"].sudo()._get_for(self.unit_id)

    def _lock_branch(self):
        """One load of a branch at a time, seen by whoever comes a moment too late.

        The row is written, so that a transaction that began before another load of the
        branch ended is told so by PostgreSQL and begins anew.
        """
        source = self._get_source()
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "SELECT id FROM key_account_feed_source WHERE id = %s FOR UPDATE NOWAIT",
                source.id,
            )
        )
        self.env.cr.execute(
            SQL(
                "UPDATE key_account_feed_source SET date_last_load = "
                "now() AT TIME ZONE 'UTC' WHERE id = %s",
                source.id,
            )
        )
        source.invalidate_recordset(["date_last_load"], flush=False)

    # Running

    def action_load(self):
        """Load at once what is small, the rest in the background."""
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state != "checked":
                raise UserError(
                    feed.env._("Only a checked transmission is loaded: check it first.")
                )
            if feed._count_rows() < DIRECT_ROWS:
                feed._load_now()
            else:
                feed.state = "waiting"
                feed._trigger()
        return True

    def action_check(self):
        """Repeat the dry run, for instance after codes were added to a dictionary."""
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state in ("received", "checked") or feed.file_code == "22":
                feed.write({"state": "received", "file_code": "00", "file_value": ""})
                feed._examine()
        return True

    def action_cancel(self):
        for feed in self:
            feed._check_may_run()
            # sudo: the log is written by the system; the branch was checked.
            feed = feed.sudo()
            if feed.state == "running":
                feed.run_id.is_cancel_requested = True
            elif feed.state in OPEN_STATES:
                feed.state = "cancelled"
        return True

    def _check_may_run(self):
        self.check_access("read")
        self._check_branch(self.unit_id)

    def _trigger(self):
        # sudo: the scheduled action is started, nothing else.
        self.env.ref("key_account_feed.ir_cron_load").sudo()._trigger()

    def _load_now(self):
        """Load within the present transaction, with its batch."""
        try:
            with self.env.cr.savepoint():
                self._lock_branch()
        except psycopg2.errors.LockNotAvailable:
            raise UserError(
                self.env._(
                    "Another file of %(unit)s is being loaded: try again in a minute.",
                    unit=self.unit_id.name,
                )
            ) from None
        self._start_run()
        self._load()
        self._finish_run()

    def _start_run(self):
        self.run_id = self.env["key.account.run"].create(
            {
                "name": self.name,
                "kind": f"feed.{self.interface}",
                "state": "running",
                "unit_id": self.unit_id.id,
                "user_id": self.user_id.id,
                "row_count": self._count_rows(),
            }
        )

    def _finish_run(self, message=None):
        if not self.run_id:
            return
        states = {"done": "done", "cancelled": "cancelled"}
        is_done = self.state == "done"
        self.run_id.write(
            {
                "state": states.get(self.state, "failed"),
                "date_end": fields.Datetime.now(),
                "progress": 100 if is_done else self.run_id.progress,
                "created_count": self.created_count if is_done else 0,
                "changed_count": self.changed_count if is_done else 0,
                "unchanged_count": self.unchanged_count,
                "refused_count": self.refused_count,
                "message": message or self.file_reason or False,
            }
        )

    def _tick(self, progress):
        """Show the progress outside the loading transaction; stop when asked to."""
        if not self.env.context.get("key_account_feed_live") or not self.run_id:
            return
        with self.env.registry.cursor() as cr:
            cr.execute(
                SQL(
                    "UPDATE key_account_run SET progress = %s WHERE id = %s "
                    "RETURNING is_cancel_requested",
                    progress,
                    self.run_id.id,
                )
            )
            row = cr.fetchone()
        if row and row[0]:
            raise LoadCancelledError

    @api.model
    def _cron_load(self):
        """Load what waits, and what a killed server left behind (DX-06)."""
        for feed_id in self._get_queue().ids:
            feed = self.browse(feed_id).with_context(key_account_feed_live=True)
            if feed.state == "received" and not feed.is_direct:
                feed._examine()
            elif feed._begin():
                feed._work()
            self.env["ir.cron"]._commit_progress(1, remaining=len(self._get_queue()))

    @api.model
    def _get_queue(self):
        """Oldest first: what is to be loaded, and large files to be checked."""
        return self.search(
            [
                ("state", "in", ("received", "waiting", "running")),
                ("file_code", "=", "00"),
            ],
            order="id",
        )

    def _begin(self):
        """Mark as loading, unless another process is at work on the branch."""
        source = self._get_source()
        if not source.try_lock_for_update():
            return False
        self.invalidate_recordset()
        if self.state not in ("waiting", "running", "received"):
            return False
        if not self.run_id or self.run_id.state != "running":
            self._start_run()
        self.state = "running"
        self.env.cr.commit()  # the state is shown while the load is under way
        return True

    def _work(self):
        """Load in one transaction, again when another one was in the way."""
        message = None
        for attempt in range(RETRIES):
            try:
                self._load()
                self.env.cr.commit()  # all or nothing of the file
                break
            except LoadCancelledError:
                self._roll_back()
                self.state = "cancelled"
                break
            except CONFLICTS as error:
                self._roll_back()
                _logger.info("%s: attempt %s: %s", self.name, attempt + 1, error)
                message = str(error)
            except Exception as error:
                self._roll_back()
                _logger.exception("%s could not be loaded", self.name)
                self._fail("99", str(error)[:200])
                break
        else:
            self._fail("25", message[:200])
        self._finish_run()
        self.env.cr.commit()  # the log of the batch, whatever became of the file
        if self.is_direct:
            self._write_results()

    def _roll_back(self):
        self.env.cr.rollback()
        self.env.invalidate_all(flush=False)

    # Interface to other code

    @api.model
    def _load_files(
        self, unit, interface, data, control=None, kind="a", period=None, revision=0
    ):
        """Stage, check and load in one go; the way in for scripts and benchmarks.

        :param unit: the branch; it must have a city code
        :param interface: "customer" or "bill"
        :param data: content of the data file as bytes, or its path; or a list of both
        :param control: content or path of the control file, None for none
        :param period: yyyymmdd, today by default
        :return: the transmission, whose state, counts and refusals say what happened
        """
        code = next(key for key, name in INTERFACES.items() if name == interface)
        period = period or fields.Date.today().strftime("%Y%m%d")
        stem = f"{kind}_{unit.city_code}_{period}_{code}_{revision:02}"
        parts = data if isinstance(data, (list, tuple)) else [data]
        files = {f"{stem}_{i:03}.dat": part for i, part in enumerate(parts, 1)}
        if control is not None:
            files[f"{stem}.verf"] = control
        feed = self._receive(files, is_confirmed=control is None)
        if feed.state == "received":
            feed._load_now()
        return feed
