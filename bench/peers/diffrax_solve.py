"""diffrax, compiled by jax.jit: the solve, and its gradient through the recursive checkpoint adjoint."""

import sys

from common import Problem, answer, gradient_norms, limit_cores, norm

problem = Problem(sys.argv[1])
limit_cores(problem.threads)

import diffrax  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax_field import field_of_jax  # noqa: E402

EVALUATIONS_PER_STEP = 6  # tsit5 has seven stages, and the last is the next step's first

term = diffrax.ODETerm(field_of_jax(problem))
solver = diffrax.Tsit5()
controller = diffrax.PIDController(  # its defaults are an I controller
    rtol=problem.rtol, atol=problem.atol, safety=0.9, factormin=0.2, factormax=10.0
)
adjoint = diffrax.RecursiveCheckpointAdjoint()
t0, t1 = problem.span
saveat = diffrax.SaveAt(t1=True) if problem.save_at == [t1] else diffrax.SaveAt(ts=jnp.asarray(problem.save_at))


def solve(y0, params, first_step):
    # The checkpoint buffers are allocated and zeroed for max_steps: the default of 4096 would cost a third more time.
    solution = diffrax.diffeqsolve(
        term, solver, t0, t1, first_step, y0, params, stepsize_controller=controller, adjoint=adjoint,
        max_steps=problem.max_steps, saveat=saveat,
    )  # fmt: skip
    return solution.ys, solution.stats["num_steps"]


def loss(y0, params, first_step):
    ys, steps = solve(y0, params, first_step)
    return jnp.mean(ys**2), (ys, steps)


y0 = jnp.asarray(problem.y0)
params = {name: jnp.asarray(array) for name, array in problem.params.items()}
compiled_solve = jax.jit(solve)
compiled_gradient = jax.jit(jax.value_and_grad(loss, argnums=(0, 1), has_aux=True))


def forward(first_step):
    return jax.block_until_ready(compiled_solve(y0, params, first_step))


def gradient(first_step):
    return jax.block_until_ready(compiled_gradient(y0, params, first_step))


def described(ys, steps, **norms):
    return {"nfe": EVALUATIONS_PER_STEP * int(steps) + 1, "norms": {"ys": norm(ys), **norms}}


def describe_gradient(result):
    (_, (ys, steps)), gradients = result
    return described(ys, steps, **gradient_norms(*gradients))


answer(
    f"diffrax {diffrax.__version__}",
    "tsit5",
    {
        "forward": (forward, lambda result: described(*result)),
        "gradient": (gradient, describe_gradient),
    },
)
