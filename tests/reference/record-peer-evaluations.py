"""Records how many steps diffrax and torchdiffeq take: `python record-peer-evaluations.py > peer-evaluations.json`.

Float64, the first step given, every other setting as the peer has it by default. Needs the versions that the output names.
"""

import json
import pathlib

import diffrax
import jax
import jax.numpy as jnp
import torch
import torchdiffeq

jax.config.update("jax_enable_x64", True)

PROBLEMS = [
    "detest_a2", "detest_b1", "detest_b5", "detest_c1", "detest_d2",
    "detest_e2", "spiral_cubic", "lotka_volterra", "brusselator_ode", "arenstorf",
]
TOLERANCES = [1e-4, 1e-7]
FIRST_STEP = 1e-3
REFERENCE = json.loads((pathlib.Path(__file__).parent / "ode-problems.json").read_text())


class Parameters:
    def __init__(self, params):
        for name, text in params.items():
            numerator, _, denominator = text.partition("/")
            setattr(self, name, float(numerator) / float(denominator or 1))


def field(problem, library, stack):
    """The right-hand side of a problem in the functions of a library."""
    names = {name: getattr(library, name) for name in ("sin", "cos", "exp", "sqrt")}
    names["p"] = Parameters(problem["params"])
    codes = [compile(text, problem["name"], "eval") for text in problem["rhs"]]
    return lambda t, y: stack([eval(code, {"__builtins__": {}}, {**names, "t": t, "y": y}) for code in codes])


def numbers(problem):
    return float(problem["t0"]), float(problem["t1"]), [float(value) for value in problem["y0"]]


def by_diffrax(problem, solver, tolerance):
    t0, t1, y0 = numbers(problem)
    right_hand_side = field(problem, jnp, jnp.stack)
    solution = diffrax.diffeqsolve(
        diffrax.ODETerm(lambda t, y, args: right_hand_side(t, y)),
        solver(), t0, t1, FIRST_STEP, jnp.array(y0),
        stepsize_controller=diffrax.PIDController(rtol=tolerance, atol=tolerance),
        max_steps=100_000,
    )
    accepted, rejected = (int(solution.stats[f"num_{kind}_steps"]) for kind in ("accepted", "rejected"))
    return {"accepted": accepted, "rejected": rejected, "evaluations": 1 + 6 * (accepted + rejected)}


def by_torchdiffeq(problem, tolerance):
    t0, t1, y0 = numbers(problem)
    right_hand_side = field(problem, torch, torch.stack)
    count = 0

    def counted(t, y):
        nonlocal count
        count += 1
        return right_hand_side(t, y)

    torchdiffeq.odeint(
        counted, torch.tensor(y0, dtype=torch.float64), torch.tensor([t0, t1], dtype=torch.float64),
        rtol=tolerance, atol=tolerance, method="dopri5",
        # by itself it steps beyond the end and interpolates: its last step may then be rejected where no other's is
        options={"first_step": FIRST_STEP, "step_t": torch.tensor([t1], dtype=torch.float64)},
    )
    return {"evaluations": count}


def main():
    rows = []
    for problem in REFERENCE["problems"]:
        if problem["name"] not in PROBLEMS:
            continue
        for tolerance in TOLERANCES:
            peers = {
                ("diffrax", "tsit5"): lambda: by_diffrax(problem, diffrax.Tsit5, tolerance),
                ("diffrax", "dopri5Shampine"): lambda: by_diffrax(problem, diffrax.Dopri5, tolerance),
                ("torchdiffeq", "dopri5Shampine"): lambda: by_torchdiffeq(problem, tolerance),
            }
            for (peer, method), run in peers.items():
                rows.append({"problem": problem["name"], "tolerance": tolerance, "peer": peer, "method": method, **run()})
    versions = {"diffrax": diffrax.__version__, "jax": jax.__version__, "torchdiffeq": torchdiffeq.__version__, "torch": torch.__version__.split("+")[0]}
    head = json.dumps({"about": "Made by record-peer-evaluations.py", "versions": versions, "firstStep": FIRST_STEP})
    print(head[:-1] + ', "rows": [\n  ' + ",\n  ".join(json.dumps(row) for row in rows) + "\n]}")


main()
