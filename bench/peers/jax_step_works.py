"""The works of `step` for whatever computes a step in jax: the step, and the step with its pullback."""

import jax
import jax.numpy as jnp

from common import gradient_norms, norm
from tsit5 import EVALUATIONS


def step_works(problem, field, step):
    """`step(y, slope, params, t, h)` gives next state, last slope and E. Cotangents as in bench/step-works.ts."""
    y = jnp.asarray(problem.y0)
    params = {name: jnp.asarray(array) for name, array in problem.params.items()}
    t, h = (jnp.asarray(time, y.dtype) for time in (problem.span[0], problem.step))
    slope = field(t, y, params)
    mean = jnp.full_like(y, 1 / y.size)

    def step_and_pullback(y, slope, params, t, h):
        results, pullback = jax.vjp(lambda *start: step(*start, t, h), y, slope, params)
        return results, pullback((mean, mean, jnp.ones((), y.dtype)))

    compiled_step, compiled_pullback = jax.jit(step), jax.jit(step_and_pullback)

    def describe_forward(results):
        following, last_slope, error = results
        return {
            "nfe": EVALUATIONS,
            "norms": {"next": norm(following), "lastSlope": norm(last_slope), "error": float(error)},
        }

    def describe_gradient(results):
        _, (dy, dslope, dparams) = results
        return {"nfe": EVALUATIONS, "norms": {**gradient_norms(dy, dparams), "dslope": norm(dslope)}}

    return {
        "forward": (lambda _: jax.block_until_ready(compiled_step(y, slope, params, t, h)), describe_forward),
        "gradient": (
            lambda _: jax.block_until_ready(compiled_pullback(y, slope, params, t, h)),
            describe_gradient,
        ),
    }
