# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import logging
import os
import stat
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..naming import MAX_BYTES, parse_name

_logger = logging.getLogger(__name__)

ROOT_PARAMETER = "key_account_feed.root"
DONE = "done"


class KeyAccountFeedSource(models.Model):
    """How one branch sends its files: the folder that is watched, what is tolerated.

    A transmission in the folder is complete when its control file is there. What was
    loaded moves to the folder ``done`` below; the results go to the out folder.
    """

    _name = "key.account.feed.source"
    _description = "Key Account Feed Source"
    _rec_name = "unit_id"

    unit_id = fields.Many2one(
        comodel_name="key.account.unit",
        string="Branch",
        required=True,
        index=True,
        ondelete="restrict",
        domain=[("is_branch", "=", True)],
    )
    active = fields.Boolean(default=True)
    folder_in = fields.Char(
        string="Folder of Arrivals",
        help="Absolute path on the server, below the folder the server's operator set "
        "as key_account_feed.root. Empty: the branch only uploads.",
    )
    folder_out = fields.Char(
        string="Folder of Results", help="Where f_….verf and r_….verf are written."
    )
    refused_limit = fields.Float(
        string="Refused at Most %",
        default=1.0,
        help="A file with a greater share of refused rows is not loaded at all.",
    )
    withdrawn_limit = fields.Float(
        string="Taken Back at Most %",
        default=30.0,
        help="A file of a whole month (kind s) that lacks a greater share of the bills "
        "and payments known of the month is not loaded by itself.",
    )
    date_last_load = fields.Datetime(string="Last Load", readonly=True)
    error = fields.Char(string="Last Problem", readonly=True)

    _unit_uniq = models.Constraint("UNIQUE (unit_id)", "The branch has its settings.")
    _limit = models.Constraint(
        "CHECK (refused_limit >= 0 AND refused_limit <= 100)",
        "The share of refused rows is between 0 and 100 %.",
    )
    _withdrawn_range = models.Constraint(
        "CHECK (withdrawn_limit >= 0 AND withdrawn_limit <= 100)",
        "The share of what is taken back is between 0 and 100 %.",
    )

    @api.constrains("folder_in", "folder_out")
    def _check_folders(self):
        for source in self:
            for folder in filter(None, (source.folder_in, source.folder_out)):
                try:
                    source._resolve_folder(folder)
                except UserError as error:
                    raise ValidationError(str(error)) from error

    @api.model
    def _get_for(self, unit):
        """The settings of a branch, made with the defaults when it sends first."""
        source = self.with_context(active_test=False).search(
            [("unit_id", "=", unit.id)]
        )
        return source or self.create({"unit_id": unit.id})

    @api.model
    def _resolve_folder(self, folder):
        """The folder as a path, refused outside the root or behind a symbolic link."""
        # sudo: the parameter is the server operator's; only this check reads it.
        root = self.env["ir.config_parameter"].sudo().get_param(ROOT_PARAMETER)
        if not root:
            raise UserError(
                self.env._(
                    "No folder may be watched yet: the server's operator sets the "
                    "system parameter %(name)s to the folder that holds them.",
                    name=ROOT_PARAMETER,
                )
            )
        path, root = Path(folder), Path(os.path.realpath(root))
        real = Path(os.path.realpath(path))
        inside = real == root or root in real.parents
        if not path.is_absolute() or real != path or not inside:
            raise UserError(
                self.env._(
                    "%(folder)s: give an absolute path below %(root)s, without .. and "
                    "symbolic links.",
                    folder=folder,
                    root=root,
                )
            )
        return path

    @api.model
    def _cron_watch(self):
        """Take over the transmissions that are complete, branch by branch."""
        for source in self.search([("folder_in", "!=", False)]):
            try:
                source._watch()
                source.error = False
            except (OSError, UserError) as error:
                self.env.cr.rollback()
                source.error = str(error)[:200]
                _logger.warning("%s: %s", source.unit_id.name, error)
            self.env["ir.cron"]._commit_progress(1)

    def _watch(self):
        """Receive, load and answer every complete transmission of the folder."""
        self.ensure_one()
        folder = self._resolve_folder(self.folder_in)
        for stem, names in sorted(self._find_complete(folder).items()):
            feed = self._take_over(folder, names)
            self._move_done(folder, names)
            _logger.info("%s received: %s %s", stem, feed.state, feed.file_code)
            # files moved away must be in the database
            self.env.cr.commit()

    def _find_complete(self, folder):
        """Map each transmission whose control file is there to its file names."""
        groups = {}
        for entry in os.scandir(folder):
            parsed = parse_name(entry.name)
            if not parsed or not entry.is_file(follow_symlinks=False):
                continue
            if parsed.city == self.unit_id.city_code:
                groups.setdefault(parsed.stem, []).append(entry.name)
        return {
            stem: sorted(names)
            for stem, names in groups.items()
            if f"{stem}.verf" in names and len(names) > 1
        }

    def _take_over(self, folder, names):
        feeds = self.env["key.account.feed"]
        feed = feeds._receive({name: self._read(folder / name) for name in names})
        feed.is_direct = True
        if feed.state == "received":
            feed._trigger()
        else:
            feed._write_results()
        return feed

    @api.model
    def _read(self, path):
        """The content of a regular file; a link put there meanwhile is not followed."""
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
        with os.fdopen(descriptor, "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or status.st_size > MAX_BYTES:
                raise UserError(
                    self.env._("%(name)s is no file that can be read.", name=path.name)
                )
            return file.read()

    @api.model
    def _move_done(self, folder, names):
        done = folder / DONE
        done.mkdir(exist_ok=True)
        self._resolve_folder(str(done))
        for name in names:
            os.replace(folder / name, done / name)

    def _write_answers(self, answers):
        """Write result files: pairs of name and text, each complete at once."""
        if not self.folder_out:
            return
        folder = self._resolve_folder(self.folder_out)
        for name, text in answers:
            hidden = folder / f".{name}"
            hidden.unlink(missing_ok=True)
            hidden.write_text(text, encoding="utf-8", newline="")
            os.replace(hidden, folder / name)
