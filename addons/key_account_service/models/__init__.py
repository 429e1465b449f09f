# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_term
from . import resource_calendar
from . import resource_calendar_attendance
from . import resource_calendar_leaves
from . import key_account_standard
from . import key_account_standard_factor
from . import key_account_clock_event
from . import key_account_clock_mixin
from . import key_account_clock_mixin_ledger
from . import key_account_clock_mixin_alarm
from . import key_account_clock_mixin_mail
from . import key_account_request
from . import key_account_request_step
from . import key_account_request_scope
from . import key_account_request_api
from . import key_account_request_bulk
from . import key_account_request_mail
from . import key_account_request_answer
from . import key_account_request_portal
from . import key_account_run
from . import key_account_profile
from . import key_account_timeline
from . import mail_thread
from . import res_partner
