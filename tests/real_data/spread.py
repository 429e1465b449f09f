"""Where a customer goes: three companies with eight departments below the centre.

Department = crc32 of the customer code modulo 8, account manager = the next bit of it.
Departments 0 to 2 belong to the first company, 3 to 5 to the second, 6 and 7 to the
third. The rule knows nothing but the code, so a file may come again in any order.
"""

import zlib

COMPANIES = ((0, 1, 2), (3, 4, 5), (6, 7))
DEPARTMENTS = 8
MANAGERS = 2


def _hash(code):
    return zlib.crc32(code.encode())


def department_of(code):
    """The number of the customer's department, 0 to 7."""
    return _hash(code) % DEPARTMENTS


def manager_of(code):
    """Which manager of the department: 0 or 1."""
    return _hash(code) // DEPARTMENTS % MANAGERS


def company_of(department):
    """The number of a department's company, 0 to 2.

    >>> [company_of(department) for department in range(8)]
    [0, 0, 0, 1, 1, 1, 2, 2]
    """
    return next(i for i, below in enumerate(COMPANIES) if department in below)
