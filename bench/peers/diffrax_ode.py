"""diffrax, compiled by jax.jit: the solve, and its gradient through the recursive checkpoint adjoint."""

import os
import sys

from common import Problem, answer, mnist_field, norm

problem = Problem(*sys.argv[1:])
if hasattr(os, "sched_setaffinity"):  # XLA's thread pool has the size of the affinity mask, read when jax starts
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[: problem.threads])

import diffrax  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402

SOLVERS = {"tsit5": diffrax.Tsit5, "dopri5": diffrax.Dopri5}
EVALUATIONS_PER_STEP = 6  # both methods have seven stages, and the last is the next step's first

term = diffrax.ODETerm(lambda t, y, p: mnist_field(jnp.tanh, t, y, p))
solver = SOLVERS[problem.method]()
controller = diffrax.PIDController(  # its defaults are an I controller
    rtol=problem.rtol, atol=problem.atol, safety=0.9, factormin=0.2, factormax=10.0
)
# The checkpoint buffers are allocated and zeroed for max_steps: the default of 4096 would cost a third more time.
adjoint = diffrax.RecursiveCheckpointAdjoint()


def solve(y0, params, first_step):
    solution = diffrax.diffeqsolve(
        term, solver, 0.0, 1.0, first_step, y0, params,
        stepsize_controller=controller, adjoint=adjoint, max_steps=64, saveat=diffrax.SaveAt(t1=True),
    )  # fmt: skip
    return solution.ys[-1], solution.stats["num_steps"]


def loss(y0, params, first_step):
    y1, steps = solve(y0, params, first_step)
    return jnp.mean(y1**2), (y1, steps)


y0 = jnp.asarray(problem.y0)
params = {name: jnp.asarray(array) for name, array in problem.params.items()}
compiled_solve = jax.jit(solve)
compiled_gradient = jax.jit(jax.value_and_grad(loss, argnums=(0, 1), has_aux=True))


def forward(first_step):
    return jax.block_until_ready(compiled_solve(y0, params, first_step))


def gradient(first_step):
    return jax.block_until_ready(compiled_gradient(y0, params, first_step))


def evaluations(steps):
    return EVALUATIONS_PER_STEP * int(steps) + 1


def describe_forward(result):
    y1, steps = result
    return {"nfe": evaluations(steps), "norms": {"y1": norm(y1)}}


def describe_gradient(result):
    (_, (y1, steps)), (dy0, dparams) = result
    return {"nfe": evaluations(steps), "norms": {"y1": norm(y1), "dy0": norm(dy0), "dw1": norm(dparams["w1"])}}


forward(0.01)
gradient(0.01)
answer(
    {"engine": f"diffrax {diffrax.__version__}", "method": problem.method},
    {"forward": (forward, describe_forward), "gradient": (gradient, describe_gradient)},
)
