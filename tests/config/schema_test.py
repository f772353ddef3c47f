#!/usr/bin/env python3
"""docs/tocsin.schema.json against the reader: what the schema knows, the reader
knows, and the schema is never the stricter one.

Usage: schema_test.py TOCSINCTL"""

import copy
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
from concurrent import futures

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCHEMA = ROOT / "docs" / "tocsin.schema.json"
INCLUDED_SCHEMA = ROOT / "docs" / "tocsin.included.schema.json"
REFERENCE = ROOT / "docs" / "configuration.md"
GOOD = ROOT / "tests" / "testdata" / "config" / "good"
BAD = ROOT / "tests" / "testdata" / "config" / "bad"
EXAMPLES = ROOT / "examples"
DESIGN = ROOT.parent / "shared" / "design" / "example.yml"
MAIN_FOLDERS = (GOOD, BAD, EXAMPLES, DESIGN.parent)
TOCSINCTL = sys.argv.pop(1) if len(sys.argv) > 1 else "tocsinctl"

try:
    import jsonschema

    import schema_mutants as mutants
    import schema_places as places
except ImportError as missing:
    print(f"NOT TESTED: {SCHEMA.name}, because {missing} "
          "(packages python3-jsonschema, python3-yaml)")
    sys.exit(1 if os.environ.get("CI") else 0)

# In every_key.yml and what it includes each key stands at least once.
EVERY_KEY = "every_key.yml"
INCLUDED = "every_key/teams.yml"
UNKNOWN = "zzzz"
MUTATIONS = 1500
SEED = 20260101

# What no JSON Schema can see, and the faulty files that have nothing else.
UNSEEN = {
    "that a name refers to nothing": """
        chat_channel_dangling_provider contact_method_dangling_provider dangling_chain
        last_resort_dangling layer_user_dangling receiver_dangling
        repeat_from_a_later_label route_references_dangle source_default_team_dangling
        step_references_dangle step_webhook_of_another_kind team_member_dangling
        token_user_dangling way_out_dangling""",
    "that a name is taken, or a key given twice": """
        chain_alias_is_a_name chain_alias_none duplicate_key
        include_alias_of_another_file include_name_in_two_files label_twice route_names
        schedule_alias_of_two team_alias_of_two time_interval_name_twice
        notify_users_by_name_and_alias token_hash_opens_two_doors token_opens_two_doors user_alias_is_a_name
        user_alias_of_two""",
    "what follows from several steps or teams together": """
        escalation_in_a_circle escalation_to_itself no_policy_for_a_user
        repeat_forever_in_the_middle repeat_with_a_condition_for_wait
        repeat_without_a_wait resolve_in_the_middle""",
    "which of two times comes first, and the calendar": """
        if_time_between_of_no_time layer_only_backwards layer_start_that_never_was
        time_interval_days_that_may_be_backwards time_interval_months_backwards
        time_interval_over_midnight time_interval_weekdays_wrap
        time_interval_years_backwards""",
    "that a length of years is too long": """
        retention_too_long""",
    "the time zones of the system": """
        if_time_between_time_zone_unknown schedule_time_zone_unknown
        time_interval_location_unknown time_zone_unknown user_time_zone_unknown""",
    "the syntax of matchers and of RE2": """
        route_matcher_syntax route_regex route_regex_of_any_byte
        route_regex_of_two_halves""",
    "other files, secrets and credentials": """
        credential_without_systemd include_names_a_folder include_of_the_main_file
        include_without_a_file secret_files""",
    "the syntax of YAML": """
        alias_inside_itself broken_yaml control_character empty include_broken_yaml
        include_of_an_empty_file key_that_is_no_text not_utf8 tags two_documents
        include_quote_never_closed last_key_without_a_colon quote_never_closed
        token_cut_in_its_quote undefined_alias unknown_directive""",
}


def is_included(path):
    return path.name != "main.yml" and path.parent not in MAIN_FOLDERS


def yaml_files(folder):
    return sorted(folder.rglob("*.yml"))


class Reader:
    """The real one, in a copy of the folder of good files."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = pathlib.Path(self.folder.name)
        shutil.copytree(GOOD, self.root, dirs_exist_ok=True)

    def says(self, name, document):
        """Its exit code and words about `document` in the place of `name`."""
        with tempfile.TemporaryDirectory(dir=self.root) as stage:
            stage = pathlib.Path(stage)
            for entry in self.root.iterdir():
                if not entry.name.startswith("tmp"):
                    (stage / entry.name).symlink_to(entry)
            if "/" in name:
                self._unlink_folder(stage, name)
            (stage / name).unlink()
            (stage / name).write_text(json.dumps(document))
            main = stage / (EVERY_KEY if "/" in name else name)
            ran = subprocess.run([TOCSINCTL, "check-config", main], timeout=60,
                                 capture_output=True, text=True, check=False)
            return ran.returncode, ran.stdout + ran.stderr

    def _unlink_folder(self, stage, name):
        folder = stage / pathlib.Path(name).parent
        folder.unlink()
        shutil.copytree(self.root / folder.name, folder)


def with_value(document, path, value):
    changed = copy.deepcopy(document)
    if not path:
        return value
    at = changed
    for key in path[:-1]:
        at = at[key]
    at[path[-1]] = value
    return changed


def listed(words, what, path):
    """The words that the reader names for what it does not know at `path`."""
    pattern = (re.escape(f" {places.path_text(path)}: \"{UNKNOWN}\" is not ") +
               f"an? {what} " + r"[^(\n]*\(([^)\n]*)\)")
    found = re.search(pattern, words)
    return set(found[1].split(", ")) if found else None


class TheSchema(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        root = json.loads(SCHEMA.read_text())
        cls.main = places.Schema(root, jsonschema.Draft202012Validator)
        cls.included = cls.main.entry("included")
        cls.reader = Reader()

    @classmethod
    def tearDownClass(cls):
        cls.reader.folder.cleanup()

    def schema_of(self, path):
        return self.included if is_included(path) else self.main

    def every_key(self):
        for name, schema in ((EVERY_KEY, self.main), (INCLUDED, self.included)):
            yield name, schema, places.read((GOOD / name).read_bytes())

    def takes(self, path):
        try:
            return self.schema_of(path).takes(places.read(path.read_bytes()))
        except places.NotForSchemas:
            return True

    def test_is_a_schema(self):
        jsonschema.Draft202012Validator.check_schema(self.main.root)
        pointed = json.loads(INCLUDED_SCHEMA.read_text())
        self.assertEqual(pointed["$ref"], f"{SCHEMA.name}#/$defs/included")

    def test_takes_good_files_and_examples(self):
        files = yaml_files(GOOD) + yaml_files(EXAMPLES)
        files.remove(EXAMPLES / "alertmanager.yml")
        files.remove(EXAMPLES / "web.yml")
        if DESIGN.exists():
            files.append(DESIGN)
        else:
            print(f"NOT TESTED: {DESIGN}, because it is not there")
            self.assertFalse(os.environ.get("CI"))
        for file in files:
            with self.subTest(file=file):
                document = places.read(file.read_bytes())
                schema = self.schema_of(file)
                validator = jsonschema.Draft202012Validator(schema.root)
                best = jsonschema.exceptions.best_match(validator.iter_errors(document))
                self.assertIsNone(best)

    def test_refuses_all_faulty_files_but_those_it_cannot_see(self):
        cases = {}
        for file in yaml_files(BAD):
            case = file.relative_to(BAD).parts[0].removesuffix(".yml")
            cases[case] = cases.get(case, False) or not self.takes(file)
        unseen = {case for case, refused in cases.items() if not refused}
        excepted = [case for kind in UNSEEN.values() for case in kind.split()]
        self.assertEqual(len(excepted), len(set(excepted)))
        self.assertEqual(unseen, set(excepted))
        self.assertGreaterEqual(len(cases) - len(unseen), 100)

    def test_every_key_is_in_the_file_of_all_keys(self):
        seen = set()
        for _, schema, document in self.every_key():
            for _, value, holding in schema.places(document):
                if isinstance(value, dict):
                    seen |= {(id(part), key) for part in holding for key in value}
        missing = sorted({key for part in self.main.closed()
                          for key, value in part["properties"].items()
                          if part is not self.main.root["$defs"]["included"]
                          and value.get("not") != {} and (id(part), key) not in seen})
        self.assertEqual(missing, [])

    def test_knows_the_keys_that_the_reader_knows(self):
        def compare(name, document, path, keys):
            place = (*path, UNKNOWN)
            code, words = self.reader.says(name, with_value(document, place, 1))
            return path, code, listed(words, "key", place), keys, words

        self.compare_all(compare, lambda value, holding: places.keys_at(holding)
                         if isinstance(value, dict) else set())

    def test_knows_the_words_that_the_reader_knows(self):
        def compare(name, document, path, words):
            code, said = self.reader.says(name, with_value(document, path, UNKNOWN))
            what = r"\w+(?: \w+)*?"
            return path, code, listed(said, what, path), words, said

        self.compare_all(compare, lambda value, holding: places.words_at(holding))

    def compare_all(self, compare, known):
        with futures.ThreadPoolExecutor() as pool:
            answers = [
                pool.submit(compare, name, document, path, known(value, holding))
                for name, schema, document in self.every_key()
                for path, value, holding in schema.places(document)
                if known(value, holding)]
        self.assertGreater(len(answers), 5)
        for answer in answers:
            path, code, named, expected, words = answer.result()
            with self.subTest(path=places.path_text(path)):
                self.assertEqual(code, 1, words)
                self.assertEqual(named, expected, words)

    def test_is_never_stricter_than_the_reader(self):
        chance = random.Random(SEED)
        documents = [(file.name, places.read(file.read_bytes()))
                     for file in sorted(GOOD.glob("*.yml"))]
        refused = []
        for _ in range(MUTATIONS):
            name, document = chance.choice(documents)
            mutant = mutants.mutated(document, chance)
            if not self.main.takes(mutant):
                refused.append((name, mutant))
        self.assertGreater(len(refused), 300)
        with futures.ThreadPoolExecutor() as pool:
            answers = pool.map(lambda one: (one, self.reader.says(*one)), refused)
            for (name, mutant), (code, words) in answers:
                with self.subTest(file=name):
                    self.assertEqual(code, 1, self.explained(mutant) + words)

    def explained(self, mutant):
        errors = jsonschema.Draft202012Validator(self.main.root).iter_errors(mutant)
        best = jsonschema.exceptions.best_match(errors)
        place = places.path_text(best.absolute_path)
        return f"the schema says: {place}: {best.message}\nthe reader says: "

    def test_the_reference_names_every_key(self):
        text = REFERENCE.read_text()
        keys = {key for part in self.main.closed() for key in part["properties"]}
        self.assertEqual(sorted(k for k in keys if f"`{k}`" not in text), [])


if __name__ == "__main__":
    unittest.main()
