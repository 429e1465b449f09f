# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).


def migrate(cr, version):
    """Entries made before are found by field too (LOG-01)."""
    cr.execute(
        """
        ALTER TABLE key_account_audit DISABLE TRIGGER key_account_trace_protect;
        UPDATE key_account_audit SET names = ARRAY(SELECT jsonb_object_keys(changes))
         WHERE names IS NULL AND jsonb_typeof(changes) = 'object';
        ALTER TABLE key_account_audit ENABLE TRIGGER key_account_trace_protect;
        """
    )
