"""A peer from PyPI as a process: a list of texts a line in, what it flagged and its processor time out.

It runs in an environment of its own (.cache/bench/venv) and imports nothing of ours.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.metadata import version


def open_peer(name: str) -> Callable[[str], bool]:
    """Return what tells whether a text is bad."""
    if name == "better-profanity":
        profanity = import_module("better_profanity").profanity
        profanity.load_censor_words()
        return lambda text: bool(profanity.contains_profanity(text))
    predict = import_module("profanity_check").predict
    return lambda text: bool(predict([text])[0])


def main(name: str) -> None:
    """Answer until the input ends."""
    is_bad = open_peer(name)
    is_bad("begin")
    print(json.dumps({"version": version(name)}), flush=True)
    for line in sys.stdin:
        texts = json.loads(line)
        began = time.process_time()
        bad = [is_bad(text) for text in texts]
        print(json.dumps({"bad": bad, "seconds": time.process_time() - began}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
