from . import test_key_account_operation
from . import test_key_account_plan
from . import test_key_account_plan_freeze
from . import test_key_account_plan_split
from . import test_key_account_task
