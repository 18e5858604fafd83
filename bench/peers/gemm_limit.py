"""The machine's limit: the bare matrix products of one field evaluation, by torch's BLAS.

"forward" is the two products of an evaluation; "gradient" is those and the four of its pullback (two for the inputs,
two for the weights), which is what a gradient costs at least when every activation is kept.
"""

import sys

import torch

from common import Problem, answer, milliseconds

problem = Problem(*sys.argv[1:])
torch.set_num_threads(problem.threads)

y = torch.tensor(problem.y0)
w1, w2 = torch.tensor(problem.params["w1"][:-1]), torch.tensor(problem.params["w2"][:-1])
batch, hidden = y.shape[0], w1.shape[1]
z = torch.rand(batch, hidden)
dy, dz = torch.rand_like(y), torch.rand_like(z)


def outputs(*pairs):
    return [(left, right, torch.empty(left.shape[0], right.shape[1])) for left, right in pairs]


FORWARD = outputs((y, w1), (z, w2))
PULLBACK = outputs((dy, w2.T), (z.T, dy), (dz, w1.T), (y.T, dz))


def multiply(products):
    for left, right, out in products:
        torch.mm(left, right, out=out)


def best(products, runs=20):
    """The shortest of some runs: a limit is what the machine can do, not what it did on average."""
    return min(milliseconds(lambda: multiply(products))[0] for _ in range(runs))


def reply(shortest):
    return {"milliseconds": [shortest], "nfe": 1, "norms": {}}  # its own time in place of the time of all runs


answer(
    {"engine": f"sgemm of torch {torch.__version__}", "method": "one evaluation"},
    {
        "forward": (lambda _: best(FORWARD), reply),
        "gradient": (lambda _: best(FORWARD + PULLBACK), reply),
    },
)
