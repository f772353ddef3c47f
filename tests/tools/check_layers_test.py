"""Plants one violation of each kind in an empty tree and sees it refused."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
CHECK = ROOT / "tools" / "check_layers.py"


def run(root):
    return subprocess.run(
        [sys.executable, CHECK, root], capture_output=True, text=True, check=False
    )


class CheckLayers(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name)

    def write(self, name, *lines):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n")

    def expect_refused(self, sentence):
        answer = run(self.root)
        self.assertEqual(answer.returncode, 1, answer.stdout)
        self.assertIn(sentence, answer.stdout)

    def expect_taken(self):
        answer = run(self.root)
        self.assertEqual((answer.returncode, answer.stdout), (0, ""))

    def test_this_tree_keeps_its_direction(self):
        answer = run(ROOT)
        self.assertEqual((answer.returncode, answer.stdout), (0, ""))

    def test_own_folder_and_lower_levels_are_taken(self):
        self.write("web/a.cc", '#include "web/a.h"', '#include "engine/ports.h"')
        self.expect_taken()

    def test_a_higher_level_is_refused(self):
        self.write("paging/a.cc", "", '#include "engine/ports.h"')
        self.expect_refused("paging/a.cc:2: includes engine/ports.h")

    def test_a_neighbour_is_refused(self):
        self.write("store/sqlite/a.cc", '#include "web/auth.h"')
        self.expect_refused("store/ is level 5, web/ is level 5")

    def test_a_folder_without_a_level_is_refused(self):
        self.write("util/a.h", "int a;")
        self.expect_refused("folder util/ has no level")

    def test_a_library_outside_its_folder_is_refused(self):
        self.write("engine/a.cc", "#include <sqlite3.h>")
        self.expect_refused("belongs to store alone")

    def test_a_header_that_brings_a_library_along_is_private(self):
        self.write("http/a.h", "#include <curl/curl.h>")
        self.write("http/a.cc", '#include "http/a.h"')
        self.expect_taken()
        self.write("notify/a.cc", '#include "http/a.h"')
        self.expect_refused("notify/a.cc:1: includes http/a.h, which brings")

    def test_tests_include_what_they_like(self):
        self.write("tests/a.cc", '#include "daemon/app.h"', "#include <sqlite3.h>")
        self.expect_taken()
        self.write("daemon/a.cc", '#include "tests/support/a.h"')
        self.expect_refused("which is for tests")

    def test_a_thread_in_the_core_is_refused(self):
        self.write("routing/a.cc", "#include <mutex>")
        self.expect_refused("the core is pure")

    def test_a_clock_read_elsewhere_is_refused(self):
        self.write("base/clock.cc", "std::chrono::system_clock::now();")
        self.write("http/a.cc", "std::chrono::steady_clock::now();")
        self.expect_taken()
        self.write("http/b.cc", "std::chrono::system_clock::now();")
        self.expect_refused("http/b.cc:1: system_clock::now()")

    def test_a_steady_clock_in_the_core_is_refused(self):
        self.write("paging/a.cc", "auto t = std::chrono::steady_clock::now();")
        self.expect_refused("only base/clock.cc reads clocks")


if __name__ == "__main__":
    unittest.main()
