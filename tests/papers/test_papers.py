# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the suite prints, as it comes out of the printer (CARD-03, PTS-06, FILE-21,
ARR-01, ARR-02): text, pages, bar codes, and nobody else's rows."""

import pytest
import zxingcpp
from pypdfium2 import PdfDocument

CARD = "key_account_crm.report_key_account_card"
CUSTOMER = "key_account_crm.report_res_partner_file"
POINTS = "key_account_crm.report_key_account_point_statement"
RECEIPT = "key_account_crm.report_key_account_point_redemption"
ARREARS = "key_account_arrears.report_key_account_arrears_statement"
LETTER = "key_account_arrears.report_key_account_dunning_letter"

LANGUAGES = [("zh_CN", "有效期至"), ("en_US", "Valid until")]


def group(number):
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def customers(env):
    """Two groups that are customers now."""
    return env["res.partner"].search(
        [("key_account_kind", "=", "group"), ("key_account_state", "=", "active")],
        limit=2,
    )


@pytest.mark.parametrize(("lang", "until"), LANGUAGES)
def test_cards_carry_a_bar_code_that_a_reader_reads(env, render, lang, until):
    """CARD-03: nine cards on two sheets, each as large as a card is."""
    cards = env["key.account.card"].search([("date_to", "!=", False)], limit=9)
    paper = render(CARD, cards, lang=lang)
    assert len(paper.pages) == 2
    assert paper.text.count(until) == 9
    sheets = PdfDocument(paper.content)
    codes = [
        code.text
        for sheet in sheets
        for code in zxingcpp.read_barcodes(sheet.render(scale=4).to_pil())
    ]
    assert sorted(codes) == sorted(cards.mapped("name"))
    for card in cards:
        assert group(card.name) in paper.text
        assert card._get_holder_name() in paper.text


@pytest.mark.parametrize(
    ("lang", "title"), [("zh_CN", "近 12 个月收入"), ("en_US", "Revenue of 12 Months")]
)
def test_the_customer_file(env, render, lang, title):
    """FILE-21: figures and lists of the customer alone, amounts in the language."""
    customer, other = customers(env)
    paper = render(CUSTOMER, customer, "centre", lang)
    bills = env["key.account.bill"].search([("partner_id", "=", other.id)], limit=12)
    assert bills
    for text in (customer.name, customer.key_account_code, title):
        assert text in paper.text
    for text in (other.name, *bills.mapped("name")):
        assert text not in paper.text


def give_points(env, partner, count):
    """Points as they are given by hand, each with a note of its own."""
    env["key.account.point.entry"].create(
        [
            {
                "partner_id": partner.id,
                "kind": "reward",
                "quantity": 1000 + number,
                "origin_year": 2026,
                "date": "2026-03-01",
                "note": f"reward {number}.",
            }
            for number in range(count)
        ]
    )


def statement_of(env, as_login, partner, lang="zh_CN"):
    return as_login("key.account.point.statement", "centre", lang).create(
        {"partner_id": partner.id, "date_from": "2026-03-01", "date_to": "2026-03-01"}
    )


def test_a_long_statement_has_header_and_columns_on_each_page(env, render, as_login):
    """PTS-06: 500 rows, each once, none of another customer; X of Y on each page."""
    customer, other = customers(env)
    give_points(env, customer, 500)
    give_points(env, other, 3)
    statement = statement_of(env, as_login, customer)
    paper = render(POINTS, statement)
    total = len(paper.pages)
    assert total > 10
    for number, text in enumerate(paper.pages, 1):
        assert "滨江市邮政局" in text
        assert f"{number} / {total}" in text
        assert "备注" in text
    for number in range(500):
        assert paper.text.count(f"reward {number}.") == 1
    assert other.name not in paper.text


def test_rows_of_a_statement_cost_no_query_each(env, render, as_login):
    """500 rows are printed with as many queries as 5."""
    customer, _other = customers(env)
    counts = []
    for rows in (5, 495):
        give_points(env, customer, rows)
        statement = statement_of(env, as_login, customer)
        env.flush_all()
        env.invalidate_all()
        before = env.cr.sql_log_count
        render(POINTS, statement)
        counts.append(env.cr.sql_log_count - before)
    assert counts[1] <= counts[0] + 2, counts


def test_the_receipt(env, render):
    redemption = env["key.account.point.redemption"].search([], limit=1)
    paper = render(RECEIPT, redemption)
    assert redemption.name in paper.text
    assert redemption.partner_id.name in paper.text
    assert "兑换凭证" in paper.text or "收据" in paper.text


@pytest.mark.parametrize(
    ("lang", "title", "page"),
    [("zh_CN", "对账单", "1 / 1"), ("en_US", "Statement of Account", "Page 1 / 1")],
)
def test_the_statement_of_account(env, render, as_login, lang, title, page):
    """ARR-01: in the customer's language, whoever prints it."""
    item = env["key.account.open.item"].search([("is_overdue", "=", True)], limit=1)
    item.partner_id.lang = lang
    statement = as_login("key.account.arrears.statement", "centre", "en_US").create(
        {"partner_id": item.partner_id.id}
    )
    paper = render(ARREARS, statement, lang="en_US")
    assert title in paper.text
    assert page in paper.text
    assert item.partner_id.name in paper.text
    shown = statement._get_items().mapped("name")
    assert all(name in paper.text for name in shown)
    others = env["key.account.open.item"].search(
        [("partner_id", "!=", item.partner_id.id)], limit=200
    )
    assert not [name for name in others.mapped("name") if name in paper.text]


def test_letters_of_a_run_are_one_pdf_in_order(env, render, as_login):
    """ARR-02: each customer's letter with its own bills and page numbers."""
    run = as_login("key.account.dunning.run", "centre").create({})
    run.action_preview()
    letters = run.sudo().line_ids.filtered(lambda row: row.state != "left_out")[:4]
    assert len(letters.partner_id) > 1
    paper = render(LETTER, letters)
    first = [page for page in paper.pages if "1 / " in page]
    assert len(first) == len(letters)
    for letter, page in zip(letters, first, strict=True):
        assert letter.partner_id.name in page
        for other in letters.partner_id - letter.partner_id:
            assert other.name not in page
        asked = [row["name"] for row in letter._get_letter()["rows"]]
        assert asked and all(name in paper.text for name in asked)
