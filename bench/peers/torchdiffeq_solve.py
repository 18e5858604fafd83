"""torchdiffeq: the solve, and its gradient by autograd through the solver's steps (`odeint`, its fastest)."""

import sys

import torch
import torchdiffeq
from common import Problem, answer, gradient_norms, norm
from torch_field import field_of_torch
from torchdiffeq._impl.odeint import SOLVERS

problem = Problem(sys.argv[1])
torch.set_num_threads(problem.threads)
# Releases up to 0.2.5 lack tsit5; the reply says which method ran, and the other side then runs the same one.
method = "tsit5" if "tsit5" in SOLVERS else "dopri5"

field = field_of_torch(problem)
y0 = torch.tensor(problem.y0, requires_grad=True)
params = {name: torch.tensor(array, requires_grad=True) for name, array in problem.params.items()}
times = torch.tensor([problem.span[0], *problem.save_at], dtype=torch.float64)
evaluations = 0


def counted_field(t, y):
    global evaluations
    evaluations += 1
    return field(t.to(y.dtype), y, params)


def solve(first_step):
    global evaluations
    evaluations = 0
    # The other engines evaluate the field at the start once; this one does so again to choose its first step unless given.
    options = {"first_step": first_step}
    tolerances = {"rtol": problem.rtol, "atol": problem.atol}
    return torchdiffeq.odeint(counted_field, y0, times, method=method, options=options, **tolerances)[1:]


def forward(first_step):
    with torch.no_grad():
        return solve(first_step)


def gradient(first_step):
    ys = solve(first_step)
    return ys, torch.autograd.grad(torch.mean(ys**2), [y0, *params.values()])


def described(ys, **norms):
    return {"nfe": evaluations, "norms": {"ys": norm(ys.detach()), **norms}}


def describe_gradient(result):
    ys, (dy0, *dparams) = result
    return described(ys, **gradient_norms(dy0, dict(zip(params, dparams))))


answer(
    f"torchdiffeq {torchdiffeq.__version__}",
    method,
    {"forward": (forward, described), "gradient": (gradient, describe_gradient)},
)
