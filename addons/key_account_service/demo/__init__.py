# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_service_demo
from . import key_account_service_demo_visit
from . import key_account_service_demo_complaint
from . import key_account_care_demo
from . import key_account_contact_demo
