# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Rows of every model, made from the registry; what it cannot guess stands below.

A model whose required fields it does not know how to fill makes the tests fail: then
it wants a line in ``SPECIAL`` (its values for a place), or in ``KEPT`` when only the
product itself makes such rows.
"""

from matrix import MATRIX

from odoo import fields
from odoo.models import MAGIC_COLUMNS

DAY = "2026-01-15"
ITEM = "key.account.completeness.item"
# Rows that the product makes by itself: for every customer, or with its bills.
KEPT = {
    "res.partner",
    "key.account.scope",
    "key.account.unit",
    "key.account.unit.level",
    "key.account.line",
    "key.account.standing",
    "key.account.month",
    "key.account.line.standing",
    "key.account.state.move",
    "key.account.audit",
    "key.account.access",
    "key.account.event",
    "key.account.timeline",
    "key.account.open.item",
    "key.account.arrears.move",
    "key.account.recovery",
    "key.account.duplicate",
    "key.account.rule.overview",
    "key.account.card.blank",
    "key.account.card.move",
    "key.account.card.attempt",
    "key.account.clock.event",
    "key.account.attainment",
    "key.account.complaint.report",
    "key.account.complaint.step",
    "key.account.gift.stock",
    "key.account.promise.instalment",
    "key.account.contact.standing",
    "key.account.service.event",
    "key.account.lookup",
    "key.account.point.balance",
    "key.account.grade.report",
    "key.account.assignment",
}


# Facts of the customer as such, never of a line.
HOME_ONLY = {"key.account.person", "key.account.line.file", "key.account.grade.move"}


def bill(world, slot, number):
    return {
        "name": f"{slot.token} {number}",
        "period": "2026-01-01",
        "date_bill": "2026-01-31",
        "date_due": "2026-02-15",
        "amount": 100.0 + number,
    }


def payment(world, slot, number):
    customer = world.customers[slot.customer]
    line = world.lines[slot.line].id if slot.line else False
    found = world.env["key.account.bill"].search(
        [("partner_id", "=", customer.id), ("line_id", "=", line)], limit=1
    )
    return {
        "amount": 10.0 + number,
        "bill_id": found.id,
        "currency_id": found.currency_id.id,
    }


def dispute(world, slot, number):
    """Of a bill of its own, since a bill is disputed once at a time."""
    customer = world.customers[slot.customer]
    line = world.lines[slot.line].id if slot.line else False
    vals = {**bill(world, slot, number), "partner_id": customer.id, "line_id": line}
    vals["name"] = f"{slot.token} {number} disputed"
    return {"bill_id": world.env["key.account.bill"].create(vals).id, "amount": 5.0}


def bad_debt(world, slot, number):
    """Of a bill of its own, since of a bill one waits only."""
    return dispute(world, slot, number)


def late_fee(world, slot, number):
    """Of a bill of its own, since a bill bears one a month."""
    bill_id = dispute(world, slot, number)["bill_id"]
    currency = world.env["key.account.bill"].browse(bill_id).currency_id
    return {"bill_id": bill_id, "amount": 1.0, "currency_id": currency.id}


def late_fee_run(world, slot, number):
    return {"date": DAY, "date_from": DAY}


def promise(world, slot, number):
    """Of a day of its own: a customer gives one promise at a time."""
    day = fields.Date.add(fields.Date.to_date("2001-01-01"), days=2 * number)
    return {"date": day, "date_due": day, "amount": 10.0 + number}


def exemption(world, slot, number):
    return {"date_from": DAY, "date_to": DAY}


def dunning_policy(world, slot, number):
    return {"kind": "group"}


def dunning_step(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    rules = world.env["key.account.dunning.policy"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id, "days": number}


def dunning_line(world, slot, number):
    run = world.env["key.account.dunning.run"].search([], limit=1)
    return {"run_id": run.id, "state": "left_out", "reason": "early"}


def suspension(world, slot, number):
    """Of a number of its own, since a number has one step under way at a time."""
    customer = world.customers[slot.customer]
    line = world.lines[slot.line].id if slot.line else False
    vals = {
        "name": f"{slot.token} {number}",
        "partner_id": customer.id,
        "line_id": line,
    }
    return {
        "number_id": world.env["key.account.number"].create(vals).id,
        "kind": "one_way",
        "state": "confirmed",
        "reason": f"{slot.token} {number}",
    }


def suspension_export(world, slot, number):
    return {"series": f"{slot.token} {number}", "date": DAY}


def holiday(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    day = fields.Date.add(fields.Date.to_date(DAY), days=number)
    return {"name": f"Feast {number}", "date": day}


def ageing_bucket(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Age {number}", "days_from": 1000 + number}


def allocation(world, slot, number):
    """A bill and a credit note of the place, set against each other."""
    customer = world.customers[slot.customer]
    sides = world.env["key.account.bill"].create(
        [
            bill(world, slot, number)
            | {
                "name": f"{slot.token} {number} {kind}",
                "kind": kind,
                "amount": amount,
                "partner_id": customer.id,
                "line_id": world.lines[slot.line].id if slot.line else False,
            }
            for kind, amount in (("bill", 10.0), ("credit", -10.0))
        ]
    )
    return {
        "bill_id": sides[0].id,
        "credit_id": sides[1].id,
        "credit_line_id": sides[1].line_id.id,
        "origin_id": False,
        "date": sides[0].date_bill,
        "amount": 10.0,
    }


def run(world, slot, number):
    return {"kind": "test", "user_id": world._user_id(slot.manager or "centre")}


def line_file(world, slot, number):
    """A line that nobody serves the customer on yet."""
    unused = world.env["key.account.line"].create(
        {"name": slot.token, "code": f"L{number}", "unit_id": world.centre.id}
    )
    return {"line_id": unused.id}


def person(world, slot, number):
    """Private data of a contact; the one at hand in the tests of creating is new."""
    contact = world.env["res.partner"].create(
        {
            "name": f"{slot.token} Relative",
            "parent_id": world.customers[slot.customer].id,
        }
    )
    return {
        "partner_id": contact.id,
        "birthday": "1980-06-12",
        "mobile": f"{slot.token}-13812345678",
        "identity_number": f"{slot.token}-{number}",
    }


def change(world, slot, number):
    fields_of_lines = {None: "name", "letter": "street", "express": "phone"}
    return {"field_name": fields_of_lines[slot.line], "state": "refused"}


def move_proposal(world, slot, number):
    """A closed one, since a customer has one that waits only."""
    return {"state": "refused", "state_from": "active", "state_to": "churned"}


def role_proposal(world, slot, number):
    """A closed one, since of an account one waits only."""
    return {"state": "refused", "account_id": world.nobody.id, "role": "manager"}


def churn(world, slot, number):
    customer = world.customers[slot.customer]
    move = world.env["key.account.state.move"].create(
        {"partner_id": customer.id, "state_from": "active", "state_to": "churned"}
    )
    return {"move_id": move.id}


def churn_worth(world, slot, number):
    line = world.lines[slot.line].id if slot.line else False
    found = world.env["key.account.churn"].search(
        [
            ("partner_id", "=", world.customers[slot.customer].id),
            ("line_id", "=", line),
        ],
        limit=1,
    )
    return {"churn_id": found.id}


def potential(world, slot, number):
    """A closed file, since a customer has one open file only."""
    return {"stage": "lost", "closing_reason": slot.token}


def card(world, slot, number):
    """An application for a number of its own: a number has one at a time."""
    bound = world.env["key.account.number"].create(
        {
            "name": f"{slot.token} {number}",
            "partner_id": world.customers[slot.customer].id,
            "line_id": world.lines[slot.line].id if slot.line else False,
        }
    )
    return {"number_id": bound.id}


def card_use(world, slot, number):
    """With the card of the place, which is opened where it was not."""
    found = world.env["key.account.card"].search(
        [
            ("partner_id", "=", world.customers[slot.customer].id),
            ("line_id", "=", world.lines[slot.line].id if slot.line else False),
        ],
        limit=1,
    )
    if found.state != "active":
        supply = world.env["key.account.card.batch"].create(
            {
                "kind_id": found.kind_id.id,
                "unit_id": world.units[slot.unit].id,
                "number_from": f"U{number:06}",
                "number_to": f"U{number:06}",
            }
        )
        today = fields.Date.today()
        found._bind(supply.blank_ids, today, fields.Date.add(today, days=300))
        found._step("activate")
    benefit = world.env.ref("key_account_crm.key_account_card_benefit_counter")
    return {"card_id": found.id, "benefit_id": benefit.id}


def card_batch(world, slot, number):
    return {"number_from": f"{number:06}01", "number_to": f"{number:06}03"}


def request(world, slot, number):
    """A fault of long ago, which is over its time limit."""
    kind = world.env.ref("key_account_service.key_account_term_request_kind_fault")
    return {"kind_id": kind.id, "date_accepted": f"{DAY} 08:00:00"}


def complaint(world, slot, number):
    """About an outage of long ago, which is over its time limit."""
    prefix = "key_account_service.key_account"
    kind = world.env.ref(f"{prefix}_term_service_indicator_complaint_outage")
    matter = world.env.ref(f"{prefix}_complaint_type_network_outage")
    at = f"{DAY} 08:00:00"
    return {"type_id": matter.id, "kind_id": kind.id, "date_accepted": at}


def compensation(world, slot, number):
    found = world.env["key.account.complaint"].search(
        [
            ("partner_id", "=", world.customers[slot.customer].id),
            ("line_id", "=", world.lines[slot.line].id if slot.line else False),
        ],
        limit=1,
    )
    return {"complaint_id": found.id, "amount": 1000.0 + number}


def incident(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Incident {number}"}


def contact_event(world, slot, number):
    """One that took place, so that it counts."""
    kind = world.env.ref("key_account_service.key_account_term_contact_kind_call")
    return {"kind_id": kind.id, "date": f"{DAY} 08:00:00", "user_id": 1}


def service_log(world, slot, number):
    """Of a branch: the number is told apart by the count."""
    return {"date_start": f"{DAY} 08:00:00", "day": DAY, "user_id": 1}


def of_rule_model(model, **vals):
    """A row of a draft of the same unit, or of the centre's."""

    def make(world, slot, number):
        unit = world.units[slot.unit].id if slot.unit else False
        rules = world.env[model]
        draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
        return {"rule_id": draft.id, "grade_code": f"g{number}", **vals}

    return make


def inquiry_content(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Content {number}"}


def intelligence(world, slot, number):
    """A competitor is a term: there may be none yet."""
    terms = world.env["key.account.term"]
    found = terms.search([("category", "=", "competitor")], limit=1)
    vals = {"category": "competitor", "code": "rival", "name": "Rival"}
    return {"competitor_id": (found or terms.create(vals)).id}


def feed_source(world, slot, number):
    return {"folder_in": False, "folder_out": False}


def care_plan_line(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    plans = world.env["key.account.care.plan"]
    draft = plans.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id, "step": number, "name": f"Greeting {number}"}


def care_plan(world, slot, number):
    """A version that everybody reads, hence without the token of a place."""
    return {"name": f"Plan {number}", "occasion": "birthday"}


def gift(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Gift {number}"}


def festival(world, slot, number):
    return {"name": f"Festival {number}"}


def activity(world, slot, number):
    """Everybody reads what is on, hence without the token of a place."""
    return {"name": f"Salon {number}", "description": False}


def activity_guest(world, slot, number):
    """Of an activity of its own: a customer is invited to each once."""
    held = world.env["key.account.activity"].create(
        {
            "name": f"Salon {number}",
            "unit_id": world.centre.id,
            "date_begin": f"{DAY} 08:00:00",
            "date_end": f"{DAY} 09:00:00",
        }
    )
    return {"activity_id": held.id}


def outlet_offer(world, slot, number):
    return {"name": f"Benefit {number}"}


def of_feed(world, slot, number):
    unit = world.units[slot.unit]
    feed = world.env["key.account.feed"].search([("unit_id", "=", unit.id)], limit=1)
    return {"feed_id": feed.id}


def of_rule(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    rules = world.env["key.account.qualification.rule"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    vals = {"rule_id": draft.id, "code": f"c{number}", "level_field": "growth"}
    return {**vals, "weight": 1}


def of_card_rule(world, slot, number):
    """An allowance of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    rules = world.env["key.account.card.rule"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id, "quantity": number}


def standard_factor(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    standards = world.env["key.account.standard"]
    draft = standards.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id, "grade_code": f"g{number}"}


def completeness_item(world, slot, number):
    rules = world.env["key.account.completeness.rule"]
    draft = rules.search([("state", "=", "draft")], limit=1)
    names = [name for name, _label in world.env[ITEM]._selection_field_name()]
    return {"rule_id": draft.id, "field_name": names[number % len(names)]}


def rule_limit(world, slot, number):
    rules = world.env["key.account.qualification.rule"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", False)], limit=1)
    return {"res_model": rules._name, "res_id": draft.id}


def of_point_rule(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    rules = world.env["key.account.point.rule"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id}


def points(world, slot, number):
    return {"kind": "reward", "quantity": 10_000 + number}


def reward(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Reward {number}"}


def place(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Hall {number}"}


def trial(world, slot, number):
    """A dry run is called like the version it tries, which everybody reads."""
    return {**rule_limit(world, slot, number), "name": f"Version {number}"}


def point_month(world, slot, number):
    """Long before any month of the demonstration city: each month has one run."""
    return {"month": f"{1500 + number // 12}-{number % 12 + 1:02}-01"}


def grade_rule(world, slot, number):
    return {"kind": "group"}


def of_grade_rule(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    rules = world.env["key.account.grade.rule"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id}


def grade_criterion(world, slot, number):
    return {
        **of_grade_rule(world, slot, number),
        "code": f"c{number}",
        "tenure_steps": "1:100",
    }


def grade_threshold(world, slot, number):
    grade = world.env["key.account.grade"].search([("code", "=", "A1")])
    return {**of_grade_rule(world, slot, number), "grade_id": grade.id}


def grade_component(world, slot, number):
    return {**of_grade_rule(world, slot, number), "weight": 10, "full": 1}


def grade_move(world, slot, number):
    """An applied move: one proposal of a customer waits at a time."""
    return {"state": "applied", "date_effective": DAY}


def indicator(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    vals = {"name": f"Indicator {number}", "code": f"indicator_{number}"}
    texts = {"description": False, "domain": "[]", "measure": "__count"}
    paths = {"unit_path": "unit_id", "manager_path": "manager_id"}
    rows = {"res_model": "key.account.month", "date_field": "month"}
    return {**vals, **texts, **paths, **rows, "partner_path": "partner_id"}


def of_assignment_rule(world, slot, number):
    """A row of a draft of the same unit, or of the centre's."""
    unit = world.units[slot.unit].id if slot.unit else False
    rules = world.env["key.account.assignment.rule"]
    draft = rules.search([("state", "=", "draft"), ("unit_id", "=", unit)], limit=1)
    return {"rule_id": draft.id, "code": f"r{number}", "city": False}


def operation(world, slot, number):
    """A word that everybody reads, hence without the token of a place."""
    return {"name": f"Operation {number}", "code": f"operation_{number}", "note": False}


def manager_file(world, slot, number):
    return {"user_id": world._user_id(slot.manager), "image_1920": False}


def file_proposal(world, slot, number):
    user_id = world._user_id(slot.manager)
    files = world.env["key.account.manager"]
    return {
        "file_id": files.search([("user_id", "=", user_id)]).id,
        "load_max": 100 + number,
    }


def substitution(world, slot, number):
    """Long ago, each on a day of its own: a manager has one substitute at a time."""
    day = fields.Date.add(fields.Date.to_date("2001-01-01"), days=2 * number)
    users = world.env["res.users"]
    substitute = users.search([("login", "=", "ka_substitute")])
    if not substitute:
        substitute = world._create_user("ka_substitute", "manager", world.post_1)
    return {
        "user_id": world._user_id(slot.manager),
        "substitute_id": substitute.id,
        "date_from": day,
        "date_to": day,
    }


def handover(world, slot, number):
    return {
        "kind": "reclaim",
        "user_id": world._user_id("centre"),
        "date_effective": fields.Date.today(),
    }


def handover_line(world, slot, number):
    """Of an order that has nothing else to do with the place."""
    orders = world.env["key.account.handover"]
    return {"order_id": orders.search([("state", "=", "draft")], limit=1).id}


def handover_party(world, slot, number):
    return {
        **handover_line(world, slot, number),
        "user_id": world._user_id(slot.manager),
        "side": "gives",
    }


def sms_gateway(world, slot, number):
    """An archived one, so that nothing of the tests is sent to it."""
    return {"url": "https://gateway.example/", "active": False}


def sms_secret(world, slot, number):
    return {"code": f"secret_{number}"}


def sms_profile(world, slot, number):
    return {"content": "{}"}


def plan(world, slot, number):
    """Of a month of its own: an owner has one plan of each in force."""
    month = fields.Date.add(fields.Date.to_date("2030-01-01"), months=number)
    return {"period": "month", "date_from": month}


def of_plan(model=None, **vals):
    """A row of a draft of the same unit or manager; of an indicator of its own."""

    def make(world, slot, number):
        found = world.env["key.account.plan"].search(
            [
                ("unit_id", "=", world.units[slot.unit].id),
                ("manager_id", "=", world._user_id(slot.manager)),
                ("state", "=", "draft"),
            ],
            limit=1,
        )
        made = {**vals, "plan_id": found.id}
        if model == "target":
            used = found.target_ids.indicator_id.ids
            spare = world.env["key.account.indicator"].search(
                [("id", "not in", used)], limit=1
            )
            made["indicator_id"] = spare.id
        if model == "result":
            made["target_id"] = (
                found.target_ids.filtered(lambda one: not one.result_ids)[:1].id
                or world.env["key.account.plan.target"]
                .create(of_plan("target")(world, slot, number))
                .id
            )
        return made

    return make


def task_step(world, slot, number):
    found = world.env["key.account.task"].search(
        [
            ("unit_id", "=", world.units[slot.unit].id),
            ("manager_id", "=", world._user_id(slot.manager)),
        ],
        limit=1,
    )
    return {"task_id": found.id}


SPECIAL = {
    "key.account.task": lambda world, slot, number: {"date_due": "2100-01-01"},
    "key.account.task.step": task_step,
    "key.account.plan": plan,
    "key.account.plan.item": of_plan(),
    "key.account.plan.target": of_plan("target"),
    "key.account.plan.suggestion": of_plan(),
    "key.account.plan.result": of_plan("result", is_frozen=False, version=1),
    "key.account.indicator": indicator,
    "key.account.grade.rule": grade_rule,
    "key.account.grade.criterion": grade_criterion,
    "key.account.grade.threshold": grade_threshold,
    "key.account.grade.component": grade_component,
    "key.account.grade.move": grade_move,
    "key.account.point.band": of_point_rule,
    "key.account.point.multiplier": of_point_rule,
    "key.account.point.entry": points,
    "key.account.point.adjustment": points,
    "key.account.point.month": point_month,
    "key.account.point.reward": reward,
    "key.account.point.run": point_month,
    "key.account.qualification.component": of_rule,
    "key.account.card.rule.line": of_card_rule,
    ITEM: completeness_item,
    "key.account.rule.limit": rule_limit,
    "key.account.rule.trial": trial,
    "key.account.line.file": line_file,
    "key.account.allocation": allocation,
    "key.account.bill": bill,
    "key.account.ageing.bucket": ageing_bucket,
    "key.account.bad.debt": bad_debt,
    "key.account.dispute": dispute,
    "key.account.dunning.exemption": exemption,
    "key.account.dunning.holiday": holiday,
    "key.account.dunning.line": dunning_line,
    "key.account.dunning.policy": dunning_policy,
    "key.account.dunning.step": dunning_step,
    "key.account.late.fee": late_fee,
    "key.account.late.fee.run": late_fee_run,
    "key.account.promise": promise,
    "key.account.suspension": suspension,
    "key.account.suspension.export": suspension_export,
    "key.account.payment": payment,
    "key.account.change": change,
    "key.account.churn": churn,
    "key.account.move.proposal": move_proposal,
    "key.account.role.proposal": role_proposal,
    "key.account.churn.worth": churn_worth,
    "key.account.person": person,
    "key.account.potential": potential,
    "key.account.card": card,
    "key.account.card.batch": card_batch,
    "key.account.card.place": place,
    "key.account.card.use": card_use,
    "key.account.feed.part": of_feed,
    "key.account.feed.refusal": of_feed,
    "key.account.feed.result": of_feed,
    "key.account.feed.source": feed_source,
    "key.account.request": request,
    "key.account.complaint": complaint,
    "key.account.compensation": compensation,
    "key.account.incident": incident,
    "key.account.care.plan": care_plan,
    "key.account.care.plan.line": care_plan_line,
    "key.account.festival": festival,
    "key.account.gift": gift,
    "key.account.activity": activity,
    "key.account.activity.guest": activity_guest,
    "key.account.outlet.offer": outlet_offer,
    "key.account.standard.factor": standard_factor,
    "key.account.contact.event": contact_event,
    "key.account.service.log": service_log,
    "key.account.contact.frequency": of_rule_model("key.account.contact.rule", days=30),
    "key.account.cost.rate": of_rule_model("key.account.cost.rule"),
    "key.account.inquiry.content": inquiry_content,
    "key.account.intelligence": intelligence,
    "key.account.run": run,
    "key.account.assignment.rule.row": of_assignment_rule,
    "key.account.handover": handover,
    "key.account.handover.line": handover_line,
    "key.account.handover.party": handover_party,
    "key.account.manager": manager_file,
    "key.account.manager.proposal": file_proposal,
    "key.account.operation": operation,
    "key.account.substitution": substitution,
    "key.account.sms.gateway": sms_gateway,
    "key.account.sms.secret": sms_secret,
    "key.account.sms.profile": sms_profile,
}


class Factory:
    def __init__(self, world):
        self.world = world
        self.env = world.env
        self.count = 0

    def fill(self):
        """At least one row of every model at every place."""
        for name in self._ordered():
            if name not in KEPT and name in self.env and not self.env[name]._transient:
                for slot in self.places(name):
                    self.env[name].create(self.prepare_vals(name, slot))

    def _ordered(self):
        """What others point at comes first: dictionaries, then numbers and bills."""
        first = ["key.account.term", "key.account.run", "key.account.number"]
        first += ["key.account.bill", "key.account.card.place"]
        first += ["key.account.gift", "key.account.care.plan"]
        first += ["key.account.plan", "key.account.plan.target"]
        return first + [name for name in MATRIX if name not in first]

    def places(self, name):
        from world import SLOTS, STAFF_SLOTS, Slot

        kind = MATRIX[name].kind
        if kind in ("word", "mine"):
            return [Slot("own", None, "post_1", "manager")]
        if kind == "unit":
            return [Slot("", None, unit, None) for unit in self.world.units]
        if kind == "staff":
            return STAFF_SLOTS
        if kind == "rule":
            return [Slot("", None, unit, None) for unit in (None, *self.world.units)]
        if kind == "duty":
            of_units = [Slot("", None, unit, None) for unit in self.world.units]
            return of_units + [Slot("", None, *one) for one in self.world.duties()]
        if "line_id" in self.env[name]._fields and name not in HOME_ONLY:
            return SLOTS
        return [slot for slot in SLOTS if slot.line is None]

    def prepare_vals(self, name, slot):
        """Values of a new row at this place; every free text carries its token."""
        self.count += 1
        special = SPECIAL.get(name, lambda world, slot, number: {})
        vals = special(self.world, slot, self.count)
        for fname, field in self.env[name]._fields.items():
            if fname not in vals and self._is_free(field):
                value = self._guess(name, field, slot)
                if value is not None:
                    vals[fname] = value
        return vals

    def _is_free(self, field):
        return (
            field.store
            and field.name not in MAGIC_COLUMNS
            and field.name not in ("active", "parent_path")
            and not field.related
            and (not field.compute or field.required)
        )

    def _guess(self, name, field, slot):
        placed = self._place(slot).get(field.name)
        if placed is not None and field.type == "many2one":
            return placed
        if field.type in ("char", "text", "html") and not field.readonly:
            return self._text(field, slot)
        if field.required and not field.default:
            return self._required(field, slot)
        return None

    def _place(self, slot):
        world = self.world
        customer = world.customers.get(slot.customer)
        return {
            "partner_id": customer and customer.id,
            "line_id": world.lines[slot.line].id if slot.line else None,
            "unit_id": world.units[slot.unit].id if slot.unit else None,
            "manager_id": world._user_id(slot.manager) or None,
        }

    def _text(self, field, slot):
        text = f"{slot.token} {self.count}"
        return text[-field.size :] if getattr(field, "size", None) else text

    def _required(self, field, slot):
        if field.type == "many2one":
            return self._pick(field.comodel_name)
        if field.type == "selection":
            return field.get_values(self.env)[0]
        return {
            "char": self._text(field, slot) if field.type == "char" else None,
            "text": slot.token,
            "integer": self.count,
            "float": float(self.count),
            "monetary": float(self.count),
            "date": fields.Date.to_date(DAY),
            "datetime": fields.Datetime.to_datetime(f"{DAY} 08:00:00"),
        }.get(field.type)

    def _pick(self, comodel):
        record = self.env[comodel].search([], limit=1)
        if not record and comodel == "key.account.sms.gateway":
            record = self.env[comodel].search([("active", "=", False)], limit=1)
        assert record, f"make a {comodel} first"
        return record.id
