# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Requests by mail from the gateway's script to the mail server, nothing simulated.

(SVC-18, SLA-07.) Who is a customer's contact, who is not, who only says so, and what
each of them is sent.
"""

import base64
import uuid
import xmlrpc.client

from conftest import TO, write_mail

ALARM = "key_account_service.ir_cron_alarm"
QUEUE = "mail.ir_cron_mail_scheduler_action"
STRANGER = "eve@elsewhere.example.com"


def count_to(office, address):
    return len([one for one in office.sink.box if address in one.recipients])


def test_a_contact_opens_a_request_and_is_told_its_number(office, contact):
    [request] = office.new_requests(
        write_mail(f"Ada <{contact['email'].upper()}>", "没有信号音"), "date_due"
    )
    assert request["partner_id"][0] == contact["customer_id"]
    assert request["contact_id"][0] == contact["id"]
    assert (request["subject"], request["state"]) == ("没有信号音", "accepted")
    [mail] = office.sink.to(contact["email"])
    assert request["name"] in mail.text
    assert mail.recipients == [contact["email"]]
    # in the contact's language, and so that no machine answers it
    assert "您" in mail.text
    assert mail.message["Auto-Submitted"] == "auto-replied"
    assert mail.message["Reply-To"] and TO.split("@")[1] in mail.message["Reply-To"]


def test_the_answer_to_that_mail_goes_into_its_thread(office, contact):
    [request] = office.new_requests(write_mail(contact["email"]))
    [told] = office.sink.to(contact["email"])
    answer = write_mail(
        contact["email"],
        text="It is the second line.",
        In_Reply_To=told.message["Message-Id"],
    )
    data = uuid.uuid4().bytes * 1000
    answer.add_attachment(data, maintype="image", subtype="png", filename="图.png")
    assert not office.new_requests(answer)
    last = office.messages(request["id"])[-1]
    assert "second line" in last["body"] and not last["is_internal"]
    assert last["author_id"][0] == contact["id"]
    [attachment] = office.search(
        "ir.attachment", [("id", "in", last["attachment_ids"])], "name", "file_size"
    )
    assert (attachment["name"], attachment["file_size"]) == ("图.png", len(data))
    # one acknowledgement, not one for each mail
    assert count_to(office, contact["email"]) == 1


def test_a_strangers_mail_opens_nothing_and_is_not_answered(office, contact):
    """It waits for somebody who says whose it is; he learns nothing."""
    [request] = office.new_requests(
        write_mail(STRANGER, f"About {contact['email']}"), "service_unit_id"
    )
    assert not request["partner_id"] and not request["contact_id"]
    assert request["state"] == "triage" and request["service_unit_id"]
    assert not office.sink.to(STRANGER, seconds=1)


def test_a_stranger_in_a_customers_thread_is_read_by_colleagues_only(office, contact):
    [request] = office.new_requests(write_mail(contact["email"]))
    [told] = office.sink.to(contact["email"])
    assert not office.new_requests(
        write_mail(STRANGER, text="Me too!", References=told.message["Message-Id"])
    )
    last = office.messages(request["id"])[-1]
    assert "Me too!" in last["body"]
    assert last["subtype_id"][1] in ("Note", "备注")
    assert count_to(office, contact["email"]) == 1
    assert not count_to(office, STRANGER)


def test_a_forged_sender_is_nobodys_contact(office, contact):
    """The mail server found it out; the contact is not bothered."""
    forged = write_mail(
        contact["email"],
        Authentication_Results="mx.example.com; spf=fail; dmarc=fail (p=reject)",
        Reply_To=STRANGER,
    )
    [request] = office.new_requests(forged)
    assert not request["partner_id"] and request["state"] == "triage"
    assert not office.sink.to(contact["email"], seconds=1)


def test_what_a_forger_gets_goes_to_the_contact(office, contact):
    """Nobody found it out: the answer goes to the address on file all the same."""
    mail = write_mail(contact["email"], Reply_To=STRANGER, Sender=STRANGER)
    mail["Return-Path"] = STRANGER
    [request] = office.new_requests(mail)
    assert request["contact_id"][0] == contact["id"]
    [told] = office.sink.to(contact["email"])
    assert told.recipients == [contact["email"]]
    assert not count_to(office, STRANGER)


def test_machines_do_not_talk_to_each_other(office, contact):
    [request] = office.new_requests(write_mail(contact["email"]))
    [told] = office.sink.to(contact["email"])
    absent = {"text": "I am on leave.", "Auto_Submitted": "auto-replied"}
    reference = {"In_Reply_To": told.message["Message-Id"]}
    assert not office.new_requests(write_mail(contact["email"], **absent, **reference))
    assert not office.new_requests(write_mail(contact["email"], **absent))
    assert not office.new_requests(
        write_mail(contact["email"], text="Away", Precedence="auto_reply")
    )
    last = office.messages(request["id"])[-1]
    assert "on leave" in last["body"] and last["subtype_id"][1] in ("Note", "备注")
    # a device that reports a fault is served, and not written to
    [fault] = office.new_requests(
        write_mail(contact["email"], Auto_Submitted="auto-generated")
    )
    assert fault["contact_id"][0] == contact["id"]
    assert count_to(office, contact["email"]) == 1


def test_a_loop_of_two_addresses_ends(office, contact):
    """Whatever an address sends without end, it does not open requests without end."""
    opened = 0
    for _number in range(24):
        opened += len(office.new_requests(write_mail(contact["email"])))
    assert 0 < opened <= 20


def test_the_same_mail_twice_is_one_request(office, contact):
    mail = write_mail(contact["email"])
    assert len(office.new_requests(mail)) == 1
    assert not office.new_requests(mail)


def test_a_bounce_opens_nothing(office, contact):
    bounce = write_mail("MAILER-DAEMON@mail.example.com", "Undelivered Mail")
    assert not office.new_requests(bounce)


def make_raw(contact, subject, body, *headers):
    """A mail whose bytes are exactly these."""
    lines = [
        f"From: {contact['email']}".encode(),
        f"To: {TO}".encode(),
        f"Message-Id: <{uuid.uuid4()}@mail.example.com>".encode(),
        b"Subject: " + subject,
        *headers,
        b"",
        body,
    ]
    return b"\r\n".join(lines)


def test_subjects_in_other_encodings(office, contact):
    for charset, subject in (("gb18030", "专线中断，请速修复"), ("big5", "線路中斷")):
        word = base64.b64encode(subject.encode(charset))
        mail = make_raw(
            contact,
            b"=?%s?B?%s?=" % (charset.encode(), word),
            word,
            f"Content-Type: text/plain; charset={charset}".encode(),
            b"Content-Transfer-Encoding: base64",
        )
        [request] = office.new_requests(mail, "description")
        assert request["subject"] == subject
        assert subject in request["description"]


def test_bytes_as_they_come_from_the_wire(office, contact):
    """Not encoded for the transport at all: past the script, as servers do it."""
    text = "整栋楼都没有信号"
    mail = make_raw(
        contact,
        "专线".encode("gb18030"),
        text.encode("gb18030"),
        b"Content-Type: text/plain; charset=gb18030",
        b"Content-Transfer-Encoding: 8bit",
    )
    known = {row["id"] for row in office.requests()}
    office.call("mail.thread", "message_process", False, xmlrpc.client.Binary(mail))
    [request] = [
        row for row in office.requests("description") if row["id"] not in known
    ]
    assert text in request["description"]


def test_a_huge_mail(office, contact):
    """A long subject is cut; all that was written is kept."""
    mail = write_mail(contact["email"], "long " * 4000, "word " * 400_000)
    data = uuid.uuid4().bytes * 1024 * 640
    mail.add_attachment(data, maintype="application", subtype="zip", filename="a.zip")
    [request] = office.new_requests(mail)
    assert len(request["subject"]) <= 200
    [message] = [
        one for one in office.messages(request["id"]) if one["message_type"] == "email"
    ]
    assert len(message["body"]) > 2_000_000
    [attachment] = office.search(
        "ir.attachment", [("id", "in", message["attachment_ids"])], "file_size"
    )
    assert attachment["file_size"] == len(data)


def test_malformed_mails_are_kept_as_far_as_they_can_be_read(office, contact):
    text = b"Content-Type: text/plain"
    for label, subject, body, *headers in (
        ("no subject", b"", b"The line is dead"),
        ("unknown charset", b"x", b"caf\xc3\xa9", text + b"; charset=x-nonsense"),
        ("no boundary", b"x", b"--a\r\nhello", b"Content-Type: multipart/mixed"),
        (
            "open boundary",
            b"x",
            b"--a\r\nContent-Type: text/html\r\n\r\n<p>hello",
            b"Content-Type: multipart/mixed; boundary=a",
        ),
        ("broken word", b"=?utf-8?B?!!!?= x", b"hello"),
        ("no charset of that encoding", b"=?nonsense?Q?=41?=", b"hello"),
        ("empty", b"x", b""),
        ("broken base64", b"x", b"@@@", text, b"Content-Transfer-Encoding: base64"),
        ("zero bytes", b"a \x00 b", b"hello \x00 there", text),
        ("script", b"<script>alert(1)</script>", b"x", b"Content-Type: text/html"),
    ):
        [request] = office.new_requests(make_raw(contact, subject, body, *headers))
        assert request["contact_id"][0] == contact["id"], label
        assert request["subject"].strip(), label


def test_what_an_html_mail_may_not_do(office, contact):
    evil = b"<p onclick='x()'>hello</p><script>steal()</script><iframe src='//e'>"
    mail = make_raw(contact, b"x", evil, b"Content-Type: text/html; charset=utf-8")
    [request] = office.new_requests(mail, "description")
    kept = request["description"] + office.messages(request["id"])[0]["body"]
    assert "hello" in kept
    assert not [bad for bad in ("script", "onclick", "iframe") if bad in kept]


def test_what_is_no_mail_is_refused(office):
    """Nothing is opened, the gateway says so to the mail server, and goes on."""
    known = office.requests()
    for data in (b"", b"\x00\x01\x02" * 1000, b"To: nobody@example.org\r\n\r\nx"):
        assert office.receive(data) != 0
    assert office.requests() == known


def test_a_warning_is_mailed_once_with_a_link(office, contact):
    """The manager of a customer whose request is long overdue, and the heads."""
    office.run(ALARM)
    office.run(QUEUE)
    office.sink.box.clear()
    [kind] = office.search(
        "key.account.term",
        [("category", "=", "request_kind"), ("code", "=", "fault")],
        "name",
    )
    late = {"kind_id": kind["id"], "partner_id": contact["customer_id"]}
    ids = [
        office.call(
            "key.account.request",
            "create",
            {**late, "subject": subject, "date_accepted": "2026-01-05 08:00:00"},
        )
        for subject in ("总机无拨号音", "专线中断")
    ]
    [row, _other] = office.search(
        "key.account.request", [("id", "in", ids)], "manager_id", "alarm_level"
    )
    [manager] = office.search("res.users", [("id", "=", row["manager_id"][0])], "email")
    for _twice in range(2):
        office.run(ALARM)
        office.run(QUEUE)
    mails = office.sink.to(manager["email"])
    assert len(mails) == 1
    assert "总机无拨号音" in mails[0].text and "专线中断" in mails[0].text
    for one in ids:
        assert f"/odoo/key.account.request/{one}" in mails[0].text
    assert mails[0].message["Auto-Submitted"] == "auto-generated"
    assert len({mail.recipients[0] for mail in office.sink.box}) > 1
    assert not count_to(office, contact["email"])
