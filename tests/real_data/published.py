"""The published figures of the data sets (data/README.md); test_sources.py checks."""

from datetime import date
from decimal import Decimal

# Online retail. The README counts 42 customers net negative: one of them, 18072, bought
# and gave back for exactly the same amount, and is below zero only when its lines are
# summed as binary floating point (pandas: -0.000000000000005). Exactly it is 41.
LINES = 541_909
LINES_WITHOUT_CUSTOMER = 135_080
CUSTOMERS = 4_372
GROSS = Decimal("8911407.90")
GROSS_CUSTOMERS = 4_338
GROSS_INVOICES = 18_532
NET = Decimal("8300065.81")
NET_NEGATIVE_CUSTOMERS = 41
# Top 1, 5, 10, 20 % of the gross customers hold this share of gross revenue.
SHARES = {1: 31.8, 5: 50.3, 10: 61.3, 20: 74.6}
TOP_GROSS = {
    "14646": Decimal("280206.02"),
    "18102": Decimal("259657.30"),
    "17450": Decimal("194550.79"),
    "16446": Decimal("168472.50"),
    "14911": Decimal("143825.06"),
    "12415": Decimal("124914.53"),
    "14156": Decimal("117379.63"),
    "17511": Decimal("91062.38"),
    "16029": Decimal("81024.84"),
    "12346": Decimal("77183.60"),
}
# Gross revenue of 2011-06-09 (excluded) to 2011-12-09 (included), by rank: customers,
# revenue, lowest revenue of each grade; of D so many without revenue.
GRADES = {
    "A": (216, Decimal("2768415.87"), Decimal("3594.31")),
    "B": (651, Decimal("1334665.70"), Decimal("1296.74")),
    "C": (1_302, Decimal("972577.05"), Decimal("402.56")),
    "D": (2_169, Decimal("295678.32"), None),
}
GRADES_WITHOUT_REVENUE = 852
TOP_NET = (
    "14646",
    "18102",
    "17450",
    "14911",
    "12415",
    "14156",
    "17511",
    "16684",
    "13694",
    "15311",
)

# Accounts receivable
AR_CUSTOMERS = 100
AR_INVOICES = 2_466
AR_TOTAL = Decimal("147703.18")
AR_COUNTRIES = {"391": 616, "406": 561, "770": 506, "818": 387, "897": 396}
AR_LATE = 877
AR_DAYS_TO_SETTLE = 26.44
# day: (open invoices, open amount, invoices in arrears, arrears, customers in arrears)
AR_DAYS = {
    date(2012, 6, 30): (98, Decimal("5504.09"), 15, Decimal("909.73"), 11),
    date(2012, 12, 31): (99, Decimal("5725.06"), 13, Decimal("788.74"), 11),
    date(2013, 3, 31): (94, Decimal("5903.74"), 9, Decimal("681.37"), 8),
    date(2013, 6, 30): (84, Decimal("5119.85"), 12, Decimal("835.56"), 12),
    date(2013, 9, 30): (88, Decimal("5029.22"), 7, Decimal("465.48"), 6),
}

# Complaints: Open, Pending, Solved, Closed; January to December 2015; Georgia, and how
# many of these are neither solved nor closed.
COMPLAINT_STATES = {"registered": 363, "waiting": 154, "replied": 973, "closed": 734}
COMPLAINT_MONTHS = (55, 59, 45, 375, 317, 1046, 49, 67, 55, 53, 38, 65)
COMPLAINTS_GEORGIA = (288, 80)
COMPLAINT_BURST = {date(2015, 6, 23): 190, date(2015, 6, 24): 218}
