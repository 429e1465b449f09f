# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""Real parallel transactions: each in a thread and a connection of its own."""

import threading

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api

THREADS = 4


def transact(registry, work, attempts=50):
    """Run ``work(env)`` in a transaction of its own, again when it lost a race."""
    for _attempt in range(attempts):
        with registry.cursor() as cr:
            try:
                result = work(api.Environment(cr, SUPERUSER_ID, {}))
                cr.commit()
                return result
            except SerializationFailure:
                cr.rollback()
    raise AssertionError("the transaction lost every race")


def run_in_parallel(work, count=THREADS):
    """Start ``work(index)`` in threads at the same moment; raise what one raised."""
    barrier, errors = threading.Barrier(count), []

    def target(index):
        try:
            barrier.wait()
            work(index)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=target, args=(i,)) for i in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
