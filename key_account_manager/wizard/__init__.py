from . import key_account_plan_answer
from . import key_account_plan_copy
from . import key_account_plan_copy_line
from . import key_account_plan_return
from . import key_account_plan_split
from . import key_account_plan_split_line
from . import key_account_task_ask
from . import key_account_task_issue
