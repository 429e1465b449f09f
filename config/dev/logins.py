"""Prints config/dev/logins.csv (role, login, password, sees) as a table."""

import csv
import sys
import unicodedata


def width(text):
    """Columns on a terminal, where a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def main(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = [row for row in csv.reader(file) if row]
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (c + " " * (w - width(c)) for c, w in zip(row, widths, strict=True))
        print("  " + "  ".join(cells).rstrip())


if __name__ == "__main__":
    main(sys.argv[1])
