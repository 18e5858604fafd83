"""One step and its pullback in torch, compiled by torch.compile."""

import sys

import torch
import tsit5
from common import Problem, answer, gradient_norms, norm
from torch_field import field_of_torch

problem = Problem(sys.argv[1])
torch.set_num_threads(problem.threads)

field = field_of_torch(problem)
y = torch.tensor(problem.y0, requires_grad=True)
params = {name: torch.tensor(array, requires_grad=True) for name, array in problem.params.items()}
t, h = problem.span[0], problem.step
with torch.no_grad():
    slope = field(t, y, params)
slope.requires_grad_()
sources = [y, slope, *params.values()]
mean = torch.full_like(y, 1 / y.numel())
cotangents = [mean, mean, torch.ones((), dtype=y.dtype)]


def weighted_sum(base, h, weights, slopes):
    total = slopes[0] * (h * weights[0]) if base is None else torch.add(base, slopes[0], alpha=h * weights[0])
    for weight, slope in zip(weights[1:], slopes[1:]):
        total = torch.add(total, slope, alpha=h * weight)
    return total


def scaled_norm(error, y, following):
    scale = problem.atol + problem.rtol * torch.maximum(y.abs(), following.abs())
    return (error / scale).square().mean().sqrt()


@torch.compile
def step(y, slope, params):
    return tsit5.step(field, scaled_norm, weighted_sum, y, slope, params, t, h)


def forward(_):
    with torch.no_grad():
        return step(y, slope, params)


def gradient(_):
    return torch.autograd.grad(step(y, slope, params), sources, cotangents)


def describe_forward(results):
    following, last_slope, error = results
    norms = {"next": norm(following), "lastSlope": norm(last_slope), "error": float(error)}
    return {"nfe": tsit5.EVALUATIONS, "norms": norms}


def describe_gradient(gradients):
    dy, dslope, *dparams = gradients
    norms = {**gradient_norms(dy, dict(zip(params, dparams))), "dslope": norm(dslope)}
    return {"nfe": tsit5.EVALUATIONS, "norms": norms}


answer(
    f"torch.compile {torch.__version__}",
    "tsit5",
    {"forward": (forward, describe_forward), "gradient": (gradient, describe_gradient)},
)
