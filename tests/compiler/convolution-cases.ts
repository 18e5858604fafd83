import * as tf from "@tensorflow/tfjs-core";
import fc from "fast-check";
import { anyActivation } from "./contracting-cases.js";
import { type OperationRow, real } from "./operation-row.js";

type Padding = "valid" | "same" | number | tf.backend_util.ExplicitPadding;

const few = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max });

const anyPadding = fc.constantFrom<Padding>("valid", "same", [
  [0, 0],
  [1, 2],
  [0, 1],
  [0, 0],
]);

/** Images, a square filter, and how it moves over them. */
const anyConvolution = fc.record({
  batch: few(2),
  height: fc.integer({ min: 3, max: 5 }),
  width: fc.integer({ min: 3, max: 5 }),
  channels: few(2),
  filters: few(2),
  window: few(3),
  stride: few(2),
  padding: anyPadding,
});

/** Pooling: no window may lie outside the image. */
const anyPooling = anyConvolution.map((convolution) =>
  convolution.window < 3 ? { ...convolution, padding: "same" as const } : convolution,
);

const images = (x: tf.Tensor): tf.Tensor4D => x as tf.Tensor4D;

/** Convolutions, pooling and normalisation of images. */
export const convolutionRows: readonly OperationRow[] = [
  {
    name: "conv2d",
    note: "NHWC and NCHW, every padding",
    domain: real,
    cases: anyConvolution.map(({ batch, height, width, channels, filters, window, stride, padding }) => ({
      shapes: [
        [batch, height, width, channels],
        [window, window, channels, filters],
      ],
      build: (x, filter) => tf.conv2d(images(x), images(filter), stride, padding),
    })),
  },
  {
    name: "conv2d",
    variant: "of unequal windows, strides and dilations",
    domain: real,
    cases: fc.constantFrom<[number, number]>([1, 2], [2, 1]).map(([p, q]) => ({
      shapes: [
        [1, 5, 6, 2],
        [p + 1, q, 2, 2],
      ],
      build: (x, filter) => [
        tf.conv2d(images(x), images(filter), [p, q], "same"),
        tf.conv2d(images(x), images(filter), 1, "valid", "NHWC", [p, q]),
      ],
    })),
  },
  {
    name: "conv2d",
    variant: "in the format NCHW",
    domain: real,
    cases: fc
      .constantFrom<Padding>("same", [
        [0, 0],
        [0, 0],
        [1, 0],
        [0, 2],
      ])
      .map((padding) => ({
        shapes: [
          [2, 2, 3, 4],
          [2, 2, 2, 1],
        ],
        build: (x, filter) => tf.conv2d(images(x), images(filter), 1, padding, "NCHW"),
      })),
  },
  {
    name: "conv1d",
    domain: real,
    cases: anyConvolution.map(({ batch, width, channels, filters, window, stride }) => ({
      shapes: [
        [batch, width, channels],
        [window, channels, filters],
      ],
      build: (x, filter) => tf.conv1d(x as tf.Tensor3D, filter as tf.Tensor3D, stride, "same"),
    })),
  },
  {
    name: "conv2dTranspose",
    domain: real,
    cases: anyConvolution.map(({ batch, channels, filters, window, stride }) => ({
      shapes: [
        [batch, 3, 2, filters],
        [window, window, channels, filters],
      ],
      build: (x, filter) => {
        const shape: [number, number, number, number] = [batch, 3 * stride, 2 * stride, channels];
        return tf.conv2dTranspose(images(x), images(filter), shape, stride, "same");
      },
    })),
  },
  {
    name: "depthwiseConv2d",
    domain: real,
    cases: anyConvolution.map(({ batch, height, width, channels, filters, window, stride, padding }) => ({
      shapes: [
        [batch, height, width, channels],
        [window, window, channels, filters],
      ],
      build: (x, filter) => tf.depthwiseConv2d(images(x), images(filter), stride, padding),
    })),
  },
  {
    name: "separableConv2d",
    domain: real,
    cases: anyConvolution.map(({ batch, height, width, channels, filters, window }) => ({
      shapes: [
        [batch, height, width, channels],
        [window, window, channels, 2],
        [1, 1, 2 * channels, filters],
      ],
      build: (x, depthwise, pointwise) =>
        tf.separableConv2d(images(x), images(depthwise), images(pointwise), 1, "same"),
    })),
  },
  {
    name: "fused.conv2d",
    domain: real,
    cases: anyActivation.map((activation) => ({
      shapes: [[1, 3, 4, 2], [2, 2, 2, 3], [3], ...(activation === "prelu" ? [[3]] : [])],
      build: (x, filter, bias, preluActivationWeights) =>
        tf.fused.conv2d({
          x: images(x),
          filter: images(filter),
          strides: 1,
          pad: "same",
          bias,
          activation,
          preluActivationWeights,
          leakyreluAlpha: 0.3,
        }),
    })),
  },
  {
    name: "fused.depthwiseConv2d",
    domain: real,
    cases: fc.constantFrom("linear" as const, "relu" as const).map((activation) => ({
      shapes: [[1, 3, 4, 2], [2, 2, 2, 1], [2]],
      build: (x, filter, bias) =>
        tf.fused.depthwiseConv2d({
          x: images(x),
          filter: images(filter),
          strides: 1,
          pad: "same",
          bias,
          activation,
        }),
    })),
  },
  {
    name: "avgPool",
    domain: real,
    cases: anyPooling.map(({ batch, height, width, channels, window, stride, padding }) => ({
      shapes: [[batch, height, width, channels]],
      build: (x) => tf.avgPool(images(x), window, stride, padding),
    })),
  },
  {
    name: "maxPool",
    domain: real,
    cases: anyPooling.map(({ batch, height, width, channels, window, stride, padding }) => ({
      shapes: [[batch, height, width, channels]],
      build: (x) => tf.maxPool(images(x), window, stride, padding),
    })),
  },
  {
    name: "batchNorm",
    domain: [0.3, 3],
    cases: fc.boolean().map((plain) => ({
      shapes: [[2, 3, 2], [2], [2], ...(plain ? [] : [[2], [2]])],
      build: (x, mean, variance, offset, scale) =>
        tf.batchNorm(
          x,
          mean as tf.Tensor1D,
          variance as tf.Tensor1D,
          offset as tf.Tensor1D,
          scale as tf.Tensor1D,
          0.01,
        ),
    })),
  },
];
