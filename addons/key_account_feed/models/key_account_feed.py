# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..reader import UnreadableError


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
        readonly=True,
        help="From the watched folder: loaded as soon as it is checked, without a dry "
        "run unless somebody insisted on an older file; answered in the folder of "
        "results.",
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

    def _examine(self):
        """The dry run: count what would happen and keep examples, write nothing."""
        self.ensure_one()
        try:
            accepted = self._process(is_load=False)
        except UnreadableError as error:
            self._fail(error.code, error.value)
            accepted = False
        if accepted:
            self.state = "checked"
        else:
            self._answer_soon()

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
            self._write_absent([])
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
        self._write_absent(interface._get_absent(self))
        self.refusal_ids._replace(self)
        return self._is_within_limits(interface._get_covered_count(self))

    def _is_within_limits(self, covered):
        """Whether few enough rows are refused, and few enough documents missing."""
        limit = self._get_source().refused_limit
        if self.refused_percent > limit:
            self._fail("22", f"{self.refused_percent:.2f} % / {limit:g} %")
            return False
        if self._exceeds_withdrawn(covered):
            self._fail("27", f"{self.withdrawn_count} / {covered}")
            return False
        return True

    def _get_interface(self):
        # sudo: checked rows are written whatever the loader may read of them: whose
        # they are was decided by the branch of the file (``_check_branch``).
        return self.env["key.account.feed.interface"].sudo()._for(self.interface)

    def _count_rows(self):
        return sum(self.part_ids.mapped("row_count"))

    def _write_counts(self, results):
        keys = ("created", "changed", "unchanged", "refused", "withdrawn")
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
        writes = self.created_count + self.changed_count + self.withdrawn_count
        if not self.is_repeated and writes:
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
        # sudo: the settings of the branch apply to whoever loads its files.
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
                "SELECT id FROM key_account_feed_source WHERE id = %s "
                "FOR UPDATE NOWAIT",
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

    @api.model
    def _load_files(
        self, unit, interface, data, control=None, kind="a", period=None, revision=0
    ):
        """Stage, check and load in one go; the way in for scripts and benchmarks.

        :param unit: the branch; it must have a city code
        :param interface: "customer", "bill" or what another addon calls its own
        :param data: content of the data file as bytes, or its path; or a list of both
        :param control: content or path of the control file, None for none
        :param period: yyyymmdd, today by default
        :return: the transmission, whose state, counts and refusals say what happened
        """
        codes = {name: code for code, name in self._get_interfaces().items()}
        period = period or fields.Date.today().strftime("%Y%m%d")
        stem = f"{kind}_{unit.city_code}_{period}_{codes[interface]}_{revision:02}"
        parts = data if isinstance(data, (list, tuple)) else [data]
        files = {f"{stem}_{i:03}.dat": part for i, part in enumerate(parts, 1)}
        if control is not None:
            files[f"{stem}.verf"] = control
        feed = self._receive(files, is_confirmed=control is None)
        if feed.state == "received":
            feed._load_now()
        return feed
