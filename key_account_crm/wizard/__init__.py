# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import key_account_allocate
from . import key_account_allocate_line
from . import key_account_move
from . import key_account_confirm
from . import key_account_conversion
from . import key_account_open_item_ask
from . import key_account_propose
from . import key_account_propose_line
from . import key_account_refuse
from . import key_account_profile_import
from . import key_account_rule_compare
from . import key_account_rule_compare_line
from . import key_account_rule_refuse
from . import key_account_version
from . import key_account_version_line
from . import key_account_merge
from . import key_account_card_supply
from . import key_account_card_step
from . import key_account_card_check
from . import key_account_card_maker
from . import key_account_card_correct
from . import key_account_point_refuse
from . import key_account_point_statement
from . import key_account_grade_propose
from . import key_account_grade_refuse
from . import key_account_grade_notice
from . import key_account_grade_notice_line
from . import key_account_indicator_preview
from . import key_account_indicator_figure
from . import key_account_security
