"""One step and its pullback as a user of plain jax would write them, compiled by jax.jit."""

import sys

from common import Problem, answer, limit_cores

problem = Problem(sys.argv[1])
limit_cores(problem.threads)

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import tsit5  # noqa: E402
from jax_field import field_of_jax  # noqa: E402
from jax_step_works import step_works  # noqa: E402

field = field_of_jax(problem)


def weighted_sum(base, h, weights, slopes):
    total = h * sum(weight * slope for weight, slope in zip(weights, slopes))
    return total if base is None else base + total


def scaled_norm(error, y, following):
    scale = problem.atol + problem.rtol * jnp.maximum(jnp.abs(y), jnp.abs(following))
    return jnp.sqrt(jnp.mean((error / scale) ** 2))


def step(y, slope, params, t, h):
    return tsit5.step(field, scaled_norm, weighted_sum, y, slope, params, t, h)


answer(f"jax {jax.__version__}", "tsit5", step_works(problem, field, step))
