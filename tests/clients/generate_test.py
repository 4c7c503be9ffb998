"""`hop generate`: networks of every shape that load, and whose routers reach each other."""

import collections
import re
import unittest

from support import hop, run, scratch

SHAPES = ("chain", "ring", "tree", "grid", "internet")


def generated(*words: str) -> str:
    """What `hop generate` prints."""
    outcome = run(hop(), "generate", *words)
    assert outcome.status == 0, outcome
    return outcome.out


def edges(text: str) -> list[tuple[str, str]]:
    """The links between routers."""
    return re.findall(r"endpoints: \[(r\d+), (r\d+)\]", text)


class Generate(unittest.TestCase):
    """A file for `hop run`, with what was asked for."""

    def test_every_shape_is_a_network(self):
        """The last router answers across all of it."""
        for shape in SHAPES:
            with self.subTest(shape=shape), scratch() as directory:
                file = directory / "lab.yaml"
                file.write_text(generated(shape, "--routers", "40", "--delay", "1ms"))
                outcome = run(hop(), "ping", "--file", str(file), "--from", "r0", "-c", "1", "r39")
                self.assertEqual(outcome.status, 0, outcome)

    def test_one_router(self):
        """The smallest of each."""
        for shape in SHAPES:
            self.assertEqual(edges(generated(shape, "--routers", "1")), [], shape)

    def test_number_of_links(self):
        """A tree of n routers has n - 1, a ring n, a grid of 6 by 6 twice 30."""
        counts = {"chain": 35, "ring": 36, "tree": 35, "grid": 60}
        for shape, count in counts.items():
            self.assertEqual(len(edges(generated(shape, "--routers", "36"))), count, shape)

    def test_seed(self):
        """The same seed gives the same network, another one another."""
        one, same, other = (generated("internet", "--routers", "200", "--seed", seed)
                            for seed in ("1", "1", "2"))
        self.assertEqual(one, same)
        self.assertNotEqual(edges(one), edges(other))

    def test_degrees_of_the_internet(self):
        """Few routers have very many links and most have two: a power of about -2.1. Of those with k
        links or more there are then about k to the -1.1 as many, so 100 times the links are had by
        160 times fewer."""
        degree = collections.Counter(
            router for edge in edges(generated("internet", "--routers", "20000")) for router in edge)
        with_at_least = [sum(1 for links in degree.values() if links >= k) for k in (4, 400)]
        self.assertGreater(with_at_least[0] / with_at_least[1], 60)
        self.assertLess(with_at_least[0] / with_at_least[1], 400)

    def test_from_standard_input(self):
        """FILE may be -."""
        text = generated("chain", "--routers", "3")
        outcome = run("sh", "-c", f"{hop()} generate chain --routers 3 | {hop()} check -")
        self.assertEqual(outcome.status, 0, outcome)
        self.assertEqual(len(edges(text)), 2)

    def test_a_chain_of_250_routers_is_traced(self):
        """End to end, as far as a TTL goes."""
        with scratch() as directory:
            file = directory / "chain.yaml"
            file.write_text(generated("chain", "--routers", "251"))
            outcome = run(hop(), "traceroute", "--file", str(file), "--from", "r0", "-n", "-m", "255",
                          "-q", "1", "-N", "1", "r250")
            self.assertEqual(outcome.status, 0, outcome)
            hops = re.findall(r"^ *\d+  198\.18\.", outcome.out, re.M)
            self.assertEqual(len(hops), 250, outcome)

    def test_mistakes(self):
        """Are said."""
        for words, expected in ((("treee",), "did you mean 'tree'?"),
                                (("tree", "--routers", "0"), "--routers"),
                                (("tree", "--delay", "5"), "--delay: expected a duration")):
            outcome = run(hop(), "generate", *words)
            self.assertEqual(outcome.status, 2, outcome)
            self.assertIn(expected, outcome.err, outcome)


if __name__ == "__main__":
    unittest.main()
