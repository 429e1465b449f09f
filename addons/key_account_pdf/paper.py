# Copyright 2026 Key Account Suite contributors
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""One PDF of several bodies, each with its own header and footer on each of its pages.

Odoo hands over what wkhtmltopdf takes: a document per body, one document with all
headers and one with all footers, of which the nth belongs to the nth body.
"""

import re
from itertools import accumulate

import lxml.html
from lxml import etree
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from . import media, outline
from .fetcher import OdooFetcher

LANGUAGE = re.compile(r"([a-z]{2,3})_([A-Z]{2})")


class Paper:
    """A PDF in the making: what all of its bodies share is read once."""

    def __init__(self, sheet, base_url, read, title, lang):
        self.sheet = sheet
        self.fetcher = OdooFetcher(base_url, read)
        self.title = title
        self.lang = lang
        self.fonts = FontConfiguration()
        self.images = {}
        self.styles = {}

    def render(self, bodies, header=None, footer=None):
        """The PDF as bytes."""
        headers = _get_parts(header, "minimal_layout_report_headers")
        footers = _get_parts(footer, "minimal_layout_report_footers")
        documents = [
            self._lay_out(str(body), headers.get(index), footers.get(index))
            for index, body in enumerate(bodies)
        ]
        pages = [page for document in documents for page in document.pages]
        counts = [len(document.pages) for document in documents]
        starts = [0, *accumulate(counts)][: len(counts)]
        titles = [f"{self.title} {number + 1}" for number in range(len(starts))]
        return (
            documents[0]
            .copy(pages)
            .write_pdf(
                zoom=self.sheet.zoom,
                dpi=self.sheet.dpi,
                finisher=outline.Outline(titles, starts),
            )
        )

    def _lay_out(self, body, header, footer):
        tree = lxml.html.document_fromstring(body)
        for name, part in (("footer", footer), ("header", header)):
            if part is not None:
                _put_first(tree.body, f"paper-{name}", part)
        styles = self._take_styles(tree)
        self._complete_head(tree)
        html = lxml.html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>")
        document = HTML(
            string=html, base_url=self.fetcher.base_url, url_fetcher=self.fetcher
        )
        return document.render(
            font_config=self.fonts,
            cache=self.images,
            dpi=self.sheet.dpi,
            stylesheets=styles,
        )

    def _take_styles(self, tree):
        """The style sheets that the body names, each read once for all bodies."""
        styles = []
        for link in tree.xpath("//link[@rel='stylesheet'][@href]"):
            url = link.get("href")
            if url not in self.styles:
                self.styles[url] = self._read_style(url)
            styles.append(self.styles[url])
            link.getparent().remove(link)
        page = self.styles.setdefault("page", self._style(self.sheet.css()))
        return [style for style in styles if style] + [page]

    def _read_style(self, url):
        text = self.fetcher.read_style(url)
        return text and self._style(media.decide(text, self.sheet.pixels))

    def _style(self, text):
        return CSS(
            string=text,
            base_url=self.fetcher.base_url,
            url_fetcher=self.fetcher,
            font_config=self.fonts,
        )

    def _complete_head(self, tree):
        tree.attrib.pop("style", None)
        tree.set("lang", self._get_language(tree))
        for style in tree.iter("style"):
            style.text = media.decide(style.text or "", self.sheet.pixels)
        for base in tree.xpath("//base"):
            base.getparent().remove(base)
        head = tree.find("head")
        if head is None:
            head = etree.Element("head")
            tree.insert(0, head)
        if head.find("title") is None:
            etree.SubElement(head, "title").text = self.title

    def _get_language(self, tree):
        """The language of the body, by which the shape of its Chinese is chosen."""
        found = tree.xpath("//@data-oe-lang") or [self.lang or "en_US"]
        match = LANGUAGE.match(found[0])
        return "-".join(match.groups()) if match else "en"


def _get_parts(document, name):
    """Number of a body -> its header or footer, with the class of its document."""
    if not document:
        return {}
    tree = lxml.html.document_fromstring(str(document))
    found = tree.get_element_by_id(name, None)
    if found is None:
        return {}
    css_class = tree.body.get("class", "")
    return dict(enumerate((css_class, part) for part in found.iterchildren("*")))


def _put_first(body, name, part):
    css_class, element = part
    wrapper = etree.Element("div", {"class": f"{css_class} {name}"})
    wrapper.append(element)
    wrapper.tail, body.text = body.text, None
    body.insert(0, wrapper)
