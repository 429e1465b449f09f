"""Results as a markdown table, printed while they come and kept at the end."""

import tempfile
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"


class Report:
    """The tables of one run, and what missed its target."""

    def __init__(self, facts):
        self.lines = ["# Benchmarks", ""]
        self.lines += [f"* {name}: {value}" for name, value in facts.items()]
        self.missed = []

    def section(self, title, note, *headings):
        self.say("", f"## {title}", "", note, "")
        self.row(*headings)
        self.row(*("---" for _heading in headings))

    def row(self, *cells):
        self.say("| " + " | ".join(map(str, cells)) + " |")

    def target(self, what, ratio, limit, at_least=False):
        """Say whether a ratio keeps its promise."""
        kept = ratio >= limit if at_least else ratio <= limit
        sign = "≥" if at_least else "≤"
        verdict = "kept" if kept else "MISSED"
        self.say("", f"**{what}: {ratio:.2f} ({sign} {limit:g}): {verdict}**")
        if not kept:
            self.missed.append(what)

    def say(self, *lines):
        self.lines += lines
        print("\n".join(lines), flush=True)

    def save(self):
        """Into the checkout, or beside it where the server's user may not write."""
        text = "\n".join([*self.lines, ""])
        try:
            RESULTS.write_text(text, encoding="utf-8")
        except PermissionError:
            path = Path(tempfile.gettempdir()) / RESULTS.name
            path.write_text(text, encoding="utf-8")
            print(f"{RESULTS} may not be written: the result is in {path}")
