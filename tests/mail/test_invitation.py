# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Invitations to activities for members, from preview to mail server (SVC-16)."""

import uuid
from datetime import datetime, timedelta

import pytest

QUEUE = "mail.ir_cron_mail_scheduler_action"


@pytest.fixture
def activity(office):
    """To come, with guests of one customer: two who read differently, one who wants
    no mail, one without an address."""
    [customer] = office.search(
        "res.partner",
        [("key_account_kind", "=", "group"), ("key_account_manager_id", "!=", False)],
        "name",
        "key_account_unit_id",
        limit=1,
    )
    begin = datetime.utcnow() + timedelta(days=9)
    activity_id = office.call(
        "key.account.activity",
        "create",
        {
            "name": f"Salon {uuid.uuid4().hex[:6]}",
            "unit_id": customer["key_account_unit_id"][0],
            "date_begin": f"{begin:%Y-%m-%d %H:%M:%S}",
            "date_end": f"{begin + timedelta(hours=2):%Y-%m-%d %H:%M:%S}",
        },
    )
    people = {}
    for name, lang in (("Ada", "zh_CN"), ("Bob", "en_US"), ("Cy", "en_US"), ("Di", 0)):
        email = f"{name.lower()}.{uuid.uuid4().hex[:8]}@customer.example.com"
        vals = {"name": name, "parent_id": customer["id"], "lang": lang or "en_US"}
        vals["email"] = email if lang else False
        person_id = office.call("res.partner", "create", vals)
        people[name] = {"id": person_id, "email": vals["email"]}
        guest = {
            "activity_id": activity_id,
            "partner_id": customer["id"],
            "contact_id": person_id,
        }
        office.call("key.account.activity.guest", "create", guest)
    office.call(
        "key.account.optout",
        "create",
        {
            "partner_id": customer["id"],
            "contact_id": people["Cy"]["id"],
            "purpose": "marketing",
        },
    )
    return {"id": activity_id, "people": people}


def preview(office, activity):
    wizard_id = office.call(
        "key.account.activity.message", "create", {"activity_id": activity["id"]}
    )
    lines = office.search(
        "key.account.activity.message.line",
        [("wizard_id", "=", wizard_id)],
        "contact_id",
        "email",
        "subject",
        "body",
        "is_chosen",
        "problem",
    )
    return wizard_id, {line["contact_id"][1].split(", ")[-1]: line for line in lines}


def test_what_was_previewed_goes_out_once_and_to_nobody_else(office, activity):
    people = activity["people"]
    wizard_id, lines = preview(office, activity)
    assert {name: line["is_chosen"] for name, line in lines.items()} == {
        "Ada": True,
        "Bob": True,
        "Cy": False,
        "Di": False,
    }
    assert lines["Cy"]["problem"] and lines["Di"]["problem"]
    assert "邀请" in lines["Ada"]["subject"] and "Invitation" in lines["Bob"]["subject"]
    office.call("key.account.activity.message", "action_send", [wizard_id])
    office.run(QUEUE)
    for name, word in (("Ada", "您"), ("Bob", "Dear")):
        [mail] = office.sink.to(people[name]["email"])
        assert mail.recipients == [people[name]["email"]]
        assert mail.message["Subject"] == lines[name]["subject"]
        assert word in mail.text and name in mail.text
        others = people.keys() - {name}
        assert not any(other in mail.text.split() for other in others)
    assert not office.sink.to(people["Cy"]["email"], seconds=1)
    # a second preview has nobody left to write to
    _wizard_id, again = preview(office, activity)
    assert not any(line["is_chosen"] for line in again.values())
    office.run(QUEUE)
    assert len(office.sink.to(people["Ada"]["email"])) == 1
