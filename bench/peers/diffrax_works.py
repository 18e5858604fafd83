"""What the peers that solve with diffrax share: the problem, how it is solved, and the answers to requests."""

import sys

from common import Problem, answer, gradient_norms, limit_cores, norm

problem = Problem(sys.argv[1])
limit_cores(problem.threads)

import diffrax  # noqa: E402
import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
from jax_field import field_of_jax  # noqa: E402

EVALUATIONS_PER_STEP = 6  # tsit5 has seven stages, and the last is the next step's first

field = field_of_jax(problem)
t0, t1 = problem.span
saveat = diffrax.SaveAt(t1=True) if problem.save_at == [t1] else diffrax.SaveAt(ts=jnp.asarray(problem.save_at))


def rms(x):
    return jnp.sqrt(jnp.mean(x**2))


def solve(field, solver, y0, params, first_step, error_norm=rms):
    controller = diffrax.PIDController(  # its defaults are an I controller
        rtol=problem.rtol, atol=problem.atol, safety=0.9, factormin=0.2, factormax=10.0, norm=error_norm
    )
    # The checkpoint buffers are allocated and zeroed for max_steps: the default of 4096 would cost a third more time.
    return diffrax.diffeqsolve(
        diffrax.ODETerm(field), solver, t0, t1, first_step, y0, params, stepsize_controller=controller,
        adjoint=diffrax.RecursiveCheckpointAdjoint(), max_steps=problem.max_steps, saveat=saveat,
    )  # fmt: skip


def answer_solves(run, way="", gradient_prefix=""):
    """Answers requests for solves, compiled by jax.jit, and for gradients of mean(y^2) and of what is added to it.

    `run(y0, params, first_step)` gives the saved states, the number of steps, and the addition. `way` is said behind the
    library's name. Gradients are told under their names behind the prefix; not at all where that is None.
    """

    def loss(y0, params, first_step):
        ys, steps, addition = run(y0, params, first_step)
        return jnp.mean(ys**2) + addition, (ys, steps)

    y0 = jnp.asarray(problem.y0)
    params = {name: jnp.asarray(array) for name, array in problem.params.items()}
    compiled_run = jax.jit(run)
    compiled_gradient = jax.jit(jax.value_and_grad(loss, argnums=(0, 1), has_aux=True))

    def forward(first_step):
        return jax.block_until_ready(compiled_run(y0, params, first_step))

    def gradient(first_step):
        return jax.block_until_ready(compiled_gradient(y0, params, first_step))

    def described(ys, steps, **norms):
        steps = int(steps)
        return {"nfe": EVALUATIONS_PER_STEP * steps + 1, "steps": steps, "norms": {"ys": norm(ys), **norms}}

    def describe_gradient(result):
        (_, (ys, steps)), gradients = result
        if gradient_prefix is None:
            return described(ys, steps)
        norms = gradient_norms(*gradients)
        return described(ys, steps, **{f"{gradient_prefix}{name}": value for name, value in norms.items()})

    works = {
        "forward": (forward, lambda result: described(*result[:2])),
        "gradient": (gradient, describe_gradient),
    }
    answer(f"diffrax {diffrax.__version__}{way}", "tsit5", works)
