import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { NdArray } from "../../../src/compiler/nd-array.js";
import { javascriptTarget } from "../../../src/compiler/targets/javascript/javascript-target.js";
import { adaBelief } from "../../../src/nn/optimizers/ada-belief.js";
import { adaMax } from "../../../src/nn/optimizers/ada-max.js";
import { adam } from "../../../src/nn/optimizers/adam.js";
import type { AdaptiveOptions } from "../../../src/nn/optimizers/adaptive.js";
import { momentum } from "../../../src/nn/optimizers/momentum.js";
import type { Optimizer } from "../../../src/nn/optimizers/optimizer.js";
import { anySeed, anyShape } from "../../laws/numbers.js";
import { allTargets, targetText } from "../../laws/programs.js";
import { type GradientSequence, optimised, randomGradients } from "./optimised.js";

const shapes = fc.array(anyShape(), { minLength: 1, maxLength: 3 });

/** Steps of one number along its gradients, as Flux 0.11.6 (src/optimise/optimisers.jl) subtracts them. */
type Rule = (gradients: readonly number[]) => number[];

const [rate, beta1, beta2, epsilon, decay] = [0.05, 0.8, 0.95, 1e-3, 0.02];
const settings = { learningRate: rate, beta1, beta2, epsilon, decay };

/** Flux's InvDecay, put before the optimizer: its n starts at 1. */
const decayed = (gradients: readonly number[]): number[] =>
  gradients.map((gradient, i) => (gradient * 1) / (1 + decay * (i + 1)));

const momentumRule: Rule = (gradients) => {
  let velocity = 0;
  return decayed(gradients).map((gradient) => {
    velocity = beta1 * velocity - rate * gradient;
    return -velocity;
  });
};

const adamRule: Rule = (gradients) => {
  let [mean, square, power1, power2] = [0, 0, beta1, beta2];
  return decayed(gradients).map((gradient) => {
    mean = beta1 * mean + (1 - beta1) * gradient;
    square = beta2 * square + (1 - beta2) * gradient ** 2;
    const step = (mean / (1 - power1) / (Math.sqrt(square / (1 - power2)) + epsilon)) * rate;
    [power1, power2] = [power1 * beta1, power2 * beta2];
    return step;
  });
};

const adaMaxRule: Rule = (gradients) => {
  let [mean, largest, power] = [0, 0, beta1];
  return decayed(gradients).map((gradient) => {
    mean = beta1 * mean + (1 - beta1) * gradient;
    largest = Math.max(beta2 * largest, Math.abs(gradient));
    const step = ((rate / (1 - power)) * mean) / (largest + epsilon);
    power *= beta1;
    return step;
  });
};

const adaBeliefRule: Rule = (gradients) => {
  let [mean, variance] = [0, 0];
  return decayed(gradients).map((gradient) => {
    mean = beta1 * mean + (1 - beta1) * gradient;
    variance = beta2 * variance + (1 - beta2) * (gradient - mean) ** 2;
    return (rate * mean) / (Math.sqrt(variance) + epsilon);
  });
};

/** What a rule makes of every number by itself, after the last iteration. */
function byRule(rule: Rule, { start, gradients }: GradientSequence): Float64Array[] {
  return start.map(({ data }, p) =>
    Float64Array.from(data, (value, i) =>
      rule(gradients.map((arrays) => arrays[p].data[i])).reduce((param, step) => param - step, value),
    ),
  );
}

const optimizers: readonly [string, Optimizer, Rule][] = [
  ["momentum", momentum({ learningRate: rate, momentum: beta1, decay }), momentumRule],
  ["adam", adam(settings), adamRule],
  ["adaMax", adaMax(settings), adaMaxRule],
  ["adaBelief", adaBelief(settings), adaBeliefRule],
];

describe.each(optimizers)("%s", (name, optimizer, rule) => {
  it.each(allTargets.map((target) => [targetText(target), target] as const))(
    "on %s is Flux's, over 50 iterations",
    (_, target) => {
      const absolute = target.precision === "float32" ? 1e-4 : 1e-11;
      fc.assert(
        fc.property(shapes, anySeed, (of, seed) => {
          const sequence = randomGradients(of, 50, seed);
          const last = optimised(optimizer, sequence, target)[49];
          byRule(rule, sequence).forEach((expected, p) => {
            expect(last[p].data).toBeAllclose(expected, { relative: 0, absolute });
          });
        }),
        { numRuns: 4 },
      );
    },
  );

  it("has the name under which a checkpoint knows it", () => {
    expect(optimizer.name).toBe(name);
  });
});

const adaptive: readonly [string, (options: AdaptiveOptions) => Optimizer][] = [
  ["adam", adam],
  ["adaMax", adaMax],
  ["adaBelief", adaBelief],
];

describe.each(adaptive)("%s", (_, make) => {
  const trained = (options: AdaptiveOptions, sequence: GradientSequence): NdArray[] =>
    optimised(make(options), sequence, javascriptTarget)[29];

  it("takes the same steps whatever the scale of the gradients, but for the epsilon", () => {
    fc.assert(
      fc.property(shapes, anySeed, fc.double({ min: 1e-3, max: 1e3, noNaN: true }), (of, seed, scale) => {
        const { start, gradients } = randomGradients(of, 30, seed);
        const scaled = gradients.map((arrays) =>
          arrays.map(({ shape, data }) => ({ shape, data: data.map((value) => scale * value) })),
        );
        const [one, other] = [gradients, scaled].map((each) =>
          trained({ epsilon: 1e-100 }, { start, gradients: each }),
        );
        other.forEach(({ data }, p) => {
          expect(data).toBeAllclose(one[p].data, { relative: 1e-9, absolute: 1e-9 });
        });
      }),
      { numRuns: 20 },
    );
  });

  it("hardly heeds a slow decay of the gradient, as the papers' runs have it, and heeds the learning rate", () => {
    fc.assert(
      fc.property(shapes, anySeed, (of, seed) => {
        const sequence = randomGradients(of, 30, seed);
        const travelled = (options: AdaptiveOptions): number[] =>
          trained(options, sequence).flatMap(({ data }, p) =>
            Array.from(data, (value, i) => value - sequence.start[p].data[i]),
          );
        const plain = travelled({});
        // Pal et al. (2021) decay by 1e-5 an iteration: 0.03 % after 30
        expect(travelled({ decay: 1e-5 })).toBeAllclose(plain, { relative: 0, absolute: 30 * 1e-3 * 1e-3 });
        const halved = plain.map((way) => way / 2);
        expect(travelled({ learningRate: 0.0005 })).toBeAllclose(halved, { absolute: 1e-12 });
      }),
      { numRuns: 20 },
    );
  });
});

describe("the first step", () => {
  const single = (seed: number) => randomGradients([[3]], 1, seed);
  const stepsOf = (optimizer: Optimizer, sequence: GradientSequence): number[] => {
    const [[{ data }]] = optimised(optimizer, sequence, javascriptTarget);
    return Array.from(data, (value, i) => value - sequence.start[0].data[i]);
  };

  it("of adam and adaMax is the learning rate, against the gradient's sign", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const sequence = single(seed);
        const expected = Array.from(sequence.gradients[0][0].data, (gradient) => -0.01 * Math.sign(gradient));
        for (const make of [adam, adaMax]) {
          const steps = stepsOf(make({ learningRate: 0.01, epsilon: 1e-100 }), sequence);
          expect(steps).toBeAllclose(expected, { relative: 1e-9 });
        }
      }),
      { numRuns: 20 },
    );
  });

  it("of adaBelief is shorter than the belief alone would make it: nothing corrects for the start at zero", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const sequence = single(seed);
        // m = 0.1 g and s = 0.001 (0.9 g)^2, so that m / sqrt(s) = 0.1 / (0.9 sqrt(0.001))
        const length = (0.01 * 0.1) / (0.9 * Math.sqrt(0.001));
        const expected = Array.from(
          sequence.gradients[0][0].data,
          (gradient) => -length * Math.sign(gradient),
        );
        const steps = stepsOf(adaBelief({ learningRate: 0.01, epsilon: 1e-100 }), sequence);
        expect(steps).toBeAllclose(expected, { relative: 1e-9 });
      }),
      { numRuns: 20 },
    );
  });

  it("of momentum without inertia and decay is plain gradient descent", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const sequence = single(seed);
        const steps = stepsOf(momentum({ learningRate: 0.5, momentum: 0 }), sequence);
        const expected = Array.from(sequence.gradients[0][0].data, (gradient) => -0.5 * gradient);
        expect(steps).toBeAllclose(expected);
      }),
      { numRuns: 20 },
    );
  });
});

describe("a learning rate that changes", () => {
  it("counts at every iteration: none, and nothing moves", () => {
    for (const make of [adam, adaMax, adaBelief]) {
      const sequence = randomGradients([[2]], 6, 1);
      const history = optimised(
        make({ learningRate: (iteration) => (iteration > 3 ? 0 : 0.1) }),
        sequence,
        javascriptTarget,
      ).map(([{ data }]) => data);
      expect(history[2]).not.toEqual(history[1]);
      expect(history[5]).toEqual(history[2]);
    }
  });
});
