# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_sms_gateway
from . import key_account_sms_gateway_spec
from . import key_account_sms_gateway_report
from . import key_account_sms_field
from . import key_account_sms_rule
from . import key_account_sms_secret
from . import key_account_sms_profile
from . import key_account_sms_attempt
from . import key_account_sms_delivery
from . import key_account_sms_report
from . import res_company
from . import sms_sms
