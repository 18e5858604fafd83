"""SciPy's `solve_ivp`, with a field in Python; stiff methods find their Jacobians by differences."""

import sys
import warnings
from types import SimpleNamespace

import numpy as np
import scipy
from common import answer_precision
from reference_fields import field_of
from scipy.integrate import solve_ivp

# Numbers of Python are faster than those that numpy takes from its arrays.
ops = SimpleNamespace(
    array=np.array, stack=list, unstack=np.ndarray.tolist, concatenate=np.concatenate, sqrt=np.sqrt
)


def solver_of(problem, method):
    field = field_of(problem.name, ops)
    evaluations = 0

    def counted(t, y):
        nonlocal evaluations
        evaluations += 1
        return field(t, y, problem.params)

    def solve(rtol, atol):
        nonlocal evaluations
        evaluations = 0
        solution = solve_ivp(counted, problem.span, problem.y0, method=method, rtol=rtol, atol=atol)
        return solution.y[:, -1] if solution.success else None

    return solve, lambda *_: evaluations


warnings.simplefilter("ignore")  # LSODA's, about what the missing end state says, too
answer_precision(f"SciPy {scipy.__version__}", sys.argv[1], solver_of)
