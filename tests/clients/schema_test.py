"""The JSON schema of topology files says what `hop check` says: the same keys, words and values."""

import concurrent.futures
import json
import os
import re
import textwrap
import unittest
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

import jsonschema
import yaml
from support import ROOT, hop, run

SCHEMA_FILE = ROOT / "tools" / "topology.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text(encoding="utf-8"))
NO_KEY = "zzzzzzzz"  # like no key there is

# Of every kind that a key may have, right in some places and wrong in others.
VALUES = ("zzzzzzzz", True, None, 0, -1, 65536, "5ms", "100/s", "198.18.0.2", "198.18.0.2/33", [],
          {NO_KEY: 1})
# Of one kind, right and wrong, each for a place that takes the kind.
VALUES_OF = {
    "/links[]/delay": ("0s", "1.5s", "1.5ns", "0.0001us", "1.0000000001s", "5 ms", "5MS", "5", 5,
                       "01s", ".5s", "1.s", "-1s", "1h"),
    "/nodes/r1/reassembly-timeout": ("0s", "0.0s", "10ms", "0.1s"),
    "/links[]/rate": ("0mbit", "0.0mbit", "1bit", "1.5kbit", "0.5bit", "10Mbit", "1gbit", "10mbps"),
    "/nodes/r1/nat/forward[]/to": ("192.0.2.1:0", "192.0.2.1:65535", "192.0.2.1:65536",
                                   "192.0.2.1:", ":80", "192.0.2.1:080"),
    "/nodes/r1/icmp/rate": ("1/s", "0/s", "01/s", "1.5/s", "unlimited", "1/min", "5"),
    "/nodes/r1/icmp/quote": ("full", 7, 8, 65507, 65508, 8.5),
    "/nodes/r1/router-id": ("192.0.2.256", "192.0.2.02", "192.0.2", "192.0.2.1.", "192.0.2.1/32",
                            "0.0.0.0.0", "1234"),
    "/nodes/r1/icmp/extended-echo/local[]": ("default", "10.0.0.0/8", "10.0.0.0/33", "10.0.0.0/08",
                                             "10.0.0.0/", "192.0.2.1", "0.0.0.0/0", "all"),
    "/nodes/r1/filter[]/ports": (0, 65535, "1024-65535", "53-", "-53", "1-2-3", "a"),
    "/nodes/r1/udp/echo": ([7], [7, 7], [0], 7, ["7"][:0], [65535]),
    "/nodes/r1/options": ("process", {"2": "drop"}, {"1": "drop"}, {"256": "drop"}, {"7": "no"}),
    "/links[]/endpoints[]/name": ("ge-0/0/1", "a b", "", "x" * 63, "x" * 64, 7),
    "/tuns/tun0/netns": ("left", "a/b", "..", ".", "", 7),
}

# What a schema cannot say, or not without hiding what it says: hop alone refuses these.
BEYOND_A_SCHEMA = (
    "an interval from", "whole seconds from",                        # bounds of a duration
    "which has host bits",                                           # 10.1.0.0/8
    "lacks its prefix length", "is not in the link's subnet",        # addresses and subnets
    "is an address of", "is on no link of", "is for links", "is not for links", "is the network or",
    "overlaps with", "is taken", "nobody has", "no address", "not an address", "cannot be",
    "no TUN or node is named", "no node is named", "is on no link", "is a TUN", "on a link already",
    "lacks 'external'",
    "has a route to", "a tunnel", "stands here twice", "no link in common", "is a host",
    "for another tunnel already", "labels, one for each link", "'min-interval' is above", "'lifetime' is below",
    "the queue never gets", "is more than the delay of", "needs a 'delay'", "needs a 'jitter'",
    "does not fit into 'every'", "is for the default routes of hosts",
    "a duration of 1ms or more", "no link is named", "is no end of link", "cannot change while the network runs")


class Yaml12(yaml.SafeLoader):
    """As editors read YAML, and hop: `off` and `1:30` are plain words, `<<` is a key."""


Yaml12.yaml_implicit_resolvers = {}
for tag, pattern, first in (
        ("bool", r"true|false", "tf"), ("null", r"~|null|", ["~", "n", ""]),
        ("int", r"[-+]?[0-9]+", "-+0123456789"),
        ("float", r"[-+]?([0-9]+\.[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?", "-+.0123456789")):
    Yaml12.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", re.compile(f"^({pattern})$"),
                                 list(first))


def read_yaml(text: str) -> Any:
    """The document, with keys that are words, as in JSON."""
    def named(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): named(inner) for key, inner in value.items()}
        return [named(item) for item in value] if isinstance(value, list) else value
    return named(yaml.load(text, Yaml12))


class Place(NamedTuple):
    """A schema within the schema, and the way from a value for it to a whole file."""

    name: str
    schema: dict
    put: Callable[[Any], Any]


def resolved(schema: dict) -> dict:
    """What a reference leads to, with what stands beside it."""
    if "$ref" not in schema:
        return schema
    target = SCHEMA
    for step in schema["$ref"].removeprefix("#/").split("/"):
        target = target[step]
    return {**resolved(target), **{key: schema[key] for key in schema if key != "$ref"}}


def places(schema: dict, put: Callable[[Any], Any] = lambda value: value,
           name: str = "") -> Iterator[Place]:
    """Every schema within this one, each with a file around it that is right otherwise."""
    schema = resolved(schema)
    yield Place(name, schema, put)
    for alternative in schema.get("anyOf", ()):
        yield from places(alternative, put, name)
    example = schema.get("examples", [None])[0]
    inner = dict(schema.get("properties", {}))
    if isinstance(schema.get("additionalProperties"), dict):
        inner[next(iter(example))] = schema["additionalProperties"]
    for key, value in inner.items():
        around = example or {}
        if key not in around and "oneOf" in schema:  # a route says one thing of three
            around = {one: around[one] for one in schema["required"]}
            if key in ("to", "tos", "every"):
                around = example
        yield from places(value, lambda v, k=key, a=around: put({**a, k: v}), f"{name}/{key}")
    if "items" in schema:
        before = (example or [None])[:-1]
        yield from places(schema["items"], lambda v: put([*before, v]), f"{name}[]")


PLACES = tuple(places(SCHEMA))
PUT = {place.name: place.put for place in PLACES}
MAPS = [place for place in PLACES if "properties" in place.schema]
WORDS = [place for place in PLACES if "enum" in place.schema or "const" in place.schema]
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def mistakes_in_text(text: str) -> list[str]:
    """What `hop check` says is wrong."""
    outcome = run(hop(), "check", "--json", "/dev/stdin", text=text)
    if outcome.status not in (0, 2):
        raise AssertionError(outcome)
    return [error["message"] for error in json.loads(outcome.out).get("errors", [])]


def mistakes_in(document: Any) -> list[str]:
    """The same for what is no text yet."""
    return mistakes_in_text(json.dumps(document, ensure_ascii=False))


def mistakes_in_all(documents: Iterable[Any]) -> list[list[str]]:
    """The same of each, several at a time."""
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(mistakes_in, documents))


def beyond(mistakes: list[str]) -> bool:
    """Is all that hop says something that a schema cannot?"""
    return all(any(words in mistake for words in BEYOND_A_SCHEMA) for mistake in mistakes)


class Schema(unittest.TestCase):
    """The file itself."""

    def test_is_a_schema(self):
        """Of draft 2020-12."""
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_is_printed(self):
        """By the program that goes with it."""
        outcome = run(hop(), "schema")
        self.assertEqual((outcome.status, outcome.err), (0, ""))
        self.assertEqual(outcome.out, SCHEMA_FILE.read_text(encoding="utf-8"))

    def test_describes_every_key(self):
        """For editors to show."""
        for place in MAPS:
            for key, value in place.schema["properties"].items():
                with self.subTest(f"{place.name}/{key}"):
                    self.assertIn("description", resolved(value))
                    self.assertGreater(len(resolved(value)), 1, "says nothing of the value")

    def test_knows_no_keys_beyond_its_own(self):
        """Every map is closed."""
        for place in MAPS:
            with self.subTest(place.name):
                self.assertIs(place.schema["additionalProperties"], False)


class SameAsHop(unittest.TestCase):
    """What the schema takes, hop takes, and what it refuses, hop refuses."""

    def test_keys(self):
        """Of every map: hop names the keys that it knows when it is given one that it does not."""
        for place in MAPS:
            with self.subTest(place.name):
                example = place.schema.get("examples", [{}])[0]
                mistakes = "\n".join(mistakes_in(place.put({**example, NO_KEY: 1})))
                found = re.search(rf"unknown (?:key|option) '{NO_KEY}'; expected "
                                  r"(?:a number or )?one of: (.*)", mistakes)
                self.assertIsNotNone(found, mistakes)
                keys = {key for key, value in place.schema["properties"].items()
                        if not value.get("deprecated")}
                self.assertEqual(keys, set(found[1].split(", ")))

    def test_words(self):
        """Hop takes each; and where it lists all that it takes, it lists these."""
        for place in WORDS:
            words = place.schema.get("enum", [place.schema.get("const")])
            for word, mistakes in zip(words, mistakes_in_all(map(place.put, words)), strict=True):
                with self.subTest(f"{place.name}: {word}"):
                    self.assertFalse([m for m in mistakes if "expected" in m and "found" in m])
            listed = re.match("expected ([a-z0-9-]+(?:(?:, | or )[a-z0-9-]+)+), found",
                              "".join(mistakes_in(place.put(NO_KEY))))
            with self.subTest(place.name):
                if listed:
                    self.assertGreaterEqual({str(word) for word in words},
                                            set(re.split(", | or ", listed[1])))

    def test_values(self):
        """Of every place in a file, with values of all kinds."""
        files = [(f"{name}: {value!r}", put(value)) for name, put in PUT.items()
                 for value in VALUES + VALUES_OF.get(name, ())]
        told = mistakes_in_all(document for _, document in files)
        for (name, document), mistakes in zip(files, told, strict=True):
            with self.subTest(name, mistakes=mistakes):
                if VALIDATOR.is_valid(document):
                    self.assertTrue(beyond(mistakes), mistakes)
                else:
                    self.assertTrue(mistakes)

    def test_places_of_values_exist(self):
        """Lest a key that is renamed takes its values away."""
        self.assertLessEqual(set(VALUES_OF), set(PUT))


class Files(unittest.TestCase):
    """Whole files."""

    def assert_right(self, text: str):
        """By the schema and by hop."""
        VALIDATOR.validate(read_yaml(text))
        self.assertEqual(mistakes_in_text(text), [])

    def test_topologies_of_the_project(self):
        """The tour, the replays, the conformance suite's, the examples."""
        files = [ROOT / "tools" / "tour.yaml", *ROOT.glob("tests/replay/*.yaml"),
                 *ROOT.glob("tools/conform/hop*.yaml"), *ROOT.glob("tools/examples/**/*.yaml")]
        self.assertGreater(len(files), 20)
        for file in files:
            with self.subTest(file.relative_to(ROOT)):
                self.assert_right(file.read_text(encoding="utf-8"))

    def test_topologies_of_the_reader(self):
        """Those that its tests read."""
        source = (ROOT / "tests/tools/good_file_test.cpp").read_text(encoding="utf-8")
        texts = re.findall(r'R"\((.*?)\)"', source, re.DOTALL)
        whole = [text for text in texts if "\ntuns:" in text]
        nodes = [text for text in texts if text.startswith("{")]
        self.assertGreater(min(len(whole), len(nodes)), 5)
        for text in whole + [f"tuns: {{ tun0: {{ address: 198.18.0.1/24 }} }}\nnodes: {{ r1: {n} }}"
                             "\nlinks: [{ endpoints: [tun0, r1] }]\n" for n in nodes]:
            with self.subTest(text):
                self.assert_right(text)

    def test_topologies_of_the_documentation(self):
        """In the README and in hop(8)."""
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        manual = (ROOT / "tools/hop.8").read_text(encoding="utf-8")
        self.assert_right(textwrap.dedent(re.search(r"^    name: .*\n(?:    .*\n|\n)*", readme,
                                                    re.MULTILINE)[0]))
        self.assert_right(re.search(r"^tuns:.*?(?=^\.Ed)", manual, re.DOTALL | re.MULTILINE)[0])


if __name__ == "__main__":
    unittest.main()
