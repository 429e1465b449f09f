# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

import tempfile
from pathlib import Path

from freezegun import freeze_time

from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.key_account_arrears.tests.common import SuspensionCommon

CITY = "99001"


@tagged("post_install", "-at_install")
@freeze_time("2026-03-20 04:10:00")
class TestSuspensionFeed(SuspensionCommon):
    """Orders go to the branch in files of the unified format, and its answers are read
    back (ARR-05, ARR-12, DX-05)."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.post.write({"is_branch": True, "city_code": CITY})
        cls.exports = cls.env["key.account.suspension.export"]
        cls.feeds = cls.env["key.account.feed"]
        units = cls.env.registry["key.account.unit"]
        cls.classPatch(units, "_get_dunning_incomplete", lambda self, day: {})

    def _order(self, number=None, kind="one_way"):
        """An approved step that went to the branch."""
        step = self._propose(number=number, kind=kind)
        step.with_user(self.head).action_approve()
        step._export_soon()
        return step

    def _answer(self, *rows, revision=0, period="20260320", **kwargs):
        content = "".join(f"{row}\n" for row in rows).encode()
        self.env["key.account.feed.source"]._get_for(self.post).refused_limit = 100
        return self.feeds._load_files(
            self.post,
            "suspension",
            content,
            period=period,
            revision=revision,
            **kwargs,
        )

    def _row(self, step, outcome="D", reason="", number=None, done="20260320041000"):
        return (
            f"A|{step.name}|{number or step.number_id.name}|{outcome}|{done}|{reason}"
        )

    def _last(self):
        return self.exports.search([("unit_id", "=", self.post.id)], limit=1)

    def _codes(self, feed):
        return feed.refusal_ids.mapped("code")

    def test_an_approved_step_goes_out_with_the_next_run(self):
        step = self._propose()
        step.with_user(self.head).action_approve()
        self.assertFalse(self._last())
        self.env["key.account.suspension"]._cron_follow()
        export = self._last()
        self.assertEqual(export.name, f"a_{CITY}_2026032004_06001_00")
        self.assertRecordValues(step, [{"state": "exported", "export_id": export.id}])
        [row] = export.content.splitlines()
        fields = row.split("|")
        self.assertEqual(
            fields[:6], ["O", step.name, "100", "", self.acme.key_account_code, "1"]
        )
        self.assertEqual(fields[7:9], ["10000", self.bill.currency_id.name])
        self.assertEqual(export.open_count, 1)
        self.env["key.account.suspension"]._cron_follow()
        self.assertEqual(self._last(), export)

    def test_files_of_an_hour_hold_all_of_it(self):
        """Domain 2.12: a higher re-transmission number replaces the same period."""
        step = self._order()
        self._pay(self.bill, 100, "2026-03-20")
        export = self._last()
        self.assertEqual(export.revision, 1)
        rows = [row.split("|") for row in export.content.splitlines()]
        self.assertEqual([row[1] for row in rows], [step.name, step.lift_id.name])
        self.assertEqual([row[5] for row in rows], ["1", "S"])
        self.assertEqual(rows[1][9], step.name)
        with freeze_time("2026-03-20 05:00:00"):
            self._create_bill(self.acme, 30, date_due="2026-02-15")
            other = self._order(self._number(self.acme, "101"))
            self.assertEqual(other.export_id.name, f"a_{CITY}_2026032005_06001_00")
            self.assertEqual(other.export_id.row_count, 1)

    def test_a_payment_takes_its_order_along(self):
        """ARR-12: the order to resume is made and exported with the payment."""
        step = self._order()
        self._answer(self._row(step))
        self.assertEqual(self.number.state, "one_way")
        self._pay(self.bill, 100, "2026-03-20")
        self.assertEqual(step.lift_id.state, "exported")
        self.assertIn(step.lift_id.name, self._last().content)
        self._answer(self._row(step.lift_id), period="20260321")
        self.assertEqual(self.number.state, "in_service")

    def test_a_file_of_payments_resumes_as_a_set(self):
        numbers = self.env["key.account.number"]
        rows = []
        for index in range(5):
            customer = self._create_customer(
                f"F {index}", self.manager, key_account_code=f"FK{index}"
            )
            number = self._number(customer, f"55{index}")
            bill = self._create_bill(customer, 50, date_due="2026-02-15")
            self._answer(self._row(self._order(number)), period=f"202603{index + 1:02}")
            numbers |= number
            rows.append(f"P|P{index}|FK{index}|{bill.name}||20260320|5000||")
        self.assertEqual(set(numbers.mapped("state")), {"one_way"})
        content = "".join(f"{row}\n" for row in rows).encode()
        feed = self.feeds._load_files(self.post, "bill", content, period="20260320")
        self.assertEqual((feed.state, feed.created_count), ("done", 5))
        steps = self.env["key.account.suspension"].search(
            [("number_id", "in", numbers.ids), ("kind", "=", "resume")]
        )
        self.assertEqual(len(steps), 5)
        self.assertEqual(set(steps.mapped("state")), {"exported"})
        self.assertEqual(len(steps.export_id), 1)
        self._answer(*[self._row(step) for step in steps], period="20260325")
        self.assertEqual(set(numbers.mapped("state")), {"in_service"})

    def test_nothing_goes_out_before_the_bills_are_there(self):
        step = self._propose()
        step.with_user(self.head).action_approve()
        units = self.env.registry["key.account.unit"]
        missing = {self.post_1.id: None}
        self.patch(units, "_get_dunning_incomplete", lambda self, day: missing)
        step._export_soon()
        self.assertEqual(step.state, "approved")
        missing.clear()
        step._export_soon()
        self.assertEqual(step.state, "exported")

    def test_what_is_paid_before_the_file_does_not_go_out(self):
        step = self._propose()
        step.with_user(self.head).action_approve()
        self.env["key.account.dispute"].create(
            {"bill_id": self.bill.id, "amount": 100, "reason": "No"}
        )
        step._export_soon()
        self.assertRecordValues(
            step, [{"state": "withdrawn", "end_reason": "dispute", "export_id": False}]
        )

    def test_sent_again_under_the_next_number(self):
        step = self._order()
        export = self._last()
        operator = self._create_user("ka_post_operator", "operator", self.post)
        with self.assertRaises(AccessError):
            export.with_user(self.company).action_retransmit()
        export.with_user(operator).action_retransmit()
        again = self._last()
        self.assertEqual((again.revision, again.content), (1, export.content))
        self.assertEqual(step.export_id, export)

    def test_files_are_written_with_their_control_file(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder).resolve()
            parameters = self.env["ir.config_parameter"].sudo()
            parameters.set_param("key_account_feed.root", str(folder))
            source = self.env["key.account.feed.source"]._get_for(self.post)
            source.folder_out = str(folder)
            self._order()
            export = self._last()
            export._write_files()
            data = (folder / f"{export.name}_001.dat").read_bytes()
            self.assertEqual(data.decode(), export.content)
            control = (folder / f"{export.name}.verf").read_text().split("|")
            self.assertEqual(
                control[:4],
                [f"{export.name}_001.dat", str(len(data)), "1", "2026032004"],
            )
            self.assertTrue(export.date_written)

    def test_answers(self):
        """Done, refused with its reason, and each thing that can be wrong."""
        step = self._order()
        wrong = {
            "A|X1|100|D|20260320041000|": "order",
            "A|S0999999999|100|D|20260320041000|": "order_unknown",
            self._row(step, number="999"): "order_number",
            self._row(step, outcome="R"): "required",
            self._row(step, outcome="Q"): "choice",
            self._row(step, done="20260390"): "stamp",
            self._row(step, done="20990101000000"): "future",
        }
        for day, (row, code) in enumerate(wrong.items(), 1):
            with self.subTest(code=code):
                feed = self._answer(row, period=f"202602{day:02}")
                self.assertEqual(self._codes(feed), [code])
                self.assertTrue(feed.refusal_ids.reason and feed.refusal_ids.remedy)
                self.assertEqual(step.state, "exported")
        twice = self._answer(self._row(step), self._row(step), period="20260220")
        self.assertEqual(self._codes(twice), ["duplicate"] * 2)
        done = self._answer(self._row(step), period="20260221")
        self.assertEqual((done.state, done.changed_count), ("done", 1))
        self.assertRecordValues(step, [{"state": "confirmed"}])
        self.assertEqual(self.number.state, "one_way")

    def test_the_same_answer_again_changes_nothing(self):
        step = self._order()
        self._answer(self._row(step), period="20260301")
        again = self._answer(self._row(step), period="20260301")
        self.assertTrue(again.is_repeated)
        later = self._answer(self._row(step), period="20260302")
        self.assertEqual((later.state, later.unchanged_count), ("done", 1))
        other = self._answer(self._row(step, "R", "No"), period="20260303")
        self.assertEqual(self._codes(other), ["order_answered"])

    def test_refused_and_not_sent(self):
        step = self._order()
        self._answer(self._row(step, "R", "Emergency line"), period="20260301")
        self.assertRecordValues(
            step, [{"state": "refused", "answer": "Emergency line"}]
        )
        self.assertEqual(self.number.state, "in_service")
        other = self._propose(kind="two_way")
        other.with_user(self.head).action_approve()
        feed = self._answer(self._row(other), period="20260302")
        self.assertEqual(self._codes(feed), ["order_unsent"])

    def test_an_order_of_another_branch(self):
        self.parcel.write({"is_branch": True, "city_code": "99002"})
        step = self._order()
        content = f"{self._row(step)}\n".encode()
        self.env["key.account.feed.source"]._get_for(self.parcel).refused_limit = 100
        feed = self.feeds._load_files(self.parcel, "suspension", content)
        self.assertEqual(self._codes(feed), ["order_branch"])

    def test_a_late_answer_leaves_the_number_in_service(self):
        step = self._order()
        self._pay(self.bill, 100, "2026-03-20")
        self._answer(self._row(step.lift_id), period="20260301")
        self._answer(self._row(step, done="20260320040000"), period="20260302")
        self.assertEqual((step.state, self.number.state), ("lifted", "in_service"))
