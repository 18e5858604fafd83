"""diffrax, compiled by jax.jit: the solve, and its gradient through the recursive checkpoint adjoint."""

from diffrax_works import answer_solves, diffrax, field, solve


def run(y0, params, first_step):
    solution = solve(field, diffrax.Tsit5(), y0, params, first_step)
    return solution.ys, solution.stats["num_steps"], 0


answer_solves(run)
