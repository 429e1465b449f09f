"""Brings an addon's i18n/ up to the terms Odoo exported.

merge_translations.py EXPORT-FOLDER [--check]

EXPORT-FOLDER holds a .pot per addon. Each becomes the addon's ``i18n/NAME.pot``, and
its terms are merged into ``i18n/zh_CN.po``: known translations stay, terms that are
gone go, and a label inherited from core ("Action Needed") takes core's translation.
With --check nothing is written; the exit code tells whether anything would have to be.
"""

import os
import sys
from pathlib import Path

import polib

ROOT = Path(os.environ["KA_ROOT"])
LANGUAGE = "zh_CN"
HEADERS = {"Language": LANGUAGE, "Plural-Forms": "nplurals=1; plural=0;"}
# Addons whose models ours inherit: their labels appear among our terms.
INHERITED = ("base", "web", "mail", "portal", "rating", "phone_validation", "sms")

# Terms without translation that are listed, of each addon.
SHOWN = 20


def addon_folder(name):
    direct = ROOT / name
    return direct if direct.is_dir() else ROOT / "addons" / name


def core_translations():
    found = {}
    for core in os.environ["KA_ODOO_CORE"].split(","):
        for addon in INHERITED:
            path = Path(core, addon, "i18n", f"{LANGUAGE}.po")
            for entry in polib.pofile(path) if path.exists() else ():
                if entry.msgstr:
                    found.setdefault(entry.msgid, entry.msgstr)
    return found


def terms(catalogue):
    """What makes two catalogues differ: terms, where they are used, what they mean."""
    return {
        entry.msgid: (sorted(entry.occurrences), entry.comment, entry.msgstr)
        for entry in catalogue
        if not entry.obsolete
    }


def merge(pot, po, core):
    """A new catalogue with the terms of ``pot`` and the translations of ``po``."""
    known = {e.msgid: e.msgstr for e in po if e.msgstr and not e.fuzzy}
    merged = polib.POFile(wrapwidth=78)
    merged.header = po.header or pot.header
    merged.metadata = {**pot.metadata, **po.metadata, **HEADERS}
    for entry in pot:
        translation = known.get(entry.msgid) or core.get(entry.msgid, "")
        merged.append(
            polib.POEntry(
                msgid=entry.msgid,
                msgstr=translation,
                comment=entry.comment,
                occurrences=entry.occurrences,
                flags=list(entry.flags),
            )
        )
    return merged


def drop_twice_found(pot):
    """Code in addons/ is found there and once more from the checkout above it."""
    for entry in pot:
        entry.occurrences = [
            place
            for place in entry.occurrences
            if not place[0].startswith("code:addons/addons/")
        ]
    return pot


def read(path):
    return polib.pofile(path) if path.exists() else polib.POFile()


def update(name, exported, core, check):
    """Returns what is wrong with the addon's translations, as lines."""
    folder = addon_folder(name) / "i18n"
    pot_path, po_path = folder / f"{name}.pot", folder / f"{LANGUAGE}.po"
    pot, po = drop_twice_found(polib.pofile(exported)), read(po_path)
    merged = merge(pot, po, core)
    stale = [
        f"{path.relative_to(ROOT)} is stale: run ./dev i18n"
        for path, new in ((pot_path, pot), (po_path, merged))
        if terms(read(path)) != terms(new)
    ]
    untranslated = merged.untranslated_entries()
    missing = [f"  not translated: {e.msgid!r}" for e in untranslated[:SHOWN]]
    if missing:
        where = po_path.relative_to(ROOT)
        missing.insert(0, f"{where}: {len(untranslated)} terms without translation")
    if check:
        return stale + missing
    folder.mkdir(exist_ok=True)
    if stale or po.metadata != merged.metadata:
        pot.save(pot_path)
        merged.save(po_path)
    return missing


def main(export, *options):
    core = core_translations()
    problems = []
    for exported in sorted(Path(export).glob("*.pot")):
        problems += update(exported.stem, exported, core, "--check" in options)
    print("\n".join(problems) or "translations are complete")
    return bool(problems) and "--check" in options


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
