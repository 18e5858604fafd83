"""The machine's limit: the bare matrix products of one field evaluation, by torch's BLAS.

"forward" is the products of an evaluation, one per layer; "gradient" is those and the ones of its pullback (for each
layer one for its input and one for its weights), which is what a gradient costs at least when every activation is kept.
"""

import sys
import time

import torch
from common import Problem, answer

problem = Problem(sys.argv[1])
torch.set_num_threads(problem.threads)

batch, widths = problem.y0.shape[0], problem.field["widths"]
dtype = torch.float64 if problem.double else torch.float32


def product(rows, inner, columns, transpose_left=False, transpose_right=False):
    left = torch.rand(inner, rows, dtype=dtype).T if transpose_left else torch.rand(rows, inner, dtype=dtype)
    right = torch.rand(columns, inner, dtype=dtype).T if transpose_right else torch.rand(inner, columns, dtype=dtype)
    return left, right, torch.empty(rows, columns, dtype=dtype)


LAYERS = list(zip(widths, widths[1:]))
FORWARD = [product(batch, inputs, outputs) for inputs, outputs in LAYERS]
PULLBACK = [product(batch, outputs, inputs, transpose_right=True) for inputs, outputs in LAYERS] + [
    product(inputs, batch, outputs, transpose_left=True) for inputs, outputs in LAYERS
]


def best(products, runs=20):
    """The shortest of some runs: a limit is what the machine can do, not what it did on average."""
    shortest = float("inf")
    for _ in range(runs):
        start = time.perf_counter()
        for left, right, out in products:
            torch.mm(left, right, out=out)
        shortest = min(shortest, (time.perf_counter() - start) * 1e3)
    return shortest


def reply(shortest):
    return {"milliseconds": [shortest], "nfe": 1, "norms": {}}  # its own time in place of the time of all runs


answer(
    f"{'dgemm' if problem.double else 'sgemm'} of torch {torch.__version__}",
    "tsit5",  # or any other: an evaluation is the same
    {
        "forward": (lambda _: best(FORWARD), reply),
        "gradient": (lambda _: best(FORWARD + PULLBACK), reply),
    },
)
