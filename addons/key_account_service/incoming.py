# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""What the headers of an incoming mail say of how it came about.

Needs neither Odoo nor a database.
"""

import codecs
import re

REFUSED = re.compile(r"\bdmarc\s*=\s*(fail|permerror)\b", re.IGNORECASE)


def is_answering_machine(message):
    """Whether nobody wrote it: an absence notice or the like (RFC 3834).

    >>> from email.message import EmailMessage
    >>> mail = EmailMessage()
    >>> is_answering_machine(mail)
    False
    >>> mail["Auto-Submitted"] = "auto-replied; owner-email=x"
    >>> is_answering_machine(mail)
    True
    """
    submitted = str(message.get("Auto-Submitted", "")).strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted.startswith("auto-replied")
        or precedence in ("auto_reply", "auto-reply", "junk")
        or any(name in message for name in ("X-Autoreply", "X-Autorespond"))
    )


def is_automatic(message):
    """Whether a machine sent it, be it an answer or a fault that it reports.

    >>> from email.message import EmailMessage
    >>> mail = EmailMessage()
    >>> mail["Auto-Submitted"] = "auto-generated"
    >>> is_automatic(mail), is_answering_machine(mail)
    (True, False)
    """
    submitted = str(message.get("Auto-Submitted", "no")).strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        is_answering_machine(message)
        or submitted not in ("", "no")
        or precedence in ("bulk", "list")
    )


def is_sender_refused(message):
    """Whether the mail server found that the sender's domain did not send it.

    What it found in favour of the sender is believed no more than nothing, since a
    sender can write such a header himself.

    >>> from email.message import EmailMessage
    >>> mail = EmailMessage()
    >>> mail["Authentication-Results"] = "mx.example.com; dmarc=pass"
    >>> is_sender_refused(mail)
    False
    >>> mail["Authentication-Results"] = "mx.example.com; spf=pass; dmarc=fail (p=none)"
    >>> is_sender_refused(mail)
    True
    """
    results = message.get_all("Authentication-Results") or []
    return any(REFUSED.search(str(result)) for result in results)


def repair_charsets(message):
    """Let texts in encodings that nobody knows be read as far as they can be.

    >>> from email import message_from_bytes, policy
    >>> data = b"Content-Type: text/plain; charset=x-nonsense\\n\\ncaf\\xc3\\xa9"
    >>> mail = message_from_bytes(data, policy=policy.SMTP)
    >>> repair_charsets(mail)
    >>> mail.get_content()
    'caf\xe9'
    """
    for part in message.walk():
        charset = part.get_content_charset()
        if charset and part.get_content_maintype() == "text":
            try:
                codecs.lookup(charset)
            except (LookupError, ValueError):
                part.set_param("charset", "utf-8")
