"""docs/testing.md names a test for each decision that is built, and each named
test exists."""

import pathlib
import re
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "testing.md"
DECISIONS = range(1, 23)


def rows():
    """The names of tests by the number of the decision."""
    found = {}
    for line in PAGE.read_text().splitlines():
        row = re.match(r"\| (\d+) \|[^|]*\|(.*)\|$", line)
        if row:
            names = re.findall(r"`(\w+)`", row[2])
            found[int(row[1])] = names or row[2].strip()
    return found


def tests():
    """Every word in the tests that could be the name of one."""
    words = set()
    for path in (ROOT / "tests").rglob("*"):
        if path.suffix in (".cc", ".h", ".py") and path != pathlib.Path(__file__):
            words.update(re.findall(r"\b[a-z]\w+\b", path.read_text()))
    return words


class Decisions(unittest.TestCase):
    def test_each_decision_has_a_test(self):
        named = rows()
        self.assertEqual(sorted(named), list(DECISIONS))
        silent = [n for n in DECISIONS if not named[n]]
        self.assertEqual(silent, [], "name a test, or say: not built")
        for number, names in named.items():
            if isinstance(names, str):
                self.assertEqual(names, "not built", f"decision {number}")

    def test_each_named_test_exists(self):
        known = tests()
        named = [names for names in rows().values() if isinstance(names, list)]
        missing = [name for names in named for name in names if name not in known]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
