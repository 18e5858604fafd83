"""The fields of `bench/work-precision/fields.ts`, for any array module.

`array`, `stack`, `unstack`, `concatenate` and `sqrt` are the module's own, so that each library gets what suits it.
"""


def field_of(name, ops):
    """f(t, y, params) of a problem."""
    field = FIELDS[name]
    return lambda t, y, params: field(ops, t, y, params)


def lotka_volterra(ops, t, state, p):
    x, y = ops.unstack(state)
    return ops.stack([p["a"] * x - p["b"] * x * y, -p["c"] * y + p["d"] * x * y])


def lorenz63(ops, t, state, p):
    x, y, z = ops.unstack(state)
    return ops.stack([p["s"] * (y - x), x * (p["r"] - z) - y, x * y - p["b"] * z])


def brusselator(ops, t, state, p):
    x, y = ops.unstack(state)
    reaction = x * x * y
    return ops.stack([p["a"] + reaction - (p["b"] + 1) * x, p["b"] * x - reaction])


def arenstorf(ops, t, state, p):
    """A satellite in the plane of two bodies that turn about each other, in the frame that turns with them."""
    x, y, u, v = ops.unstack(state)
    mu = p["mu"]
    from_first, from_second = x + mu, x - (1 - mu)
    first = (1 - mu) / (from_first * from_first + y * y) ** 1.5
    second = mu / (from_second * from_second + y * y) ** 1.5
    return ops.stack(
        [u, v, x + 2 * v - first * from_first - second * from_second, y - 2 * u - first * y - second * y]
    )


def pleiades(ops, t, state, p):
    """Seven bodies in the plane, with masses from 1 to 7; the state is x, y, x', y'."""
    x, y, velocities = state[:7], state[7:14], state[14:]
    dx = x[None, :] - x[:, None]
    dy = y[None, :] - y[:, None]
    squared = dx * dx + dy * dy + ops.array(SELVES)
    pull = ops.array(MASSES) / (squared * ops.sqrt(squared))
    return ops.concatenate([velocities, (pull * dx).sum(1), (pull * dy).sum(1)])


MASSES = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]
SELVES = [[float(i == j) for j in range(7)] for i in range(7)]  # no body is at a distance of 0 from itself


def van_der_pol(ops, t, state, p):
    x, v = ops.unstack(state)
    return ops.stack([v, p["mu"] * (1 - x * x) * v - x])


def robertson(ops, t, state, p):
    x, y, z = ops.unstack(state)
    first, second, third = p["k1"] * x, p["k2"] * y * y, p["k3"] * y * z
    return ops.stack([third - first, first - second - third, second])


FIELDS = {
    "lotka_volterra": lotka_volterra,
    "lorenz63": lorenz63,
    "brusselator_ode": brusselator,
    "arenstorf": arenstorf,
    "pleiades": pleiades,
    "vdp_mu10": van_der_pol,
    "vdp_mu1000": van_der_pol,
    "robertson": robertson,
}
