# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Suspension at the screen: proposed, approved by the head, lifted by a payment."""

import datetime

import pytest

LANGUAGES = ("en_US", "zh_CN")
ADDON = "key_account_arrears"
TO_APPROVE = f"{ADDON}.key_account_suspension_action_approve"
STEPS = f"{ADDON}.key_account_suspension_action"
NUMBERS = "key_account_crm.key_account_number_action"
PROPOSE = "key.account.suspension.propose"
FREE_NUMBER = """
    SELECT number.id, number.partner_id, number.line_id
      FROM key_account_number AS number
     WHERE number.manager_id = %(user)s AND number.state = 'in_service'
       AND NOT EXISTS (SELECT FROM key_account_suspension AS step
                        WHERE step.partner_id = number.partner_id)
       AND NOT EXISTS (SELECT FROM key_account_bill AS bill
                        WHERE bill.partner_id = number.partner_id
                          AND bill.amount_open > 0 AND bill.date_due < now())
       AND NOT EXISTS (SELECT FROM key_account_line_standing AS standing
                        WHERE standing.partner_id = number.partner_id
                          AND standing.amount_credit > 0)
       AND NOT EXISTS (SELECT FROM key_account_dunning_exemption AS exemption
                        WHERE exemption.partner_id = number.partner_id)
       AND NOT EXISTS (SELECT FROM key_account_promise AS promise
                        WHERE promise.partner_id = number.partner_id)
     ORDER BY number.id LIMIT 1
"""


def day(back):
    return str(datetime.date.today() - datetime.timedelta(days=back))


def state_of(truth, number):
    query = "SELECT state FROM key_account_number WHERE id = %(id)s"
    return truth.one(query, id=number)[0]


def look(one, step, lang):
    one.picture(step)
    if lang == "zh_CN":
        assert one.not_chinese() == []


def report_done(head, step, text):
    """The head enters what the branch told him."""
    head.page.goto(f"{head.server}/odoo/action-{STEPS}/{step}")
    head.page.locator(".o_statusbar_buttons button", has_text=text).click()
    head.page.click(".modal button[name=action_decide]")
    head.page.wait_for_selector(".modal", state="detached")
    head.settle()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_payment_lifts_what_the_head_approved(person, truth, says, lang):
    """ARR-05, ARR-12: from the proposal to the resumed service."""
    manager, head = person("manager", lang), person("head", lang)
    finance = person("finance", lang)
    number, customer, line = truth.one(FREE_NUMBER, user=manager.user_id)
    bill = finance.call(
        "key.account.bill",
        "create",
        [
            {
                "name": f"TJ{number}",
                "partner_id": customer,
                "line_id": line,
                "number_id": number,
                "period": f"{day(70)[:8]}01",
                "date_bill": day(60),
                "date_due": day(40),
                "amount": 500,
            }
        ],
    )
    wizard = manager.call(
        PROPOSE,
        "create",
        [
            {
                "by": "hand",
                "kind": "one_way",
                "reason": "多次催缴未缴费",
                "number_ids": [[6, 0, [number]]],
            }
        ],
    )
    manager.call(PROPOSE, "action_preview", [[wizard]])
    manager.page.goto(f"{manager.server}/odoo/{PROPOSE}/{wizard}")
    manager.page.wait_for_selector(".o_field_widget[name=line_ids] .o_data_row")
    look(manager, "suspension-preview", lang)
    manager.call(PROPOSE, "action_propose", [[wizard]])
    manager.open(STEPS)
    look(manager, "suspensions", lang)
    query = "SELECT id FROM key_account_suspension WHERE number_id = %(id)s"
    [step] = truth.one(query, id=number)

    manager.page.goto(f"{manager.server}/odoo/action-{STEPS}/{step}")
    manager.page.wait_for_selector(".o_form_view")
    assert not manager.page.locator("button[name=action_approve]").count()
    head.open(TO_APPROVE)
    look(head, "suspensions-to-approve", lang)
    head.page.goto(f"{head.server}/odoo/action-{STEPS}/{step}")
    head.page.click("button[name=action_approve]")
    head.page.wait_for_selector("button[name=action_approve]", state="detached")
    look(head, "suspension-approved", lang)
    assert state_of(truth, number) == "in_service"
    report_done(head, step, says(lang, "The Branch Has Done It"))
    assert state_of(truth, number) == "one_way"

    finance.call(
        "key.account.payment",
        "create",
        [
            {
                "name": f"TJ{number}",
                "partner_id": customer,
                "bill_id": bill,
                "amount": 500,
            }
        ],
    )
    order = truth.one(
        "SELECT lift.id, lift.state, lift.approver_id "
        "FROM key_account_suspension AS step "
        "JOIN key_account_suspension AS lift ON lift.id = step.lift_id "
        "WHERE step.id = %(id)s",
        id=step,
    )
    assert order[1] in ("approved", "exported") and order[2] is None
    report_done(head, order[0], says(lang, "The Branch Has Done It"))
    assert state_of(truth, number) == "in_service"
    manager.page.goto(f"{manager.server}/odoo/action-{NUMBERS}/{number}")
    manager.page.wait_for_selector(".o_field_widget[name=suspension_ids] .o_data_row")
    assert (
        manager.page.locator(".o_field_widget[name=suspension_ids] .o_data_row").count()
        == 2
    )
    look(manager, "suspensions-of-a-number", lang)
