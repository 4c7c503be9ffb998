#!/usr/bin/env python3
"""Makes the captures of the replay scenarios; needs python3-scapy.

    make.py [NAME...]

writes NAME.pcap, where the kernel has not made it, and NAME.expected.pcap beside this file, for the
scenarios given or for all. `--names` prints their names instead."""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.dont_write_bytecode = True

import scenarios  # noqa: E402


def main(arguments):
    known = scenarios.load()
    if arguments == ["--names"]:
        print("\n".join(sorted(known)))
        return 0
    unknown = [name for name in arguments if name not in known]
    if unknown:
        print(f"no such scenario: {', '.join(unknown)}", file=sys.stderr)
        return 2
    for name in arguments or sorted(known):
        scenarios.make(name, HERE)
        if not os.path.exists(os.path.join(HERE, f"{name}.yaml")):
            print(f"{name}.yaml is missing", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
