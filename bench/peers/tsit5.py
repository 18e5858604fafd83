"""One step of Tsitouras 5(4), written out for any array module (Tsitouras 2011)."""

A = [
    [],
    [0.161],
    [-0.008480655492356989, 0.335480655492357],
    [2.8971530571054935, -6.359448489975075, 4.3622954328695815],
    [5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525],
    [5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383],
    [0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774],
]  # fmt: skip
C = [0.0, 0.161, 0.327, 0.9, 0.9800255409045097, 1.0, 1.0]
ERROR = [
    0.0017800110522257714, 0.0008164344596567469, -0.007880878010261995, 0.1447110071732629,
    -0.5823571654525552, 0.45808210592918697, -0.015151515151515152,
]  # fmt: skip
EVALUATIONS = 6  # of seven stages, the last is the next step's first


def step(field, scaled_norm, weighted_sum, y, slope, params, t, h):
    """Next state, last slope, and E; `weighted_sum(base, h, weights, slopes)` is base + h sum_i weights_i slopes_i."""
    slopes = [slope]
    for weights, c in zip(A[1:], C[1:]):
        point = weighted_sum(y, h, weights, slopes)
        slopes.append(field(t + c * h, point, params))
    error = weighted_sum(None, h, ERROR, slopes)
    return point, slopes[-1], scaled_norm(error, y, point)
