"""What ./dev asks about the addons here: which, in what order, what changed.

addons.py list        names, each after those it depends on
addons.py paths       the same with their folders
addons.py sums        the same with a checksum of what a database depends on
addons.py plan SET    the template databases SET needs, first to last, a line each:
                      name, parent (or -), addons to install, yes when with demo data

A SET is an addon's name, ``all`` (every addon, no demo data) or ``suite`` (with it).
"""

import ast
import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(os.environ.get("KA_ROOT", Path(__file__).parents[2]))
# Tests and documents change no database.
IGNORED_FOLDERS = {"tests", "readme", "__pycache__", "description"}
IGNORED_SUFFIXES = {".md", ".rst", ".pot", ".pyc", ".toml"}


class Addons:
    """The addons found in the checkout, by name."""

    def __init__(self, root):
        manifests = sorted(root.glob("*/__manifest__.py"))
        manifests += sorted(root.glob("addons/*/__manifest__.py"))
        self.folders = {path.parent.name: path.parent for path in manifests}
        self.manifests = {
            name: ast.literal_eval((folder / "__manifest__.py").read_text("utf-8"))
            for name, folder in self.folders.items()
        }

    def depends(self, name):
        return self.manifests[name].get("depends", [])

    def closure(self, name):
        """``name``, those of ours it stands on, and the bridges that then install."""
        found = {name}
        while True:
            more = {d for a in found for d in self.depends(a) if d in self.folders}
            more |= {a for a in self.folders if self._installs_itself(a, found)}
            if more <= found:
                return found
            found |= more

    def _installs_itself(self, name, others):
        """A bridge between addons of ours comes by itself once they are all there."""
        auto = self.manifests[name].get("auto_install")
        triggers = self.depends(name) if auto is True else auto or []
        return bool(triggers) and all(t in others for t in triggers)

    def ordered(self):
        """Every addon after those it depends on; otherwise by name."""
        return sorted(self.folders, key=lambda name: (self._depth(name), name))

    def _depth(self, name):
        ours = [d for d in self.depends(name) if d in self.folders]
        return 1 + max(map(self._depth, ours), default=0)

    def core(self, names):
        """What these need of Odoo's own addons."""
        return sorted({d for n in names for d in self.depends(n)} - set(self.folders))

    def files(self, name):
        folder = self.folders[name]
        for path in sorted(folder.rglob("*")):
            parts = path.relative_to(folder).parts
            if path.suffix in IGNORED_SUFFIXES or IGNORED_FOLDERS & set(parts[:-1]):
                continue
            if path.is_file():
                yield path.relative_to(folder), path

    def checksum(self, name):
        total = hashlib.sha256()
        for relative, path in self.files(name):
            total.update(f"{relative}\0".encode() + path.read_bytes())
        return total.hexdigest()


class Plan:
    """The template databases that lead to a set, each a clone of the one before."""

    def __init__(self, addons, version):
        self.addons = addons
        self.version = version
        self.lines = []

    def add(self, label, parent, modules, demo, *sums):
        made_of = repr((self.version, label, parent, modules, sums)).encode()
        name = f"tpl_{label}_{hashlib.sha256(made_of).hexdigest()[:10]}"
        with_demo = "yes" if demo else "no"
        self.lines.append((name, parent or "-", ",".join(modules), with_demo))
        return name

    def core(self, names, demo):
        label = "core_demo" if demo else "core"
        return self.add(label, None, ["base", "web", *self.addons.core(names)], demo)

    def addon(self, name):
        """From the template of the largest addon below, else from core's."""
        ours = [d for d in self.addons.depends(name) if d in self.addons.folders]
        if ours:
            below = max(ours, key=lambda a: (len(self.addons.closure(a)), a))
            parent = self.addon(below)
        else:
            parent = self.core([name], demo=False)
        sums = [self.addons.checksum(a) for a in sorted(self.addons.closure(name))]
        return self.add(name, parent, [name], False, *sums)

    def whole(self, demo):
        names = self.addons.ordered()
        sums = [self.addons.checksum(a) for a in names]
        if demo or not names:
            parent = self.core(names, demo=demo)
        else:
            parent = self.addon(max(names, key=lambda a: len(self.addons.closure(a))))
        return self.add("suite" if demo else "all", parent, names, demo, *sums)

    def build(self, target):
        if target in ("suite", "all"):
            self.whole(demo=target == "suite")
        elif target in self.addons.folders:
            self.addon(target)
        else:
            sys.exit(f"there is no addon {target} here")
        return self.lines


def main(command, *arguments):
    addons = Addons(ROOT)
    if command == "plan":
        rows = Plan(addons, os.environ.get("KA_ODOO_STAMP", "")).build(*arguments)
    elif command == "sums":
        rows = [(name, addons.checksum(name)) for name in addons.ordered()]
    elif command == "paths":
        rows = [(name, addons.folders[name]) for name in addons.ordered()]
    else:
        rows = [(name,) for name in addons.ordered()]
    for row in rows:
        print(*row, sep="\t")


if __name__ == "__main__":
    main(*sys.argv[1:] or ["list"])
