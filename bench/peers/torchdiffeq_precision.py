"""torchdiffeq's `odeint`, without gradients."""

import sys
from types import SimpleNamespace

import torch
import torchdiffeq
from common import answer_precision
from reference_fields import field_of

torch.set_num_threads(1)
torch.set_default_dtype(torch.float64)
ops = SimpleNamespace(
    array=torch.tensor, stack=torch.stack, unstack=torch.unbind, concatenate=torch.cat, sqrt=torch.sqrt
)


def solver_of(problem, method):
    field = field_of(problem.name, ops)
    y0, span = torch.tensor(problem.y0), torch.tensor(problem.span)
    evaluations = 0

    def counted(t, y):
        nonlocal evaluations
        evaluations += 1
        return field(t, y, problem.params)

    def solve(rtol, atol):
        nonlocal evaluations
        evaluations = 0
        options = {"step_t": span[1:]}  # steps to the end, as the others do, instead of interpolating there
        try:
            with torch.no_grad():
                return torchdiffeq.odeint(counted, y0, span, method=method, rtol=rtol, atol=atol, options=options)[1].numpy()
        except AssertionError:  # the step size has become too small
            return None

    return solve, lambda *_: evaluations


answer_precision(f"torchdiffeq {torchdiffeq.__version__}", sys.argv[1], solver_of)
