"""One step of diffrax's own solver and its pullback, compiled by jax.jit."""

import sys

from common import Problem, answer, limit_cores

problem = Problem(sys.argv[1])
limit_cores(problem.threads)

import diffrax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax_field import field_of_jax  # noqa: E402
from jax_step_works import step_works  # noqa: E402

field = field_of_jax(problem)
term, solver = diffrax.ODETerm(field), diffrax.Tsit5()


def step(y, slope, params, t, h):
    not_the_first = jnp.array(False)
    following, error, _, (_, last_slope), _ = solver.step(term, t, t + h, y, params, (not_the_first, slope), False)
    scale = problem.atol + problem.rtol * jnp.maximum(jnp.abs(y), jnp.abs(following))
    return following, last_slope, jnp.sqrt(jnp.mean((error / scale) ** 2))


answer(f"diffrax {diffrax.__version__}", "tsit5", step_works(problem, field, step))
