# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Reminders by mail, from the run that a head confirms to the mail server and back.

(ARR-03, ARR-04.) Who gets what, in which language, and what becomes of mails that are
refused at once or come back later.
"""

import datetime
import email
import uuid
from email.mime.message import MIMEMessage
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from conftest import DOMAIN

QUEUE = "mail.ir_cron_mail_scheduler_action"
SEND = "key_account_arrears.ir_cron_dunning_send"
LINE = "key.account.dunning.line"
RUN = "key.account.dunning.run"
BODY = "{customer} ({code}): {amount}, {days} days, {count} bills. {unit}"
BODY_CN = (
    "尊敬的{customer}（{code}）：您有{count}张账单共{amount}已逾期{days}天。{unit}"
)


@pytest.fixture(scope="module")
def policy(office):
    """Mail at any hour, and a call where it fails, to individuals."""
    policy_id = office.ask(
        "administrator",
        "key.account.dunning.policy",
        "create",
        {
            "name": "Individuals by mail",
            "kind": "individual",
            "date_from": str(datetime.date.today()),
            "quiet_from": 0,
            "quiet_to": 0,
            "step_ids": [
                (
                    0,
                    0,
                    {
                        "days": 1,
                        "channel": "mail",
                        "fallback": "call",
                        "subject": "Reminder {code}",
                        "body": BODY,
                    },
                )
            ],
        },
    )
    policy = office.search(
        "key.account.dunning.policy", [("id", "=", policy_id)], "step_ids"
    )[0]
    office.ask(
        "administrator",
        "key.account.dunning.step",
        "write",
        policy["step_ids"],
        {"subject": "催缴通知 {code}", "body": BODY_CN},
        context={"lang": "zh_CN"},
    )
    office.ask(
        "administrator", "key.account.dunning.policy", "action_propose", [policy_id]
    )
    office.call("key.account.dunning.policy", "action_approve", [policy_id])
    return policy_id


@pytest.fixture
def debtor(office, policy):
    """Makes customers of the head's unit who owe an amount since a while."""

    def make(amount, lang="zh_CN", **vals):
        [manager] = office.search(
            "res.users", [("login", "=", "manager")], "key_account_unit_id"
        )
        name = f"Debtor {uuid.uuid4().hex[:8]}"
        customer_id = office.call(
            "res.partner",
            "create",
            {
                "name": name,
                "key_account_kind": "individual",
                "key_account_unit_id": manager["key_account_unit_id"][0],
                "key_account_manager_id": manager["id"],
                "email": f"{uuid.uuid4().hex[:12]}@debtor.example.com",
                "lang": lang,
                **vals,
            },
        )
        due = datetime.date.today() - datetime.timedelta(days=3)
        office.ask(
            "finance",
            "key.account.bill",
            "create",
            {
                "name": f"D{uuid.uuid4().hex[:10]}",
                "partner_id": customer_id,
                "period": str(due.replace(day=1)),
                "date_bill": str(due - datetime.timedelta(days=5)),
                "date_due": str(due),
                "amount": amount,
            },
        )
        [customer] = office.search(
            "res.partner",
            [("id", "=", customer_id)],
            "name",
            "email",
            "key_account_code",
        )
        return customer

    return make


def dun(office, *customers):
    """A run of the head over these customers: previewed, then confirmed and sent."""
    ids = [customer["id"] for customer in customers]
    run_id = office.ask("head", RUN, "create", {"partner_ids": [(6, 0, ids)]})
    office.ask("head", RUN, "action_preview", [run_id])
    found = lines(office, run_id)
    assert [line["state"] for line in found] == ["ready"] * len(ids), found
    assert not [
        one for one in office.sink.box if customers[0]["email"] in one.recipients
    ]
    office.ask("head", RUN, "action_confirm", [run_id])
    office.run(QUEUE)
    return run_id


def lines(office, run_id):
    names = ["partner_id", "state", "delivery", "channel", "reason", "failure", "body"]
    found = office.ask(
        "head",
        LINE,
        "search_read",
        [("run_id", "=", run_id)],
        [*names, "is_fallback"],
    )
    return sorted(found, key=lambda line: line["partner_id"][0])


def bounce(told, address):
    """The report of the mail server that could not deliver (RFC 3464)."""
    report = MIMEMultipart("report", report_type="delivery-status")
    report["From"] = "MAILER-DAEMON@mail.example.com"
    report["To"] = f"bounce@{DOMAIN}"
    report["Subject"] = "Undelivered Mail Returned to Sender"
    report["Message-Id"] = f"<{uuid.uuid4()}@mail.example.com>"
    report.attach(MIMEText("This is the mail system. It was not delivered."))
    status = email.message_from_string(
        "Content-Type: message/delivery-status\n\n"
        "Reporting-MTA: dns; mail.example.com\n\n"
        f"Final-Recipient: rfc822; {address}\nAction: failed\nStatus: 5.1.1\n\n"
    )
    report.attach(status)
    report.attach(MIMEMessage(email.message_from_bytes(told.message.as_bytes())))
    return report.as_bytes()


def test_each_gets_his_own_in_his_language(office, debtor):
    """One mail each, also to one address of two customers."""
    one = debtor(1234.56)
    other = debtor(77.01, "en_US", email=one["email"])
    run_id = dun(office, one, other)
    mails = office.sink.to(one["email"])
    assert len(mails) == 2
    texts = {mail.message["Subject"]: mail for mail in mails}
    chinese = texts[f"催缴通知 {one['key_account_code']}"]
    english = texts[f"Reminder {other['key_account_code']}"]
    assert "您有1张账单" in chinese.text and "1,234.56" in chinese.text
    assert "1 bills" in english.text and "77.01" in english.text
    for mail, own, foreign in ((chinese, one, other), (english, other, one)):
        assert mail.recipients == [one["email"]]
        assert own["name"] in mail.text
        assert foreign["name"] not in mail.text
        assert foreign["key_account_code"] not in mail.text
    assert "77.01" not in chinese.text and "1,234.56" not in english.text
    for line in lines(office, run_id):
        assert (line["state"], line["delivery"]) == ("sent", "delivered")


def test_a_refused_address_becomes_a_call(office, debtor):
    """The mail server says no: the state says so, and the manager calls instead."""
    refused, taken = debtor(500), debtor(600)
    office.sink.refused.add(refused["email"])
    run_id = dun(office, refused, taken)
    first, second = lines(office, run_id)
    assert (first["delivery"], second["delivery"]) == ("failed", "delivered")
    assert not [o for o in office.sink.box if refused["email"] in o.recipients]
    office.run(SEND)
    first, second = lines(office, run_id)
    assert first["is_fallback"] and first["channel"] == "call"
    assert first["state"] in ("sent", "queued") and first["failure"] not in (False, "-")
    office.run(SEND)
    first, second = lines(office, run_id)
    assert first["state"] == "sent"
    [task] = office.ask(
        "manager",
        "mail.activity",
        "search_read",
        [("res_model", "=", LINE), ("res_id", "=", first["id"])],
        ["note"],
    )
    assert refused["name"] in task["note"] and taken["name"] not in task["note"]
    assert (second["state"], second["channel"]) == ("sent", "mail")


def test_a_mail_that_comes_back_concerns_its_own_customer(office, debtor):
    """Two customers of one address: the one whose mail bounced is called."""
    one = debtor(10.5)
    other = debtor(20.5, email=one["email"])
    run_id = dun(office, one, other)
    mails = office.sink.to(one["email"])
    [told] = [mail for mail in mails if one["key_account_code"] in mail.text]
    assert office.receive(bounce(told, one["email"])) == 0
    assert [line["delivery"] for line in lines(office, run_id)] == [
        "failed",
        "delivered",
    ]
    office.run(SEND)
    office.run(SEND)
    first, second = lines(office, run_id)
    assert (first["channel"], first["state"]) == ("call", "sent")
    assert (second["channel"], second["state"]) == ("mail", "sent")
    assert len(office.sink.to(one["email"])) == 2


def test_an_answer_is_read_with_its_own_message(office, debtor):
    """What the customer replies stands with the reminder it answers, and says nothing
    to anybody else."""
    one = debtor(30.5)
    run_id = dun(office, one)
    [told] = office.sink.to(one["email"])
    assert told.message["Message-Id"]
    assert not told.message["Cc"] and not told.message["Bcc"]
    [line] = lines(office, run_id)
    messages = office.ask(
        "head",
        "mail.message",
        "search_read",
        [("model", "=", LINE), ("res_id", "=", line["id"])],
        ["message_id"],
    )
    assert told.message["Message-Id"] in [row["message_id"] for row in messages]
