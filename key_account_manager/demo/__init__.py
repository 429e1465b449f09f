# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_plan_demo
from . import key_account_task_demo
from . import key_account_demo_manager
