"""seeds.py -- how the generators write their seeds: one input a file, named by what it shows."""

import os
import sys


def write(seeds):
    """Writes the dictionary of names and bytes into the directory that the command line names."""
    if len(sys.argv) != 2:
        sys.exit(f"usage: {os.path.basename(sys.argv[0])} DIRECTORY")
    os.makedirs(sys.argv[1], exist_ok=True)
    for name, data in seeds.items():
        if len(data) > 600:
            sys.exit(f"seed {name}: {len(data)} bytes; make it smaller, fuzzers like small ones")
        with open(os.path.join(sys.argv[1], name), "wb") as file:
            file.write(data)
