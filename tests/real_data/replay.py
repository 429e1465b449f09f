# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Duns the customers of a loaded data set day by day, as it would have been done then.

    replay.py DATASET DATABASE FIRST-DAY LAST-DAY

Every day the product makes a run, confirms it and sends what it sends; at the end all
of it is rolled back. Prints the actions as JSON. The policy is the one that is shipped.
"""

import json
import sys
from datetime import date, timedelta

from load import _environment
from sources import DATASETS


def main(name, database, first, last):
    with _environment(database) as env:
        prefix = DATASETS[name].prefix
        domain = [("key_account_code", "=like", f"{prefix}%")]
        customers = env["res.partner"].search(domain)
        # So that every step finds an address; the published data hold none.
        customers.write({"phone": "+8613800000000"})
        actions = replay(env, customers, first, last)
        env.cr.rollback()
    json.dump(actions, sys.stdout)


def replay(env, customers, first, last):
    from freezegun import freeze_time

    unit = env.ref("key_account_crm.key_account_unit_centre")
    quiet = {"mail_activity_quick_update": True, "tracking_disable": True}
    runs = env["key.account.dunning.run"].with_context(**quiet)
    actions, day = [], first
    with freeze_time(f"{first} 10:00:00") as frozen:
        while day <= last:
            frozen.move_to(f"{day} 10:00:00")
            env.invalidate_all()
            vals = {"unit_id": unit.id, "partner_ids": [(6, 0, customers.ids)]}
            run = runs.create(vals)
            run.action_preview()
            run.action_confirm()
            actions += [
                {
                    "day": str(day),
                    "customer": line.partner_id.key_account_code,
                    "step": line.days,
                    "channel": line.channel,
                    "state": line.state,
                    "amount": line.amount,
                    "bills": line.bill_count,
                    "oldest": str(line.date_oldest),
                    "body": line.body,
                }
                for line in run.line_ids
                if line.state != "left_out"
            ]
            day += timedelta(days=1)
    return actions


if __name__ == "__main__":
    name, database, *days = sys.argv[1:]
    main(name, database, *map(date.fromisoformat, days))
