"""torchdiffeq: the solve, and its gradient by autograd through the solver's steps (`odeint`, its fastest)."""

import sys

import torch
import torchdiffeq
from torchdiffeq._impl.odeint import SOLVERS

from common import Problem, answer, mnist_field, norm

problem = Problem(*sys.argv[1:])
torch.set_num_threads(problem.threads)
# Releases up to 0.2.5 lack tsit5; the reply says which method ran, and the other side then runs the same one.
method = problem.method if problem.method in SOLVERS else "dopri5"

y0 = torch.tensor(problem.y0, requires_grad=True)
params = {name: torch.tensor(array, requires_grad=True) for name, array in problem.params.items()}
span = torch.tensor([0.0, 1.0], dtype=torch.float64)
evaluations = 0


def field(t, y):
    global evaluations
    evaluations += 1
    return mnist_field(torch.tanh, t.to(y.dtype), y, params)


def solve(first_step):
    global evaluations
    evaluations = 0
    # The other engines evaluate the field at t = 0 once; this one does so again to choose its first step unless given.
    options = {"first_step": first_step}
    return torchdiffeq.odeint(field, y0, span, rtol=problem.rtol, atol=problem.atol, method=method, options=options)[1]


def forward(first_step):
    with torch.no_grad():
        return solve(first_step)


def gradient(first_step):
    y1 = solve(first_step)
    return y1, torch.autograd.grad(torch.mean(y1**2), [y0, *params.values()])


def describe_forward(y1):
    return {"nfe": evaluations, "norms": {"y1": norm(y1)}}


def describe_gradient(result):
    y1, (dy0, *dparams) = result
    dw1 = dparams[list(params).index("w1")]
    return {"nfe": evaluations, "norms": {"y1": norm(y1.detach()), "dy0": norm(dy0), "dw1": norm(dw1)}}


answer(
    {"engine": f"torchdiffeq {torchdiffeq.__version__}", "method": method},
    {"forward": (forward, describe_forward), "gradient": (gradient, describe_gradient)},
)
