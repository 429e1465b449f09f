# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import json

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import file_open

from ..record_data import RecordReader, load_json

FORMAT = "key_account_profile"
PREFIX = "key.account."
META = ("format", "code", "name", "description", "sections")
# An installation gets its lines from its own organisation, not from a profile; and
# points are a promise to customers: they begin when the centre approves a rule.
NOT_INSTALLED = ("key.account.line", "key.account.point.rule")
# Dictionaries of which a profile carries certain fields only.
DICTIONARY_FIELDS = {
    "key.account.line": ("code", "name", "sequence", "color"),
}


class KeyAccountProfile(models.Model):
    """Dictionaries and rules of a kind of operator, as data (RULE-03, domain 2.2).

    A profile is exchanged as a JSON file. Applied, it adds the words that are missing
    and makes one draft of each rule that differs from what is in force; another person
    approves them.
    """

    _name = "key.account.profile"
    _description = "Profile of Rules"
    _order = "code"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True, translate=True)
    description = fields.Text(translate=True)
    content = fields.Json(readonly=True, help="Sections: rows by model, as data.")
    summary = fields.Text(compute="_compute_summary")
    file = fields.Binary(compute="_compute_file", attachment=False)
    file_name = fields.Char(compute="_compute_file")

    _code_uniq = models.Constraint("UNIQUE (code)", "Another profile has this code.")

    @api.depends("content")
    @api.depends_context("lang")
    def _compute_summary(self):
        for profile in self:
            profile.summary = "\n".join(
                f"{self._get_section_label(name)}: {len(rows)}"
                for name, rows in (profile.content or {}).items()
            )

    @api.model
    def _get_section_label(self, name):
        if name not in self.env:
            return self.env._("%(name)s (not installed, kept)", name=name)
        return self.env["ir.model"]._get(name).display_name

    @api.depends("code", "content", "name", "description")
    def _compute_file(self):
        for profile in self:
            text = json.dumps(profile._to_data(), ensure_ascii=False, indent=2)
            profile.file = base64.b64encode(text.encode())
            profile.file_name = f"{profile.code or 'profile'}.json"

    def _to_data(self):
        mixin = self.env["key.account.rule.mixin"]
        saved = self._origin
        names = {"name": saved.name, "description": saved.description or ""}
        if saved:
            names = {
                name: mixin._get_texts(saved, self._fields[name]) for name in names
            }
        return {
            "format": FORMAT,
            "code": self.code,
            **{name: texts for name, texts in names.items() if texts},
            "sections": self.content or {},
        }

    @api.constrains("content")
    def _check_content(self):
        for profile in self:
            self._check_sections(profile.content or {})

    # ---- what a profile holds ------------------------------------------------------

    @api.model
    def _get_models(self):
        """Names of the models that profiles carry, what others name first. Hook: an
        addon adds its dictionaries and rules."""
        return [
            "key.account.term",
            "key.account.line",
            "key.account.completeness.rule",
            "key.account.qualification.rule",
            "key.account.point.rule",
        ]

    @api.model
    def _is_rule(self, name):
        return hasattr(self.env.registry[name], "_rule_key")

    @api.model
    def _get_dictionary_fields(self, name):
        """Fields of the rows of a dictionary."""
        if name in DICTIONARY_FIELDS:
            return list(DICTIONARY_FIELDS[name])
        return [
            field.name
            for field in self.env[name]._fields.values()
            if field.store
            and field.name not in models.MAGIC_COLUMNS
            and field.name != "parent_path"
            and not field.related
            and (not field.compute or not field.readonly)
            and field.type not in ("one2many", "many2one_reference", "binary")
        ]

    # ---- from and to files ---------------------------------------------------------

    @api.model
    def _load(self, text):
        """Keep the profile of a JSON text; one with its code is replaced."""
        try:
            data = load_json(text)
        except (ValueError, UnicodeDecodeError) as error:
            raise UserError(
                self.env._(
                    "The file is no JSON text (%(error)s): export a profile and change "
                    "that.",
                    error=error,
                )
            ) from error
        vals, reader = self._read_profile(data)
        profile = self.search([("code", "=", vals["code"])])
        profiles = profile.with_context(lang="en_US")
        if profile:
            profiles.write(vals)
        else:
            profiles = profiles.create(vals)
        reader.translate(profiles)
        return profiles.with_env(self.env)

    @api.model
    def _read_profile(self, data):
        reader = RecordReader(self.with_context(lang="en_US"), self.env._("Profile"))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            reader.refuse(
                self.env._('the format must be "%(format)s".', format=FORMAT), "format"
            )
        vals = reader.read(
            data, ["code", "name", "description"], ("format", "sections")
        )
        self._check_sections(data.get("sections"))
        return {**vals, "content": data["sections"]}, reader

    @api.model
    def _check_sections(self, sections):
        if not isinstance(sections, dict):
            RecordReader(self, self.env._("Profile")).refuse(
                self.env._("an object of sections is expected."), "sections"
            )
        for name, rows in sections.items():
            self._check_section(name, rows)

    @api.model
    def _check_section(self, name, rows):
        reader = RecordReader(self, self.env._("Section %(name)s", name=name))
        reader.read_rows(rows)
        known = name in self._get_models()
        if not known and (name in self.env or not name.startswith(PREFIX)):
            reader.refuse(
                self.env._("it holds neither a dictionary nor rules of the suite.")
            )

    @api.model
    def _get_shipped_files(self, code):
        """Files with what a shipped profile holds. Hook: an addon adds a file with the
        sections of its own rules."""
        return [f"key_account_crm/data/profiles/{code}.json"]

    @api.model
    def _load_shipped(self, code):
        """Keep a profile that comes with the suite, with what each addon adds to it.

        While an addon is updated those above it are not loaded yet: what they have
        added stays until they say it anew.
        """
        stored = self.search([("code", "=", code)]).content or {}
        kept = {name: rows for name, rows in stored.items() if name not in self.env}
        data = {"sections": kept}
        for path in self._get_shipped_files(code):
            with file_open(path) as file:
                part = load_json(file.read())
            sections = {**data["sections"], **part["sections"]}
            data = {**part, **data, "sections": sections}
        return self._load(json.dumps(data))

    @api.model
    def _install(self, code):
        """Put the rules of a profile in force that nothing else regulates yet."""
        profile = self.search([("code", "=", code)])
        names = [name for name in self._get_models() if name not in NOT_INSTALLED]
        for rule in profile._apply(names):
            day = rule.date_from
            if rule._get_in_force(day, **rule._get_key()) or rule._get_approved():
                continue  # a draft for a person to decide
            rule.action_approve()

    def action_export(self):
        """Keep what is in force today as a new profile, to be downloaded."""
        self._check_keeper()
        today = fields.Date.context_today(self)
        stamp = fields.Date.to_string(today)
        profile = self.create(
            {
                "code": self._get_free_code(stamp),
                "name": self.env._("In force on %(date)s", date=stamp),
                "content": self._collect(today),
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": profile.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    @api.model
    def _get_free_code(self, stamp):
        count = self.search_count([("code", "=like", f"{stamp}%")])
        return f"{stamp}-{count + 1}" if count else stamp

    @api.model
    def _collect(self, day):
        """Sections of everything in force on a day."""
        mixin = self.env["key.account.rule.mixin"]
        sections = {}
        for name in filter(self.env.__contains__, self._get_models()):
            if self._is_rule(name):
                domain = self.env[name]._get_day_domain(day)
                domain &= fields.Domain("state", "=", "approved")
                domain &= fields.Domain("unit_id", "=", False)
                rules = self.env[name].search(domain, order="id")
                rows = [rule._rule_to_data() for rule in rules]
            else:
                fnames = self._get_dictionary_fields(name)
                rows = [
                    {f: mixin._value_to_data(row, row._fields[f]) for f in fnames}
                    for row in self.env[name].search([])
                ]
            if rows:
                sections[name] = rows
        return sections

    # ---- applying ------------------------------------------------------------------

    def action_apply(self):
        """Add missing words, and draft the rules that differ from what is in force."""
        self.ensure_one()
        self._check_keeper()
        tomorrow = fields.Date.add(fields.Date.context_today(self), days=1)
        drafts = self._apply(date_from=tomorrow)
        message = (
            self.env._(
                "%(count)s drafts were made: look at them and propose them.",
                count=len(drafts),
            )
            if drafts
            else self.env._("Everything this profile says is in force already.")
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {"type": "info", "message": message},
        }

    def _apply(self, names=None, **vals):
        """The drafts made, as a list since they are of several models."""
        drafts = []
        for name in names or self._get_models():
            for place, data in enumerate((self.content or {}).get(name, ()), 1):
                if name not in self.env:
                    continue
                where = self.env._(
                    "Section %(name)s, row %(row)s", name=name, row=place
                )
                if self._is_rule(name):
                    drafts += self._apply_rule(name, data, where, vals)
                else:
                    self._apply_word(name, data, where)
        return drafts

    @api.model
    def _apply_rule(self, name, data, where, vals):
        """A draft, unless what is in force or drafted already says the same."""
        draft = self.env[name]._rule_from_data(data, where, **vals)
        key = draft._get_key()
        current = draft._get_in_force(draft.date_from, **key)
        domain = fields.Domain("state", "in", ("draft", "proposed"))
        domain &= fields.Domain("unit_id", "=", False) & draft._get_key_domain(**key)
        drafted = draft.search(domain & fields.Domain("id", "!=", draft.id))
        for other in current | drafted:
            if not other._compare_with(draft):
                draft.unlink()
                return []
        return [draft]

    @api.model
    def _apply_word(self, name, data, where):
        """A row of a dictionary, unless it is there."""
        rows = self.env[name].with_context(lang="en_US", active_test=False)
        reader = RecordReader(rows, where)
        vals = reader.read(data, self._get_dictionary_fields(name))
        key = self.env["key.account.rule.mixin"]._get_natural_names(rows)
        if not rows.search([(part, "=", vals.get(part)) for part in key], limit=1):
            reader.translate(rows.create(vals))

    def _check_keeper(self):
        groups = (
            "key_account_crm.group_key_account_centre",
            "key_account_crm.group_key_account_admin",
        )
        if not self.env.su and not any(map(self.env.user.has_group, groups)):
            raise AccessError(
                self.env._("Profiles are kept by the centre and the administrator.")
            )
