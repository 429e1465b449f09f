# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Who may do what with which rows: the acceptance table (domain 3.2) as data.

For every model of the suite: what kind of thing its rows are, and for each role how far
reading, writing, creating and deleting reach. A model that is not named here fails the
tests. Read from ``domain.md`` 3.2 and ``design.md`` 4 by hand, never from the code.

====  ===================================================================
kind  whose a row is
====  ===================================================================
file  a customer's: read by every unit or manager that serves the customer,
      written by the home unit and the manager of the file
fact  the unit's and manager's that own the customer's line (or its file)
pair  two customers': read by whoever may merge them, that is write both
unit  a unit's
duty  a unit's, or one manager's in it: what it is to do (plans, tasks)
staff a manager's, and his unit's: his file, who stands in for him
word  nobody's: dictionaries, the organisation itself
rule  a unit's, or the centre's where it has none: versions of rules, their rows
mine  the user's who made it (wizards)
====  ===================================================================
"""

from dataclasses import dataclass, field

ROLES = (
    "manager",
    "head",
    "company",
    "centre",
    "office",
    "finance",
    "agent",
    "operator",
    "admin",
)


def everybody(reach="all"):
    return dict.fromkeys(ROLES, reach)


NOBODY: dict[str, str] = {}
EVERYBODY = everybody()
READERS = {
    "manager": "own",
    "head": "unit",
    "company": "unit",
    "centre": "all",
    "office": "all",
    "finance": "unit",
    "agent": "all",
}
STAFF = {"manager": "own", "head": "unit", "company": "unit", "centre": "all"}
# Finance has nothing to do with complaints.
COMPLAINT_READERS = {role: READERS[role] for role in READERS if role != "finance"}
APPROVERS = {"head": "unit", "company": "unit", "centre": "all"}
KEEPERS = {"centre": "all", "admin": "all"}
FINANCE = {"finance": "unit"}
# Tasks: everybody may have one to do; those who answer for others issue them.
TASKS = STAFF | {"office": "all", "finance": "own", "agent": "own"}
ISSUERS = APPROVERS | {"office": "all"}
# Who sees what a unit has in stock: everybody who gives it out, and who pays for it.
HOLDERS = APPROVERS | FINANCE | {"manager": "unit", "office": "all"}


@dataclass(frozen=True)
class Entry:
    kind: str
    read: dict = field(default_factory=dict)
    write: dict = field(default_factory=dict)
    create: dict = field(default_factory=dict)
    unlink: dict = field(default_factory=dict)

    def reach(self, mode, role):
        return getattr(self, mode).get(role, "none")


def file(read=None, write=NOBODY, create=None, unlink=NOBODY):
    read = READERS | {"admin": "all"} if read is None else read
    return Entry("file", read, write, write if create is None else create, unlink)


def fact(write=NOBODY, create=None, unlink=NOBODY, read=None):
    read = READERS if read is None else read
    return Entry("fact", read, write, write if create is None else create, unlink)


def staff(write=NOBODY, create=None, unlink=NOBODY):
    """Of a manager: read by himself and by who answers for his unit (domain 3.2,
    "manager files", "assignment")."""
    read = STAFF | {"office": "all"}
    return Entry("staff", read, write, write if create is None else create, unlink)


def trace():
    """A log of the system: read by who answers for the unit, written by nobody."""
    return Entry("unit", {"company": "unit", "centre": "all", "admin": "all"})


def exchange(write=NOBODY):
    read = {"company": "unit", "operator": "unit"}
    read |= dict.fromkeys(("centre", "office", "admin"), "all")
    return Entry("unit", read, write, write)


def word(keepers=KEEPERS, read=EVERYBODY, unlink=None):
    return Entry("word", read, keepers, keepers, keepers if unlink is None else unlink)


def rule():
    """Versions of a rule and their rows: a company writes those of its units."""
    keepers = KEEPERS | {"company": "unit"}
    return Entry("rule", EVERYBODY, keepers, keepers, keepers)


def duty(write=STAFF, create=None, unlink=None, read=None):
    """Read by who does it, those above him, the centre and the office."""
    read = STAFF | {"office": "all"} if read is None else read
    create = write if create is None else create
    return Entry("duty", read, write, create, write if unlink is None else unlink)


def wizard(*roles):
    reach = dict.fromkeys(roles, "all")
    return Entry("mine", reach, reach, reach)


# Who exports (domain 3.2, "e"): customer files and logs the centre; statistics, revenue
# and arrears these; dictionaries and rules the centre and the administrator.
FIGURE_EXPORTERS = ("centre", "office", "company", "head", "finance")
FIGURES = {
    "key.account.bad.debt",
    "key.account.late.fee",
    "key.account.bill",
    "key.account.payment",
    "key.account.month",
    "key.account.line.standing",
    "key.account.open.item",
    "key.account.arrears.move",
    "key.account.recovery",
    "key.account.attainment",
    "key.account.complaint.report",
    "key.account.contact.standing",
    "key.account.service.event",
    "key.account.plan",
    "key.account.plan.target",
    "key.account.plan.result",
}

MATRIX = {
    # customers
    "res.partner": file(write=STAFF, unlink=STAFF),
    "key.account.standing": file(),
    "key.account.line.file": fact(STAFF, unlink=STAFF, read=READERS | {"admin": "all"}),
    "key.account.number": fact(STAFF),
    "key.account.member": fact(STAFF, unlink=STAFF),
    # ledgers and figures
    "key.account.bill": fact(FINANCE),
    "key.account.payment": fact(FINANCE),
    "key.account.allocation": fact(create=FINANCE),
    "key.account.allocate": wizard("finance"),
    "key.account.allocate.line": wizard("finance"),
    "key.account.month": fact(),
    "key.account.line.standing": fact(),
    "key.account.open.item": fact(),
    "key.account.open.item.ask": wizard(*READERS),
    # arrears (domain 3.2): staff and finance record, heads and finance protect; rows of
    # a plan come with it
    "key.account.ageing.bucket": word(),
    "key.account.arrears.statement": wizard(*READERS),
    "key.account.arrears.move": fact(),
    "key.account.recovery": fact(),
    "key.account.recovery.ask": wizard(*READERS),
    "key.account.bad.debt": fact(FINANCE),
    "key.account.dispute": fact(STAFF | FINANCE),
    "key.account.dunning.exemption": fact(APPROVERS | FINANCE),
    "key.account.dunning.holiday": word(),
    "key.account.dunning.policy": rule(),
    "key.account.dunning.step": rule(),
    "key.account.dunning.run": Entry(
        "unit",
        APPROVERS | FINANCE | {"office": "all"},
        APPROVERS | FINANCE,
        APPROVERS | FINANCE,
    ),
    "key.account.dunning.line": fact(),
    "key.account.late.fee.rule": rule(),
    "key.account.late.fee.run": Entry(
        "unit", APPROVERS | FINANCE | {"office": "all"}, FINANCE, FINANCE
    ),
    "key.account.late.fee": fact(APPROVERS | FINANCE, create=NOBODY),
    "key.account.promise": fact(STAFF | FINANCE),
    "key.account.promise.instalment": fact(create=STAFF | FINANCE),
    # a step is made by its buttons, the policy and the payments, and written by nobody
    "key.account.suspension": fact(),
    "key.account.suspension.export": exchange(),
    "key.account.suspension.propose": wizard(*STAFF),
    "key.account.suspension.propose.line": wizard(*STAFF),
    "key.account.suspension.decide": wizard(*STAFF),
    # life-cycle: read by staff and the office, decided on by staff (domain 3.2)
    "key.account.state.move": fact(),
    "key.account.potential": fact(STAFF, read=STAFF | {"office": "all"}),
    "key.account.churn": fact(STAFF, create=NOBODY, read=STAFF | {"office": "all"}),
    "key.account.churn.worth": fact(read=STAFF | {"office": "all"}),
    "key.account.move": wizard(*STAFF),
    "key.account.move.proposal": fact(read=STAFF | {"office": "all"}),
    "key.account.conversion": wizard(*STAFF),
    # rules (domain 3.2: dictionaries, rules)
    "key.account.qualification.rule": rule(),
    "key.account.qualification.component": rule(),
    "key.account.rule.limit": word(),
    "key.account.rule.refuse": wizard("centre"),
    "key.account.rule.overview": word(NOBODY),
    "key.account.profile": word(),
    "key.account.profile.import": wizard("centre", "admin"),
    "key.account.rule.compare": wizard(*ROLES),
    "key.account.rule.compare.line": wizard(*ROLES),
    "key.account.rule.trial": word(NOBODY, dict.fromkeys(READERS, "all")),
    "key.account.rule.trial.line": fact(),
    # points (domain 3.2): the centre decides, those who serve customers redeem
    "key.account.point.rule": rule(),
    "key.account.point.band": rule(),
    "key.account.point.multiplier": rule(),
    "key.account.point.entry": fact(),
    "key.account.point.balance": fact(),
    "key.account.point.month": fact(),
    "key.account.point.reward": word(),
    "key.account.point.redemption": fact(create=STAFF),
    "key.account.point.adjustment": fact(create={"centre": "all"}),
    "key.account.point.run": word(
        keepers={"centre": "all"}, read={"centre": "all", "office": "all"}
    ),
    "key.account.point.statement": wizard(*READERS),
    "key.account.point.refuse": wizard(*STAFF),
    # grades (domain 3.2: qualification, level change)
    "key.account.grade": word(),
    "key.account.grade.rule": rule(),
    "key.account.grade.criterion": rule(),
    "key.account.grade.threshold": rule(),
    "key.account.grade.component": rule(),
    "key.account.grade.move": fact(),
    "key.account.grade.report": fact(),
    "key.account.grade.run": Entry(
        "unit",
        {"head": "unit", "company": "unit", "centre": "all", "office": "all"},
        {"company": "unit", "centre": "all"},
        {"company": "unit", "centre": "all"},
        {"company": "unit", "centre": "all"},
    ),
    "key.account.grade.propose": wizard(*STAFF),
    "key.account.grade.refuse": wizard("company", "centre"),
    "key.account.grade.notice": wizard(*STAFF),
    "key.account.grade.notice.line": wizard(*STAFF),
    # collection
    "key.account.change": fact(),
    "key.account.code.alias": fact(),
    "key.account.propose": wizard(*STAFF),
    "key.account.propose.line": wizard(*STAFF),
    "key.account.refuse": wizard(*APPROVERS),
    "key.account.confirm": wizard(*APPROVERS),
    "key.account.merge": wizard(*APPROVERS),
    "key.account.version": wizard(*READERS),
    "key.account.version.line": wizard(*READERS),
    "key.account.duplicate": Entry("pair", APPROVERS),
    "key.account.key.field": word(),
    "key.account.completeness.rule": word(),
    "key.account.completeness.item": word(),
    # private data and the logs
    "key.account.person": fact(STAFF, unlink=STAFF, read=STAFF),
    "key.account.audit": trace(),
    "key.account.access": trace(),
    "key.account.event": trace(),
    # accounts (domain 3.2): who may read units and roles reads what waits for approval
    "key.account.security": wizard("admin"),
    "key.account.role.proposal": Entry(
        "unit",
        {"head": "unit", "company": "unit"}
        | dict.fromkeys(("centre", "office", "admin"), "all"),
    ),
    "key.account.timeline": fact(),
    # VIP cards: written by those who issue them, requested by managers, authenticated
    # by agents, who read none
    "key.account.card": fact(APPROVERS, create=STAFF, read=STAFF | {"office": "all"}),
    "key.account.card.move": fact(read=STAFF | {"office": "all"}),
    "key.account.card.use": fact(
        NOBODY, create=APPROVERS, read=STAFF | {"office": "all"}
    ),
    "key.account.card.rule": rule(),
    "key.account.card.rule.line": rule(),
    "key.account.card.correct": wizard(*APPROVERS),
    "key.account.card.batch": Entry("unit", APPROVERS, APPROVERS),
    "key.account.card.blank": Entry("unit", APPROVERS, APPROVERS),
    "key.account.card.kind": word(),
    "key.account.card.benefit": word(),
    "key.account.card.place": word(),
    "key.account.card.client": word(read=KEEPERS),
    "key.account.card.attempt": trace(),
    "key.account.card.supply": wizard(*APPROVERS),
    "key.account.card.step": wizard(*APPROVERS),
    "key.account.card.maker": wizard(*APPROVERS),
    "key.account.card.check": wizard(*APPROVERS, "agent"),
    # batches
    "key.account.run": Entry(
        "unit",
        READERS | {"manager": "unit", "operator": "unit", "admin": "all"},
    ),
    # the daily files of branches (domain 3.2, data exchange)
    "key.account.feed": exchange(),
    "key.account.feed.part": exchange(),
    "key.account.feed.refusal": exchange(),
    "key.account.feed.result": exchange(),
    "key.account.feed.source": exchange({"admin": "all"}),
    "key.account.feed.upload": wizard("operator", "admin"),
    # service (domain 3.2, "service, care, SLA")
    "key.account.request": fact(STAFF | {"agent": "all"}),
    "key.account.request.wait": wizard(*STAFF, "agent"),
    "key.account.request.close": wizard(*STAFF, "agent"),
    "key.account.request.callback": wizard(*STAFF, "agent"),
    "key.account.request.visit": wizard(*STAFF, "agent"),
    # complaints (domain 3.2, "complaints"); who else knows of a secret one is tested
    # in key_account_service
    "key.account.complaint": fact(STAFF | {"agent": "all"}, read=COMPLAINT_READERS),
    "key.account.complaint.step": fact(read=COMPLAINT_READERS),
    "key.account.complaint.report": fact(read=COMPLAINT_READERS),
    "key.account.compensation": fact(
        STAFF, create=STAFF | {"agent": "all"}, read=COMPLAINT_READERS
    ),
    "key.account.incident": word(
        dict.fromkeys((*STAFF, "agent"), "all"),
        dict.fromkeys(COMPLAINT_READERS, "all"),
        NOBODY,
    ),
    "key.account.complaint.type": word(),
    "key.account.complaint.cause": word(),
    "key.account.complaint.rule": rule(),
    "key.account.complaint.dispatch": wizard(*STAFF, "agent"),
    "key.account.complaint.wait": wizard(*STAFF, "agent"),
    "key.account.complaint.reply": wizard(*STAFF, "agent"),
    "key.account.complaint.callback": wizard(*STAFF, "agent"),
    "key.account.complaint.reason": wizard(*STAFF, "agent"),
    "key.account.compensation.refuse": wizard(*APPROVERS),
    "key.account.clock.event": fact(),
    "key.account.handoff.answer": fact(),
    "key.account.attainment": fact(),
    "key.account.standard": rule(),
    "key.account.standard.factor": rule(),
    "key.account.standard.proposal": wizard("company", "centre"),
    # one catalogue of figures, measured in the reader's scope
    "key.account.indicator": word(),
    "key.account.indicator.preview": wizard(*READERS),
    "key.account.indicator.figure": wizard(*READERS),
    # care (domain 3.2, "service, care, SLA"): lists by who answers for a unit
    "key.account.care": fact(STAFF | {"agent": "all"}),
    "key.account.care.finish": wizard(*STAFF, "agent"),
    "key.account.care.refuse": wizard(*STAFF, "agent"),
    "key.account.care.message": wizard(*STAFF),
    "key.account.care.message.line": wizard(*STAFF),
    "key.account.care.plan": rule(),
    "key.account.care.plan.line": rule(),
    # A list tells birthdays by the days it looks ahead: for those who serve (ORG-21).
    "key.account.care.run": Entry("unit", APPROVERS, APPROVERS, APPROVERS, APPROVERS),
    "key.account.care.proposal": fact(APPROVERS, create=NOBODY, read=STAFF),
    "key.account.activity": Entry("unit", EVERYBODY, APPROVERS, APPROVERS, APPROVERS),
    "key.account.activity.guest": fact(STAFF | {"agent": "all"}),
    "key.account.activity.invite": wizard(*STAFF),
    "key.account.activity.message": wizard(*STAFF),
    "key.account.activity.message.line": wizard(*STAFF),
    "key.account.outlet.offer": word(),
    "key.account.festival": word(),
    "key.account.gift": word(),
    "key.account.gift.move": Entry("unit", HOLDERS, NOBODY, APPROVERS),
    "key.account.gift.stock": Entry("unit", HOLDERS),
    "key.account.optout": fact(STAFF | {"agent": "all"}),
    # gateways for text messages: the system's administrator's, no role of the suite's
    "key.account.sms.gateway": Entry("word"),
    "key.account.sms.field": Entry("word"),
    "key.account.sms.rule": Entry("word"),
    "key.account.sms.secret": Entry("word"),
    "key.account.sms.profile": Entry("word"),
    "key.account.sms.attempt": Entry("word"),
    "key.account.sms.delivery": Entry("word"),
    "key.account.sms.report": Entry("word"),
    "key.account.sms.test": Entry("mine"),
    # contacts, inquiries, intelligence, cost (domain 3.2: agents write contacts)
    "key.account.contact.event": fact(STAFF | {"agent": "all"}),
    "key.account.contact.standing": fact(),
    "key.account.contact.rule": rule(),
    "key.account.contact.frequency": rule(),
    "key.account.cost.rule": rule(),
    "key.account.cost.rate": rule(),
    "key.account.inquiry": fact(STAFF | {"agent": "all"}),
    "key.account.inquiry.content": word(),
    "key.account.intelligence": fact(STAFF),
    "key.account.service.event": fact(),
    "key.account.service.log": fact(),
    "key.account.lookup": trace(),
    # account managers (domain 3.2, "manager files", "assignment")
    "key.account.operation": word(),
    # plans (domain 3.2): an own plan, those of one's units; figures by the system
    "key.account.plan": duty(),
    "key.account.plan.item": duty(),
    "key.account.plan.target": duty(),
    "key.account.plan.suggestion": duty(),
    "key.account.plan.result": duty(NOBODY),
    "key.account.plan.evidence": duty(NOBODY),
    "key.account.plan.split": wizard(*STAFF),
    "key.account.plan.split.line": wizard(*STAFF),
    "key.account.plan.copy": wizard(*STAFF),
    "key.account.plan.copy.line": wizard(*STAFF),
    "key.account.plan.return": wizard(*STAFF, "office"),
    "key.account.plan.answer": wizard(*APPROVERS, "office"),
    # tasks: whoever does them reads his own and takes his steps; those above issue
    "key.account.task": duty(TASKS, create=ISSUERS, unlink=ISSUERS, read=TASKS),
    "key.account.task.step": duty(NOBODY, read=TASKS),
    "key.account.task.ask": wizard(*READERS),
    "key.account.task.issue": wizard(*ISSUERS),
    "key.account.manager": staff(STAFF, create=APPROVERS, unlink=APPROVERS),
    "key.account.manager.proposal": staff(create={"manager": "own"}),
    "key.account.manager.record": wizard(*STAFF),
    "key.account.substitution": staff(APPROVERS, unlink=APPROVERS),
    "key.account.assignment": fact(read=STAFF | {"office": "all"}),
    "key.account.assignment.rule": rule(),
    "key.account.assignment.rule.row": rule(),
    "key.account.handover": Entry(
        "unit", APPROVERS | {"office": "all"}, APPROVERS, APPROVERS, APPROVERS
    ),
    "key.account.handover.line": fact(read=STAFF | {"office": "all"}),
    "key.account.handover.party": staff(),
    "key.account.handover.upload": wizard(*APPROVERS),
    "key.account.assign": wizard(*APPROVERS),
    # organisation and dictionaries
    "key.account.unit": word(),
    "key.account.unit.level": word(),
    "key.account.line": word(),
    "key.account.term": word(),
    "key.account.scope": word(NOBODY),
}
