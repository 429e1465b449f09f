# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_attainment
from . import key_account_attainment_complaint
from . import key_account_complaint_report
from . import key_account_attainment_duration
from . import key_account_lookup
from . import key_account_service_event
