# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from datetime import date

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .grade_common import GradeCommon


@tagged("post_install", "-at_install")
@freeze_time("2025-04-10 10:00:00")
class TestGradeReason(GradeCommon):
    """Why a grade is what it is, told to each reader as far as his reach goes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._use_rule()
        cls.own = cls._create_customer("Own", cls.manager)
        cls.shared = cls._create_customer("Shared", cls.manager)
        cls._create_line_file(cls.shared, cls.express, cls.manager_b)
        cls._bill_months(cls.own, [600, 600, 600])
        cls._bill_months(cls.shared, [250, 250, 250])
        cls._bill_months(cls.shared, [350, 350, 350], cls.express)
        cls._run(1)

    def _reason(self, customer, user, lang="en_US"):
        return customer.with_user(user).with_context(lang=lang).key_account_grade_reason

    def test_the_sentence_says_why_and_what_is_missing(self):
        self.assertEqual(
            self._reason(self.own, self.manager),
            "T-B since 02/05/2025. Revenue: $\xa0600.00. "
            "$\xa0400.00 more lead to T-A (Revenue).",
        )

    def test_the_revenue_of_another_company_is_not_told(self):
        """A shared customer: by figure to the centre, in words to the companies."""
        self.assertEqual(self._grade_of(self.shared), "T-B")
        self.assertIn("600.00", self._reason(self.shared, self.director))
        for user in (self.manager, self.head, self.company, self.company_b):
            reason = self._reason(self.shared, user)
            self.assertNotIn("600", reason)
            self.assertNotIn("400", reason)
            self.assertIn("outside your reach", reason)
            figures = self.shared.with_user(user).key_account_grade_figures
            self.assertNotIn("600", str(figures))
            moves = self.shared.with_user(user).key_account_grade_move_ids
            self.assertNotIn("600", str(moves.mapped("explanation")))

    def test_figures_are_no_field_of_the_move(self):
        """Neither read nor searched nor summed by anybody but the system."""
        move = self.shared.key_account_grade_move_ids
        for user in (self.company, self.director, self.office):
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                move.with_user(user).read(["figures"])
            with mute_logger("odoo.models"), self.assertRaises(AccessError):
                move.with_user(user).search([("figures", "!=", False)])

    def test_the_matrix_tells_revenue_within_reach_only(self):
        """GRD-10: the moves are there, the figure is not."""
        report = self.env["key.account.grade.report"]
        mine = [("partner_id", "in", (self.own | self.shared).ids)]
        for user, wanted in (
            (self.director, [2, 1200]),
            (self.company, [2, 600]),
            (self.manager, [2, 600]),
            (self.company_b, [0, False]),
        ):
            [found] = report.with_user(user)._read_group(
                mine, [], ["__count", "amount:sum"]
            )
            self.assertEqual(list(found), wanted, user.login)
        cells = report._read_group(
            mine, ["grade_from_id", "grade_to_id", "cause"], ["__count"]
        )
        none = self.env["key.account.grade"]
        self.assertEqual(cells, [(none, self.grades["T-B"], "revenue", 2)])

    def test_each_number_opens_its_rows(self):
        action = self.own.with_user(self.manager).action_view_key_account_grade_figure(
            "revenue"
        )
        rows = self.env[action["res_model"]].with_user(self.manager)
        found = rows.search(action["domain"])
        self.assertEqual(sum(found.mapped("amount_billed")), 600)
        self.assertEqual(found.month, date(2025, 3, 1))

    def test_the_sentence_in_chinese(self):
        self.env["res.lang"]._activate_lang("zh_CN")
        reason = self._reason(self.own, self.manager, "zh_CN")
        self.assertRegex(reason, "[\u4e00-\u9fff]")
        self.assertIn("600.00", reason)

    def test_streak_and_protection_are_told(self):
        self._bill_months(self.own, [500], start=2)
        self._run(2)
        self.assertIn(
            "The figures have led to T-A for 1 of 2 months.",
            self._reason(self.own, self.manager),
        )
        standing = self.own.key_account_standing_ids
        standing.grade_floor_id = self.grades["T-C"]
        standing.grade_floor_until = date(2025, 12, 31)
        self.assertIn("Not below T-C until", self._reason(self.own, self.manager))

    def test_grades_are_searched_and_grouped(self):
        """The filter and the group of the customers' list agree with the form."""
        customers = self.own | self.shared
        late = self._create_customer("Not yet", self.manager)
        mine = [("id", "in", (customers | late).ids)]
        partners = self.env["res.partner"].with_user(self.manager)
        grade = self.grades["T-B"]
        for domain, wanted in (
            ([("key_account_grade_id", "=", grade.id)], customers),
            ([("key_account_grade_id", "=", False)], late),
            ([("key_account_grade_id", "!=", False)], customers),
            ([("key_account_grade_id", "in", [False, grade.id])], customers | late),
            ([("key_account_grade_id", "not in", [grade.id])], late),
            ([("key_account_grade_date", ">=", "2025-02-01")], customers),
        ):
            with self.subTest(domain=domain):
                self.assertEqual(partners.search(mine + domain), wanted)
        groups = partners._read_group(mine, ["key_account_grade_id"], ["__count"])
        self.assertEqual(
            {group.code: count for group, count in groups}, {"T-B": 2, False: 1}
        )
        ordered = partners.search(mine, order="key_account_grade_date, id")
        self.assertEqual(set(ordered[:2]), set(customers))

    def test_the_time_line_tells_the_grades(self):
        rows = self.env["key.account.timeline"].with_user(self.manager)
        row = rows.search([("partner_id", "=", self.own.id), ("kind", "=", "grade")])
        self.assertEqual(row.summary, "– → T-B · Revenue: $\xa0600.00")

    def test_notices_thirty_days_ahead(self):
        """The manager is reminded once, the customer after a preview (domain 2.2)."""
        self.own.email = "own@example.com"
        due = self.env["key.account.standing"]._get_grade_notices_due
        self.assertNotIn(self.own.id, due())
        with freeze_time("2026-01-05 10:00:00"):  # valid until 31 January
            self.assertIn(self.own.id, due())
            standings = self.env["key.account.standing"]
            standings._cron_remind_managers()
            standings._cron_remind_managers()
            activity = self.own.activity_ids
            self.assertRecordValues(
                activity,
                [{"user_id": self.manager.id, "date_deadline": date(2026, 1, 31)}],
            )
            wizard = self.env["key.account.grade.notice"].with_user(self.manager)
            wizard = wizard.create({})
            line = wizard.line_ids.filtered(lambda x: x.partner_id == self.own)
            self.assertIn("T-B", line.subject)
            self.assertIn("01/31/2026", line.body)
            self.assertNotIn("Shared", line.body)
            of_customer = [("model", "=", "res.partner"), ("res_id", "=", self.own.id)]
            mails = self.env["mail.mail"].search_count(of_customer)
            line.body = "<p>Dear Own, as discussed</p>"
            wizard.action_send()
            sent = self.env["mail.mail"].search(of_customer, order="id")
            self.assertEqual(len(sent), mails + 1)
            self.assertIn("as discussed", sent[-1].body_html)
            self.assertNotIn(self.own.id, due())

    def test_notice_before_the_grace_ends(self):
        self._bill_months(self.own, [-500], start=2)
        self._bill_months(self.own, [-500], start=3)
        self._run(2)
        due = self.env["key.account.standing"]._get_grade_notices_due
        self.assertNotIn(self.own.id, due())
        self._run(3)
        self.assertIn(self.own.id, due())
