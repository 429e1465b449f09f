# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import base64
import copy
import doctest
import json

from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import file_open, mute_logger

from .. import record_data
from .test_key_account_rule import RULE_LOGGERS, RuleCommon

RULE = "key.account.qualification.rule"
LINE = "key.account.line"


@tagged("post_install", "-at_install")
@freeze_time("2026-01-15 08:00:00")
class TestKeyAccountProfile(RuleCommon):
    """Dictionaries and rules as files (RULE-03, RULE-04, domain 2.2)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.profiles = cls.env["key.account.profile"]
        with file_open("key_account_crm/data/profiles/post.json") as file:
            cls.post_data = json.load(file)

    def _load(self, data):
        return self.profiles._load(json.dumps(data))

    def test_doctests(self):
        result = doctest.testmod(record_data, optionflags=doctest.ELLIPSIS)
        self.assertFalse(result.failed)
        self.assertTrue(result.attempted)

    def test_a_version_survives_being_data(self):
        rule = self.rule.copy({"date_from": "2026-02-01", "note": "Why"})
        rule.limit_ids = [
            Command.create(
                {"path": "threshold_qualify", "kind": "percent", "percent": 5}
            )
        ]
        data = json.loads(json.dumps(rule._rule_to_data()))
        draft = self.rules._rule_from_data(data)
        self.assertEqual(draft._rule_to_data(), data)
        self.assertFalse(rule._compare_with(draft))
        self.assertRecordValues(
            draft, [{"state": "draft", "version": 0, "unit_id": False}]
        )

    def test_shipped_profiles_are_there_and_equal_what_was_installed(self):
        for code in ("telecom", "post"):
            profile = self.profiles.search([("code", "=", code)])
            self.assertTrue(profile, code)
            self.assertFalse(profile._apply(["key.account.qualification.rule"]))

    def test_a_profile_makes_drafts_and_missing_words(self):
        data = copy.deepcopy(self.post_data)
        data["code"] = "mine"
        data["sections"][RULE][0]["threshold_qualify"] = 70
        data["sections"][LINE].append({"code": "T-LETTER", "name": "There already"})
        profile = self._load(data)
        count = self.rules.search_count([])
        profile.with_user(self.admin).action_apply()
        draft = self.rules.search([("state", "=", "draft")], order="id desc", limit=1)
        self.assertEqual(self.rules.search_count([]), count + 1)
        self.assertRecordValues(
            draft, [{"threshold_qualify": 70, "state": "draft", "name": "Standard"}]
        )
        self.assertEqual(str(draft.date_from), "2026-01-16")
        self.assertFalse(draft.problems)
        self.assertEqual(self.letter.name, "T-Letter")
        line = self.env[LINE].search([("code", "=", "PHILATELY")])
        self.assertEqual(len(line), 1)
        profile.with_user(self.admin).action_apply()
        self.assertEqual(self.rules.search_count([]), count + 1, "twice is once")

    def test_what_is_in_force_is_kept_and_goes_around(self):
        action = self.profiles.with_user(self.director).action_export()
        profile = self.profiles.browse(action["res_id"])
        text = base64.b64decode(profile.file)
        data = json.loads(text)
        self.assertEqual(data["sections"][RULE], [self.rule._rule_to_data()])
        wizard = self.env["key.account.profile.import"].with_user(self.admin)
        other = wizard.create({"file": base64.b64encode(text)}).action_import()
        self.assertEqual(other["res_id"], profile.id, "the same code: replaced")
        self.assertEqual(profile.content, data["sections"])
        self.assertFalse(profile._apply())

    def test_an_unknown_model_of_the_suite_is_kept_and_skipped(self):
        data = {**self.post_data, "code": "later"}
        data["sections"] = {"key.account.future.rule": [{"anything": 1}]}
        profile = self._load(data)
        self.assertEqual(profile._apply(), [])
        self.assertIn("not installed", profile.summary)
        self.assertEqual(profile.content, data["sections"])

    def _refuse_data(self, change, regex):
        """The data, changed, is refused and leaves nothing behind."""
        data = copy.deepcopy(self.post_data)
        data["code"] = "bad"
        change(data)
        rules, lines = self.rules.search([]), self.env[LINE].search([])
        with self.subTest(regex=regex):
            with self.assertRaisesRegex(UserError, regex), self.env.cr.savepoint():
                self._load(data).with_user(self.admin).action_apply()
            self.assertEqual(self.rules.search([]), rules)
            self.assertEqual(self.env[LINE].search([]), lines)

    @mute_logger(*RULE_LOGGERS)
    def test_hostile_and_malformed_data_is_refused(self):
        """Naming section, row, field and remedy; nothing half done."""

        def rule(**vals):
            return lambda data: data["sections"][RULE][0].update(vals)

        def part(**vals):
            return lambda data: data["sections"][RULE][0]["component_ids"][0].update(
                vals
            )

        def section(name, rows):
            return lambda data: data["sections"].update({name: rows})

        row = r"Section key\.account\.qualification\.rule, row 1"
        for change, regex in (
            (lambda data: data.update(format="x"), "Profile, format"),
            (lambda data: data.update(sections=[]), "Profile, sections"),
            (lambda data: data.pop("code"), "Profile, code"),
            (lambda data: data.update(state="x"), "Profile, state: there is no such"),
            (section("res.users", []), "neither a dictionary nor rules"),
            (section("ir.rule", [{"active": False}]), "neither a dictionary nor"),
            (section("key.account.unit", []), "neither a dictionary nor rules"),
            (section("evil.model", []), "neither a dictionary nor rules"),
            (section(RULE, {}), "a list of rows"),
            (section(RULE, ["x"]), f"{row}: an object"),
            (rule(state="approved"), f"{row}, state: there is no such field"),
            (rule(approver_id=2), f"{row}, approver_id: there is no such field"),
            (rule(unit_id=1), f"{row}, unit_id: there is no such field"),
            (rule(create_uid=1), f"{row}, create_uid: there is no such field"),
            (rule(id=self.rule.id), f"{row}, id: there is no such field"),
            (rule(threshold_qualify="60"), f"{row}, threshold_qualify: a number"),
            (rule(threshold_qualify=True), f"{row}, threshold_qualify: a number"),
            (rule(threshold_qualify=1e300), f"{row}, threshold_qualify: .* too large"),
            (rule(assign_days=2.5), f"{row}, assign_days: a whole number"),
            (rule(assign_days=10**20), f"{row}, assign_days: .* too large"),
            (rule(date_from="tomorrow"), f"{row}, date_from: a date like"),
            (rule(name="a\nb"), f"{row}, name: .* control characters"),
            (rule(name=None), f"{row}, name: a value is required"),
            (rule(name={"en_US": 5}), f"{row}, name: the text of en_US"),
            (rule(name="a\x00b"), "control character"),
            (rule(component_ids={}), "a list of rows|component_ids"),
            (rule(limit_ids=[{"path": "x", "kind": "?"}]), "limit_ids 1, kind"),
            (part(rule_id=1), f"{row}, component_ids 1, rule_id: there is no such"),
            (part(method="eval"), f"{row}, component_ids 1, method: eval is none of"),
            (part(code="growth"), "component_ids 2: the row growth is there twice"),
            (section(LINE, [{"code": "X"}]), f"{LINE}, row 1, name: a value"),
            (section(LINE, [{"code": "X", "name": "X", "unit_id": "Y"}]), "no such"),
        ):
            self._refuse_data(change, regex)

    def test_what_is_no_json_is_refused(self):
        for text in (
            "",
            "{",
            "[" * 100000,
            '{"format": "a", "format": "b"}',
            '{"format": NaN}',
            b"\xff\xfe\x00",
        ):
            with self.subTest(text=text[:20]), self.assertRaises(UserError):
                self.profiles._load(text)
        wizard = self.env["key.account.profile.import"].with_user(self.admin)
        large = base64.b64encode(b" " * (2 * 1024 * 1024 + 1))
        with self._refused("larger than 2 MB"):
            wizard.create({"file": large}).action_import()

    def test_content_is_checked_however_it_comes(self):
        """Not only in files: by a call from outside too."""
        profiles = self.profiles.with_user(self.admin)
        for content in ({"res.users": []}, {RULE: "x"}, ["x"], "x"):
            with (
                self.subTest(content=content),
                self.assertRaises(UserError),
                self.env.cr.savepoint(),
            ):
                profiles.create({"code": "x", "name": "x", "content": content})

    @mute_logger(*RULE_LOGGERS)
    def test_who_keeps_profiles(self):
        profile = self.profiles.search([("code", "=", "post")])
        for user in (self.manager, self.head, self.company, self.office):
            theirs = profile.with_user(user)
            for step in (theirs.action_apply, theirs.action_export):
                with (
                    self.subTest(user=user.login),
                    self.assertRaises(AccessError),
                    self.env.cr.savepoint(),
                ):
                    step()
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                theirs.write({"content": {}})

    def test_all_rules_in_one_list(self):
        """RULE-01: the overview shows every version with its phase of today."""
        draft = self._create_rule("2027-01-01")
        override = self._override(self.post)
        override.with_user(self.director).action_propose()
        overview = self.env["key.account.rule.overview"].with_user(self.office)
        for phase, rule in (
            ("in_force", self.rule),
            ("draft", draft),
            ("proposed", override),
        ):
            found = overview.search([("phase", "=", phase), ("res_model", "=", RULE)])
            row = found.filtered(lambda row, r=rule: row.res_id == r.id)
            self.assertEqual(len(row), 1)
            self.assertEqual(row.phase, phase)
            self.assertEqual(row.action_open()["res_id"], rule.id)
