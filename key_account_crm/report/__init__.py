# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_open_item
from . import key_account_rule_overview
from . import key_account_timeline
from . import key_account_duplicate
from . import key_account_timeline_card
from . import key_account_timeline_points
from . import key_account_grade_report
from . import key_account_timeline_grade
