"""What every peer shares: the problem's files, the field, and the loop that answers requests.

A peer is started with the problem's folder and the name of a method. It prints one line of JSON when it is compiled
and ready, then answers each line it reads, `{"work": "forward" | "gradient", "firstStep": h, "repetitions": n}`, with one
line: the milliseconds of each repetition, the number of field evaluations, and the norms of what it computed.
"""

import json
import pathlib
import sys
import time

import numpy as np


class Problem:
    """The description and the arrays that the TypeScript side wrote: `problem.json` and one raw file an array."""

    def __init__(self, folder, method):
        folder = pathlib.Path(folder)
        description = json.loads((folder / "problem.json").read_text())
        self.method = method
        self.rtol, self.atol = description["rtol"], description["atol"]
        self.threads = description["threads"]
        arrays = {
            name: np.fromfile(folder / f"{name}.bin", dtype="<f4").reshape(shape)
            for name, shape in description["shapes"].items()
        }
        self.y0 = arrays.pop("y0")
        self.params = arrays


def mnist_field(tanh, t, y, p):
    """The neural ODE's field with t as the last extra input of both layers.

    That input is the same for the whole batch, so its weights are folded into the bias: no library has to
    concatenate a column to a [512, 784] array at each evaluation, and each is measured at its best.
    """
    features, hidden = p["w1"].shape[0] - 1, p["w2"].shape[0] - 1
    z = tanh(y @ p["w1"][:features] + (p["b1"] + t * p["w1"][features]))
    return tanh(z @ p["w2"][:hidden] + (p["b2"] + t * p["w2"][hidden]))


def norm(array):
    return float(np.linalg.norm(np.asarray(array, dtype="float64")))


def milliseconds(call):
    start = time.perf_counter()
    result = call()
    return (time.perf_counter() - start) * 1e3, result


def answer(greeting, works):
    """Prints the greeting, then answers requests until the input ends.

    `works` maps the name of a work to a function of the first step that blocks until its result is there, and a
    function from that result to what the reply says besides the times.
    """
    print(json.dumps(greeting), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        run, describe = works[request["work"]]
        first_step = request["firstStep"]
        run(first_step)  # wakes the threads and warms the caches
        timed = [milliseconds(lambda: run(first_step)) for _ in range(request["repetitions"])]
        reply = {"milliseconds": [elapsed for elapsed, _ in timed], **describe(timed[-1][1])}
        print(json.dumps(reply), flush=True)
