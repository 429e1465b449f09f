# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

from . import portal
from . import portal_complaint
from . import portal_optout
from . import portal_member
