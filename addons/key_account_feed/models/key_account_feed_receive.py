# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import hashlib
from pathlib import Path

from odoo import api, models
from odoo.exceptions import AccessError, UserError

from ..naming import INTERFACES, KINDS, parse_control, parse_name


class KeyAccountFeed(models.Model):
    """Takes the files of a transmission over and says what is wrong with them."""

    _inherit = "key.account.feed"

    @api.model
    def _get_interfaces(self):
        """Map the codes of the interfaces to their names. Hook."""
        return dict(INTERFACES)

    @api.model
    def _get_kinds(self, code):
        """The kinds of file that an interface takes, none for an unknown one. Hook."""
        return KINDS.get(code, "")

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
        feed.row_count = feed._count_rows()
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
                "interface": self._get_interfaces().get(parsed.interface, "customer"),
                "unit_id": unit.id,
                "period": parsed.period,
                "date_period": parsed.day,
                "has_control": has_control,
            }
        )

    def _check_files(self, control, is_confirmed):
        """(code, value) of what is wrong with the files as such (domain 2.12)."""
        self.ensure_one()
        parsed = parse_name(self.part_ids[0].name)
        if parsed.kind not in self._get_kinds(parsed.interface):
            return "10", f"{parsed.kind} {parsed.interface}"
        if not parsed.day:
            return "08", parsed.period
        for part in self.part_ids:
            code = part._check_size()
            if code:
                return code, part.name
        if control is None and not is_confirmed:
            return "02", f"{self.name}.verf"
        code, value = (
            self._check_control(control) if control is not None else ("00", "")
        )
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
            return "00", ""
        later = self._find_later() if not self.accepted_by_id else self.browse()
        return ("26", later.name) if later else ("00", "")
