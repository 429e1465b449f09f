# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).

"""What is left of a customer's name once everything that does not tell two customers
apart is gone: width, case, punctuation, spaces and the legal form (FILE-20).

Two files whose names have the same key are probably one customer. PostgreSQL computes
the same key (``sql_function``), so that sets are compared without a row ever leaving
the database; a test runs both over thousands of names.

>>> name_key("Acme Trading Co., Ltd.") == name_key("ＡＣＭＥ  trading")
True
>>> name_key("北京银行股份有限公司") == name_key("北京银行")
True
>>> name_key("华为技术（北京）有限公司")
'华为技术北京'

A branch is not its parent:

>>> name_key("北京银行股份有限公司上海分公司")
'北京银行上海分公司'

A name that is nothing but a legal form keeps it, and one without any letter has no key:

>>> name_key("Co., Ltd."), name_key("***")
('co', None)
"""

import re
import unicodedata

# Removed without a gap, so that "S.A." is the word "sa" and "A/S" the word "as".
JOINERS = "[.'’/]"
# Everything else that is punctuation, a sign or a space. "+" and "#" tell names apart.
NOISE = (
    "[\u0001-\u0022\u0024-\u002a\u002c-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00a9"
    "\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2000-\u206f\u20a0-\u20cf"
    "\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u303d\u30fb"
    "\ufe00-\ufe6f\ufeff\ufffc\ufffd]+"
)
# Legal forms at the end of a name in Latin script, as words.
LATIN = (
    "(?: (?:limited liability company|public limited company|ltd|limited|inc"
    "|incorporated|llc|llp|lp|plc|co|corp|corporation|company|gmbh|mbh|ag|kg|kgaa|ohg|ug|se|sa|sas"
    "|sarl|srl|s p a|bv|nv|oy|oyj|ab|as|asa|aps|pte|pvt|pty|sdn|bhd|sp z oo|spol s ro"
    "|kk|jsc|pjsc|ojsc|and))+$"
)
# "Co. Ltd" of Chinese names, wherever it stands: a branch names it in the middle.
CHINESE = "(?:集团)?(?:股份)?有限(?:责任)?公司|株式会社|有限会社"
# What may be left at the end; 分公司 and 子公司 are a branch and a subsidiary.
CHINESE_END = "(?:集团|总公司|股份公司|有限合伙|普通合伙|(?<![分子支])公司)+$"
# Whatever is in a register number between its letters and digits.
NOT_CODE = "[^0-9A-Z]+"


def name_key(name):
    """The key of a name, or None where nothing is left of it."""
    text = unicodedata.normalize("NFKC", name or "").lower().replace("ς", "σ")
    text = re.sub(r"s\.p\.a\.?( |$)", "s p a ", text.replace("&", " and "))
    words = re.sub(NOISE, " ", re.sub(JOINERS, "", text)).strip(" ")
    plain = words.replace(" ", "")
    short = re.sub(LATIN, "", words).replace(" ", "")
    short = re.sub(CHINESE_END, "", re.sub(CHINESE, "", short))
    return short or plain or None


def code_key(code):
    """The key of a register number: width, case, spaces and hyphens do not count.

    >>> code_key(" 91310000-1322ｂ ")
    '913100001322B'
    """
    text = unicodedata.normalize("NFKC", code or "").upper()
    return re.sub(NOT_CODE, "", text) or None


# The same steps in the same order; one whose pattern cannot be there is left out, for
# this is computed for every row that is written (two thirds of the time are patterns).
# ICU knows case in every script, whatever the locale of the database; all that is
# called is immutable.
SQL_BODY = r"""
DECLARE
    words text;
    short text;
BEGIN
    IF octet_length(value) = length(value) THEN
        words := lower(value COLLATE "C");
    ELSE
        words := replace(
            lower(normalize(value, NFKC) COLLATE "und-x-icu"), 'ς', 'σ');
    END IF;
    words := replace(words, '&', ' and ');
    IF strpos(words, 's.p.a') > 0 THEN
        words := regexp_replace(words, 's\.p\.a\.?( |$)', 's p a ', 'g');
    END IF;
    words := trim(both ' ' from regexp_replace(
        regexp_replace(words, %(joiners)s, '', 'g'), %(noise)s, ' ', 'g'));
    short := words;
    IF strpos(words, ' ') > 0 THEN
        short := replace(regexp_replace(words, %(latin)s, ''), ' ', '');
    END IF;
    IF strpos(short, '公司') > 0 OR strpos(short, '会社') > 0 THEN
        short := regexp_replace(short, %(chinese)s, '', 'g');
    END IF;
    IF right(short, 2) IN ('集团', '公司', '合伙') THEN
        short := regexp_replace(short, %(chinese_end)s, '');
    END IF;
    RETURN COALESCE(NULLIF(short, ''), NULLIF(replace(words, ' ', ''), ''));
END
"""
SQL_CODE_BODY = """
    SELECT NULLIF(
        regexp_replace(
            upper(normalize(value, NFKC) COLLATE "und-x-icu"), %(not_code)s, '', 'g'
        ),
        ''
    )
"""
SQL_PATTERNS = {
    "not_code": NOT_CODE,
    "latin": LATIN,
    "chinese": CHINESE,
    "chinese_end": CHINESE_END,
    "joiners": JOINERS,
    "noise": NOISE,
}
