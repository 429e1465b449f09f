"""Customers that change hands with everything that hangs on them (ASG-07).

The order moves all customers of a manager, in the background as the scheduled action
does it: with progress, ledger and change log. Beside it the field is written one by one
with the ORM, in one transaction, on as many as there is patience for. Both
move contacts and facts along and are followed by the ledger of assignments; only the
order also passes on who handles requests, and reminders.
"""

from clock import measured
from databases import analyse, cloned, connect, environment

PREFIX = "bench-hand"
CUSTOMERS = 50_000
SINGLE = 300
GIVER, COLLEAGUE, ELSEWHERE = "bm_manager_1_1", "bm_manager_1_2", "bm_manager_2_1"
NOW = "now() AT TIME ZONE 'UTC'"
LOGGED = f"1, 1, {NOW}, {NOW}"
OWNER = "unit_id, manager_id, create_uid, write_uid, create_date, write_date"
STATEMENTS = {
    "res_partner": f"""
        INSERT INTO res_partner (
            name, complete_name, active, is_company, type, lang, key_account_kind,
            key_account_state, key_account_code, key_account_unit_id,
            key_account_manager_id, key_account_scope_id,
            create_uid, write_uid, create_date, write_date
        )
        SELECT 'Hand ' || i, 'Hand ' || i, true, true, 'contact', 'en_US', 'group',
               'active', '{PREFIX}' || i, %(unit)s, %(giver)s, %(scope)s, {LOGGED}
          FROM generate_series(1, %(customers)s) AS i;
        UPDATE res_partner SET commercial_partner_id = id
         WHERE key_account_code LIKE '{PREFIX}%%';
        INSERT INTO res_partner (
            name, complete_name, active, is_company, type, lang, parent_id,
            commercial_partner_id, key_account_unit_id, key_account_manager_id,
            key_account_scope_id, create_uid, write_uid, create_date, write_date
        )
        SELECT 'Person of ' || name, 'Person of ' || name, true, false, 'contact',
               'en_US', id, id, %(unit)s, %(giver)s, %(scope)s, {LOGGED}
          FROM res_partner WHERE key_account_code LIKE '{PREFIX}%%'
    """,
    "key_account_standing": f"""
        INSERT INTO key_account_standing (partner_id, scope_id, {OWNER})
        SELECT id, key_account_scope_id, %(unit)s, %(giver)s, {LOGGED}
          FROM res_partner WHERE key_account_code LIKE '{PREFIX}%%'
    """,
    "key_account_number": f"""
        INSERT INTO key_account_number (name, partner_id, state, {OWNER})
        SELECT 'H' || id, id, 'in_service', %(unit)s, %(giver)s, {LOGGED}
          FROM res_partner WHERE key_account_code LIKE '{PREFIX}%%'
    """,
    "key_account_bill": f"""
        INSERT INTO key_account_bill (
            name, revision, kind, partner_id, period, date_bill, date_due,
            currency_id, amount, amount_paid, amount_open, {OWNER}
        )
        SELECT 'H' || id || '-' || m, 0, 'bill', id, make_date(2026, m, 1),
               make_date(2026, m + 1, 1), make_date(2026, m + 1, 20),
               (SELECT currency_id FROM res_company LIMIT 1), 100, 0, 100,
               %(unit)s, %(giver)s, {LOGGED}
          FROM res_partner CROSS JOIN generate_series(1, 3) AS m
         WHERE key_account_code LIKE '{PREFIX}%%'
    """,
    "key_account_request": f"""
        INSERT INTO key_account_request (
            name, subject, state, partner_id, scope_id, kind_id, class_id, currency_id,
            clock_state, clock_used, date_accepted, alarm_level, handler_id, {OWNER}
        )
        SELECT 'H' || id, 'Request', 'accepted', id, key_account_scope_id,
               (SELECT id FROM key_account_term WHERE category = 'request_kind'
                 LIMIT 1),
               (SELECT id FROM key_account_term WHERE category = 'service_class'
                 LIMIT 1),
               (SELECT currency_id FROM res_company LIMIT 1), 'running', 0, {NOW}, 0,
               %(giver)s, %(unit)s, %(giver)s, {LOGGED}
          FROM res_partner WHERE key_account_code LIKE '{PREFIX}%%'
    """,
    "mail_activity": f"""
        INSERT INTO mail_activity (
            res_model, res_model_id, res_id, res_name, user_id, activity_type_id,
            date_deadline, active, automated,
            create_uid, write_uid, create_date, write_date
        )
        SELECT 'res.partner', (SELECT id FROM ir_model WHERE model = 'res.partner'),
               id, name, %(giver)s, (SELECT MIN(id) FROM mail_activity_type),
               current_date, true, false, {LOGGED}
          FROM res_partner
         WHERE key_account_code LIKE '{PREFIX}%%' AND id %% 5 = 0
    """,
}
TABLES = ("key_account_number", "key_account_bill", "key_account_request")
OWNED = """
    SELECT COUNT(*) FROM res_partner WHERE key_account_manager_id = %(user)s
    UNION ALL SELECT COUNT(*) FROM key_account_bill WHERE manager_id = %(user)s
    UNION ALL SELECT COUNT(*) FROM key_account_request WHERE handler_id = %(user)s
    UNION ALL SELECT COUNT(*) FROM mail_activity WHERE user_id = %(user)s
    UNION ALL SELECT COUNT(*) FROM key_account_assignment
               WHERE user_id = %(user)s AND date_to IS NULL
"""


def _fill(database):
    """Customers of one manager, with a person, number, bills and a request each."""
    with environment(database) as env:
        giver = env["res.users"].search([("login", "=", GIVER)])
        unit = giver.key_account_unit_id
        scope = env["key.account.scope"]._get_for([unit.id])
        values = {"giver": giver.id, "unit": unit.id, "scope": scope.id}
        values["customers"] = CUSTOMERS
        env.cr.commit()
    connection = connect(database)
    cursor = connection.cursor()
    for table, statement in STATEMENTS.items():
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    connection.close()
    with environment(database) as env:
        env["key.account.assignment"]._sync_all(origin="standing")
        env.cr.commit()


def _order(database, taker_login):
    """One order over everything, worked off as the scheduled action does it."""
    with environment(database) as env:
        users = env["res.users"]
        giver = users.search([("login", "=", GIVER)])
        taker = users.search([("login", "=", taker_login)])
        order = env["key.account.handover"].create(
            {
                "kind": "handover",
                "unit_id": giver.key_account_unit_id.parent_id.id,
                "from_user_id": giver.id,
                "to_user_id": taker.id,
            }
        )
        backend = env.cr._cnx.info.backend_pid
        with measured(backend) as preview:
            order.action_prepare()
        order._queue()
        env.cr.commit()
        with measured(backend) as time:
            order._work()
        if (order.state, order.moved_count) != ("done", CUSTOMERS):
            raise RuntimeError(f"{order.state}: {order.message}")
        found = [
            env["res.partner"].with_user(user).search_count([("parent_id", "=", False)])
            for user in (giver, taker)
        ]
        if found[1] - found[0] < CUSTOMERS:
            raise RuntimeError(f"giver and taker see {found}")
        _check(env, giver, taker)
        return preview, time


def _check(env, giver, taker):
    """Nothing stayed behind, and nothing was lost."""
    env.cr.execute(OWNED, {"user": giver.id})
    left = [row[0] for row in env.cr.fetchall()]
    env.cr.execute(OWNED, {"user": taker.id})
    got = [row[0] for row in env.cr.fetchall()]
    wanted = [2 * CUSTOMERS, 3 * CUSTOMERS, CUSTOMERS, CUSTOMERS // 5, CUSTOMERS]
    if any(left) or any(abs(a - b) > 1 for a, b in zip(got, wanted, strict=True)):
        raise RuntimeError(f"left {left}, got {got}, wanted {wanted}")


def _one_by_one(database):
    with environment(database) as env:
        taker = env["res.users"].search([("login", "=", COLLEAGUE)])
        customers = env["res.partner"].search(
            [("key_account_code", "=like", f"{PREFIX}%")], limit=SINGLE
        )
        with measured(env.cr._cnx.info.backend_pid) as time:
            for customer in customers:
                customer.key_account_manager_id = taker
                env.flush_all()
            env.cr.commit()
        return time


def bench_assignment(report, base):
    report.section(
        f"(m) {CUSTOMERS:,} customers change hands",
        "Each with a person, a number, three bills and an open request, every fifth "
        f"with a reminder. Customer by customer: {SINGLE} of them, the rest reckoned.",
        *("what", "customers", "s", "CPU s", "CPU ms each", "one by one / this"),
    )
    with cloned(base, f"{base}_hand") as database:
        _fill(database)
        analyse(database)
        with cloned(database, f"{base}_hand_orm") as other:
            single = _one_by_one(other)
        with cloned(database, f"{base}_hand_far") as other:
            _preview, far = _order(other, ELSEWHERE)
        preview, near = _order(database, COLLEAGUE)
    each = single.cpu / SINGLE
    for what, count, time in (
        ("one by one with the ORM", SINGLE, single),
        ("preview of the order", CUSTOMERS, preview),
        ("order, to a colleague", CUSTOMERS, near),
        ("order, to another department", CUSTOMERS, far),
    ):
        mine = time.cpu / count
        report.row(
            what,
            f"{count:,}",
            f"{time.clock:.1f}",
            f"{time.cpu:.1f}",
            f"{1000 * mine:.2f}",
            f"{each / mine:.1f}",
        )
    ratio = each / (near.cpu / CUSTOMERS)
    what = "customer by customer / order, processor time of a customer"
    report.target(what, ratio, 20, at_least=True)
    ratio = (single.clock / SINGLE) / (near.clock / CUSTOMERS)
    report.target("the same on the clock", ratio, 20, at_least=True)
