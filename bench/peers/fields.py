"""The fields of `bench/fields.ts`, for any array module: `tanh`, `affine(x, weights, bias)` and `stack` are its own."""


def field_of(field, tanh, affine, stack):
    """f(t, y, params) for a problem's field."""
    if field["kind"] == "lorenz":
        return lambda t, y, p: lorenz(stack, y, p)
    return lambda t, y, p: perceptron(field, tanh, affine, t, y, p)


def perceptron(field, tanh, affine, t, y, p):
    """Where t is the last input of every layer it is the same for the whole batch, so its weights are folded into the
    bias: no library has to concatenate a column at each evaluation, and each is measured at its best."""
    layers = len(field["widths"]) - 1
    x = y * y * y if field["cubed"] else y
    for layer in range(1, layers + 1):
        weights, bias = p[f"w{layer}"], p[f"b{layer}"]
        if field["time"]:
            weights, bias = weights[:-1], bias + t * weights[-1]
        x = affine(x, weights, bias)
        if layer < layers or field["bounded"]:
            x = tanh(x)
    return x


def lorenz(stack, state, p):
    x, y, z = state[0], state[1], state[2]
    return stack([p["sigma"] * (y - x), x * (p["rho"] - z) - y, x * y - p["beta"] * z])
