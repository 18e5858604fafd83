"""diffrax, compiled by jax.jit, without gradients; its first step is the one it chooses itself."""

import functools
import sys
from types import SimpleNamespace

import diffrax
import jax
import jax.numpy as jnp
import numpy as np
from common import answer_precision
from reference_fields import field_of

jax.config.update("jax_enable_x64", True)
MAX_STEPS = 500_000
ops = SimpleNamespace(
    array=jnp.array, stack=jnp.stack, unstack=tuple, concatenate=jnp.concatenate, sqrt=jnp.sqrt
)

evaluations = 0


def count(_):
    global evaluations
    evaluations += 1


def counted(field):
    """The field, with every evaluation counted, and every column of its Jacobian as one more."""

    @jax.custom_jvp
    def evaluate(t, y, args):
        jax.debug.callback(count, y[0])
        return field(t, y, args)

    @evaluate.defjvp
    def _(primals, tangents):
        jax.debug.callback(count, tangents[1][0])
        return evaluate(*primals), jax.jvp(field, primals, tangents)[1]

    return evaluate


def compiled_solve(field, problem, method):
    t0, t1 = problem.span
    y0 = jnp.array(problem.y0)

    def solve(params, rtol, atol):
        return diffrax.diffeqsolve(
            diffrax.ODETerm(field), getattr(diffrax, method)(), t0, t1, None, y0, params, throw=False,
            stepsize_controller=diffrax.PIDController(rtol=rtol, atol=atol), max_steps=MAX_STEPS,
            saveat=diffrax.SaveAt(t1=True), adjoint=diffrax.ForwardMode(),
        )  # fmt: skip

    compiled = jax.jit(solve)
    return lambda *tolerances: compiled(problem.params, *tolerances)


def solver_of(problem, method):
    field = field_of(problem.name, ops)
    compiled, counting = (compiled_solve(each, problem, method) for each in (field, counted(field)))

    def solve(*tolerances):
        solution = compiled(*tolerances)
        y1 = np.asarray(solution.ys[-1])
        return y1 if solution.result == diffrax.RESULTS.successful else None

    @functools.cache
    def evaluations_of(*tolerances):
        global evaluations
        evaluations = 0
        counting(*tolerances)
        jax.effects_barrier()
        return evaluations

    return solve, evaluations_of


answer_precision(f"diffrax {diffrax.__version__}", sys.argv[1], solver_of)
