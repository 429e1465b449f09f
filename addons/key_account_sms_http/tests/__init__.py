# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import test_answer
from . import test_dispatch
from . import test_gateway
from . import test_parts
from . import test_report
from . import test_request
from . import test_secrets
from . import test_transport
