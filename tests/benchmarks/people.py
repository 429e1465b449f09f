"""Customers by the hundred thousand: plausible Chinese and Latin names, and files.

Always the same ones. Names of real companies of ../shared/data/zh are woven in where
that folder is at hand, so that characters are as frequent as they are in life.
"""

import os
import random
from pathlib import Path

PREFIX = "BM"
CITY_CODE = "90300"
DEPARTMENTS = 8
PERIOD = "20261031"
STAMP = f"{PERIOD}120000"
NEXT_PERIOD = "20261101"

CITIES = "北京 上海 广州 深圳 杭州 南京 成都 武汉 西安 重庆 天津 苏州 长沙 青岛".split()
BRANDS = (
    "华信 鑫达 恒通 永丰 金桥 东方 中海 联创 瑞丰 天成 长江 远大 新华 宏业 佳和 盛世 "
    "博雅 安泰 同仁 德邦 泰和 福临 嘉禾 明珠 银河 海纳 百川 正大 兴隆 顺达"
).split()
TRADES = "科技 信息 电子 机械 物流 贸易 实业 建筑 医药 食品 化工 能源 广告 投资".split()
FORMS = "有限公司 股份有限公司 集团有限公司 有限责任公司".split()
WORDS = (
    "Acme Globex Initech Umbrella Stark Wayne Hooli Vandelay Wonka Tyrell Oscorp "
    "Aperture Massive Soylent Cyber Pacific Atlas Orion Delta Summit"
).split()
TRADES_EN = (
    "Trading Logistics Systems Foods Energy Steel Media Holdings Textiles".split()
)
INDUSTRIES = ("Manufacturing", "Construction", "Education", "Administrative/Utilities")


def real_brands():
    """Names of listed companies, or none."""
    path = Path(os.environ.get("KA_DATA") or "") / "zh" / "stock_basic_gbk.csv"
    if not path.is_file():
        return []
    lines = path.read_text(encoding="gbk", errors="ignore").splitlines()[1:]
    cells = (line.split(",") for line in lines)
    return [cell[1] for cell in cells if len(cell) > 4 and cell[4] == "1"]


def names(count):
    """Seven of ten Chinese, three Latin, most of them unlike each other."""
    dice = random.Random(1)
    brands = BRANDS + real_brands()
    for number in range(count):
        if number % 10 < 7:
            parts = (CITIES, brands, TRADES, FORMS)
            yield "".join(map(dice.choice, parts))
        else:
            words = dice.choice(WORDS), dice.choice(TRADES_EN)
            yield f"{' '.join(words)} {number} Ltd"


def code(number):
    return f"{PREFIX}{number:07}"


def department(number):
    return f"{PREFIX}-{number % DEPARTMENTS + 1}"


def manager(number):
    return f"bm_manager_{number % DEPARTMENTS + 1}_{number // DEPARTMENTS % 2 + 1}"


def contact_data(number):
    """The ordinary columns of a contact that number's customer has."""
    dice = random.Random(number)
    return {
        "phone": f"13{dice.randrange(10**9):09}",
        "email": f"office@c{number}.example.com",
        "street": f"中山路 {dice.randrange(1, 999)} 号",
        "city": dice.choice(CITIES),
        "zip": f"{dice.randrange(10**6):06}",
    }


def write_customers(path, count):
    """A customer file of interface 01001 with twelve columns filled."""
    with path.open("w", encoding="utf-8") as file:
        for number, name in enumerate(names(count)):
            file.write("|".join(_customer(number, name)) + "\n")
    return path


def write_changes(path, count):
    """Every tenth customer of the file above with another phone and street."""
    with path.open("w", encoding="utf-8") as file:
        for number, name in enumerate(names(count)):
            if not number % 10:
                fields = _customer(number, name)
                fields[1:3] = "U", f"{NEXT_PERIOD}120000"
                fields[13] = f"139{number:08}"
                fields[15] = f"解放路 {number} 号"
                file.write("|".join(fields) + "\n")
    return path


def _customer(number, name):
    data = contact_data(number)
    fields = [""] * 37
    fields[:10] = [
        "C",
        "I",
        STAMP,
        code(number),
        "G",
        name,
        "A",
        CITY_CODE,
        department(number),
        manager(number),
    ]
    fields[12] = INDUSTRIES[number % len(INDUSTRIES)]
    fields[13:18] = data.values()
    fields[19] = "20240101"
    return fields


def write_bills(path, rows, customers):
    """A bill file of interface 05001: three bills and two payments in five rows."""
    with path.open("w", encoding="utf-8") as file:
        for index in range(rows // 5):
            month = index // customers
            period = f"{2026 - month // 12}{12 - month % 12:02}"
            customer = code(index % customers)
            for part in "abc":
                bill = f"{period}{part}{index % customers:07}"
                amount = 1000 + index * 7 % 90_000
                file.write(
                    f"B|{bill}|{customer}|||{period}|{period}05|{period}25||{amount}|B\n"
                )
                if part != "c":
                    file.write(f"P|P{bill}|{customer}|{bill}||{period}20|{amount}||\n")
    return path


def write_payments(path, rows, customers):
    """What the bills above left open, paid: one row each of the third bills."""
    with path.open("w", encoding="utf-8") as file:
        for index in range(rows):
            month = index // customers
            period = f"{2026 - month // 12}{12 - month % 12:02}"
            bill = f"{period}c{index % customers:07}"
            amount = 1000 + index * 7 % 90_000
            file.write(
                f"P|P{bill}|{code(index % customers)}|{bill}||{period}20|{amount}||\n"
            )
    return path
