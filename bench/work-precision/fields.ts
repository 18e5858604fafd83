import * as tf from "@tensorflow/tfjs-core";

/** Parameters under their names. */
type Params = Readonly<Record<string, tf.Tensor>>;

/** A vector field as a user of the library writes it. */
export type Field = (t: tf.Tensor, y: tf.Tensor, params: Params) => tf.Tensor;

const lotkaVolterra: Field = (_, state, { a, b, c, d }) => {
  const [x, y] = tf.unstack(state);
  const eaten = tf.mul(x, y);
  return tf.stack([tf.sub(tf.mul(a, x), tf.mul(b, eaten)), tf.sub(tf.mul(d, eaten), tf.mul(c, y))]);
};

const lorenz: Field = (_, state, { s, r, b }) => {
  const [x, y, z] = tf.unstack(state);
  return tf.stack([
    tf.mul(s, tf.sub(y, x)),
    tf.sub(tf.mul(x, tf.sub(r, z)), y),
    tf.sub(tf.mul(x, y), tf.mul(b, z)),
  ]);
};

const brusselator: Field = (_, state, { a, b }) => {
  const [x, y] = tf.unstack(state);
  const reaction = tf.mul(tf.square(x), y);
  return tf.stack([tf.sub(tf.add(a, reaction), tf.mul(tf.add(b, 1), x)), tf.sub(tf.mul(b, x), reaction)]);
};

/** A satellite in the plane of two bodies that turn about each other, in the frame that turns with them. */
const arenstorf: Field = (_, state, { mu }) => {
  const [x, y, u, v] = tf.unstack(state);
  const rest = tf.sub(1, mu);
  const [fromFirst, fromSecond] = [tf.add(x, mu), tf.sub(x, rest)];
  const cubed = (dx: tf.Tensor) => {
    const squared = tf.add(tf.square(dx), tf.square(y));
    return tf.mul(squared, tf.sqrt(squared));
  };
  const first = tf.div(rest, cubed(fromFirst));
  const second = tf.div(mu, cubed(fromSecond));
  const pull = (dx: tf.Tensor, dy: tf.Tensor) => tf.add(tf.mul(first, dx), tf.mul(second, dy));
  return tf.stack([
    u,
    v,
    tf.sub(tf.add(x, tf.mul(2, v)), pull(fromFirst, fromSecond)),
    tf.sub(tf.sub(y, tf.mul(2, u)), pull(y, y)),
  ]);
};

/** Seven bodies in the plane, with masses from 1 to 7; the state is x, y, x', y'. */
const pleiades: Field = (_, state) => {
  const [x, y, velocities] = tf.split(state, [7, 7, 14]);
  const masses = tf.tensor1d([1, 2, 3, 4, 5, 6, 7]);
  const apart = (from: tf.Tensor) => tf.sub(tf.reshape(from, [1, 7]), tf.reshape(from, [7, 1]));
  const [dx, dy] = [apart(x), apart(y)];
  const squared = tf.add(tf.add(tf.square(dx), tf.square(dy)), tf.eye(7)); // no body is 0 from itself
  const pull = tf.div(masses, tf.mul(squared, tf.sqrt(squared)));
  return tf.concat([velocities, tf.sum(tf.mul(pull, dx), 1), tf.sum(tf.mul(pull, dy), 1)]);
};

const vanDerPol: Field = (_, state, { mu }) => {
  const [x, v] = tf.unstack(state);
  return tf.stack([v, tf.sub(tf.mul(tf.mul(mu, tf.sub(1, tf.square(x))), v), x)]);
};

const robertson: Field = (_, state, { k1, k2, k3 }) => {
  const [x, y, z] = tf.unstack(state);
  const [first, second, third] = [tf.mul(k1, x), tf.mul(k2, tf.square(y)), tf.mul(k3, tf.mul(y, z))];
  return tf.stack([tf.sub(third, first), tf.sub(tf.sub(first, second), third), second]);
};

/** The fields of the problems by name; `peers/reference_fields.py` has the same for the others. */
export const fields: Readonly<Record<string, Field>> = {
  lotka_volterra: lotkaVolterra,
  lorenz63: lorenz,
  brusselator_ode: brusselator,
  arenstorf,
  pleiades,
  vdp_mu10: vanDerPol,
  vdp_mu1000: vanDerPol,
  robertson,
};
