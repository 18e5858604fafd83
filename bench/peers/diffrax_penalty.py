"""diffrax with a penalty on the error estimate, the sum of E_j h_j over the accepted steps, as a user can have it: a solver
around the solver, whose state is the solution and the sum so far."""

from diffrax_works import answer_solves, diffrax, field, jnp, problem, rms, solve

import equinox  # noqa: E402
from diffrax._solver.base import AbstractWrappedSolver  # 0.7.2 does not export it  # noqa: E402


class WithErrorSum(diffrax.AbstractAdaptiveSolver, AbstractWrappedSolver):
    """The state is (y, r); each step adds E h to r. A rejected step's state is thrown away, and with it what was added."""

    solver: diffrax.AbstractSolver
    rtol: float = equinox.field(static=True)
    atol: float = equinox.field(static=True)

    interpolation_cls = property(lambda self: self.solver.interpolation_cls)
    term_structure = property(lambda self: self.solver.term_structure)

    def order(self, terms):
        return self.solver.order(terms)

    def error_order(self, terms):
        return self.solver.error_order(terms)

    def func(self, terms, t0, y0, args):
        return self.solver.func(terms, t0, y0, args)

    def init(self, terms, t0, t1, y0, args):
        return self.solver.init(terms, t0, t1, y0, args)

    def step(self, terms, t0, t1, y0, args, solver_state, made_jump):
        stepped = self.solver.step(terms, t0, t1, y0, args, solver_state, made_jump)
        (y1, sum1), errors, dense_info, solver_state, result = stepped
        scale = self.atol + self.rtol * jnp.maximum(jnp.abs(y0[0]), jnp.abs(y1))
        return (y1, sum1 + rms(errors[0] / scale) * (t1 - t0)), errors, dense_info, solver_state, result


zero = jnp.zeros((), problem.y0.dtype)
solver = WithErrorSum(diffrax.Tsit5(), problem.rtol, problem.atol)


def run(y0, params, first_step):
    solution = solve(
        lambda t, state, params: (field(t, state[0], params), zero),
        solver, (y0, zero), params, first_step,
        error_norm=lambda errors: rms(errors[0]),
    )  # fmt: skip
    ys, sums = solution.ys
    return ys, solution.stats["num_steps"], sums[-1]


# in float32 a good part of the penalty's gradient is rounding, which no two engines share
answer_solves(run, ", wrapped solver", "penalised " if problem.double else None)
