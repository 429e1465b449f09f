# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_fact_mixin
from . import res_users
from . import res_partner
from . import res_partner_profile
from . import res_partner_figures
from . import res_partner_screen
from . import res_partner_sorting
from . import res_partner_timeline
from . import res_partner_search
from . import res_partner_file
from . import key_account_unit_level
from . import key_account_unit
from . import key_account_scope
from . import key_account_term
from . import key_account_line
from . import key_account_line_file
from . import key_account_number
from . import key_account_member
from . import key_account_run
from . import key_account_bill
from . import key_account_payment
from . import key_account_month
from . import key_account_line_standing
from . import key_account_standing
from . import key_account_trace_mixin
from . import key_account_private_mixin
from . import key_account_audit
from . import key_account_person
from . import key_account_access
from . import res_partner_person
from . import res_users_person
