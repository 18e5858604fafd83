"""What every peer shares: the problem's files, and the loop that answers requests.

A peer is started with the problem's folder. It prints one line of JSON when it has computed its first gradient, then
answers each line it reads, `{"work": "forward" | "gradient", "firstStep": h, "repetitions": n}`, with one line: the
milliseconds of each repetition, the number of field evaluations, and the norms of what it computed. The peers of
work-precision are started with the file of all its problems, and told in each request which one to solve.
"""

import json
import math
import os
import pathlib
import resource
import sys
import time

import numpy as np

SHORTEST = 10  # milliseconds that a repetition lasts at least: shorter work is run several times
LONG = 1000  # milliseconds from which work needs no warming up: its first run counts, and is the only one


class Problem:
    """The description and the arrays that the TypeScript side wrote: `problem.json` and one raw file an array."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        description = json.loads((folder / "problem.json").read_text())
        self.field = description["field"]
        self.double = description["precision"] == "float64"
        self.rtol, self.atol = description["rtol"], description["atol"]
        self.span, self.step = description["span"], description["step"]
        self.save_at = description.get("saveAt", self.span[1:])
        self.max_steps, self.threads = description["maxSteps"], description["threads"]
        arrays = {
            name: np.fromfile(folder / f"{name}.bin", dtype="<f8" if self.double else "<f4").reshape(shape)
            for name, shape in description["shapes"].items()
        }
        self.y0 = arrays.pop("y0")
        self.params = arrays


def limit_cores(threads):
    """XLA's thread pool has the size of the affinity mask, read when jax starts."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:threads])


def norm(array):
    return float(np.linalg.norm(np.asarray(array, dtype="float64")))


def gradient_norms(dy0, dparams):
    return {"dy0": norm(dy0), **{f"d{name}": norm(array) for name, array in dparams.items()}}


class Repetition:
    """Measures one piece of work again and again, and remembers how many runs of it make a repetition."""

    def __init__(self):
        self.runs = 1

    def measure(self, call, repetitions):
        """Milliseconds per run in each repetition, after one that only warms up; and the last result."""
        first, result = self.repeat(call)
        if first >= LONG:
            return [first], result
        timed = [self.repeat(call) for _ in range(repetitions)]
        return [milliseconds for milliseconds, _ in timed], timed[-1][1]

    def repeat(self, call):
        start = time.perf_counter()
        for _ in range(self.runs):
            result = call()
        milliseconds = (time.perf_counter() - start) * 1e3 / self.runs
        self.runs = max(1, math.ceil(SHORTEST / milliseconds))
        return milliseconds, result


class PrecisionProblem:
    """One of the problems of work-precision, from the list that the TypeScript side wrote."""

    def __init__(self, description):
        self.name = description["name"]
        self.params = {name: float(value) for name, value in description["params"].items()}
        self.y0 = [float(value) for value in description["y0"]]
        self.span = [float(time) for time in description["span"]]
        self.atol_per_rtol = description["atolPerRtol"]


def answer_precision(engine, path, solver_of):
    """Greets, then answers requests for solves, `{"problem", "method", "tolerance", "repetitions"}`, until the input ends.

    `solver_of(problem, method)` gives two functions of rtol and atol: one solves to the state at the end, or to None where
    it does not come there; the other tells how many evaluations of the field the last such solve took, and is not timed.
    """
    problems = {each["name"]: PrecisionProblem(each) for each in json.loads(pathlib.Path(path).read_text())}
    solvers, repetitions = {}, {}
    print(json.dumps({"engine": engine, "method": "", "seconds": 0, "megabytes": 0}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        problem, method, rtol = problems[request["problem"]], request["method"], request["tolerance"]
        tolerances = rtol, problem.atol_per_rtol * rtol
        if (problem.name, method) not in solvers:
            solvers[problem.name, method] = solver_of(problem, method)
            solvers[problem.name, method][0](*tolerances)  # compiles
        solve, evaluations = solvers[problem.name, method]
        repetition = repetitions.setdefault((problem.name, method, rtol), Repetition())
        milliseconds, y1 = repetition.measure(lambda: solve(*tolerances), request["repetitions"])
        reached = y1 is not None and bool(np.all(np.isfinite(y1)))
        end = [float(value) for value in y1] if reached else None
        reply = {"milliseconds": milliseconds, "nfe": evaluations(*tolerances), "norms": {}, "y1": end}
        print(json.dumps(reply), flush=True)


def answer(engine, method, works, first_step=0.01):
    """Computes everything once, prints the greeting, then answers requests until the input ends.

    `works` maps the name of a work to a function of the first step that blocks until its result is there, and a
    function from that result to what the reply says besides the times.
    """
    start = time.perf_counter()
    for run, _ in works.values():
        run(first_step)
    greeting = {"engine": engine, "method": method, "seconds": time.perf_counter() - start}
    greeting["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(greeting), flush=True)
    repetitions = {work: Repetition() for work in works}
    for line in sys.stdin:
        request = json.loads(line)
        run, describe = works[request["work"]]
        call = lambda: run(request["firstStep"])  # noqa: E731
        milliseconds, result = repetitions[request["work"]].measure(call, request["repetitions"])
        print(json.dumps({"milliseconds": milliseconds, **describe(result)}), flush=True)
