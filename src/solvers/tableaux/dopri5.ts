import { tableau } from "./tableau.js";

/**
 * Dormand and Prince 5(4), with their own embedded formula (SciPy, SciML; torchdiffeq and diffrax use Shampine's).
 *
 * Dormand, Prince, Journal of Computational and Applied Mathematics 6(1), 1980, 19-26; dense output of Shampine (1986) as in
 * Hairer, Norsett, Wanner I, II.6.
 */
export const dopri5 = tableau({
  name: "dopri5",
  order: 5,
  errorOrder: 5,
  a: [
    [],
    [1 / 5],
    [3 / 40, 9 / 40],
    [44 / 45, -56 / 15, 32 / 9],
    [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
    [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
    [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
  ],
  b: [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84, 0],
  errorWeights: [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40],
  dense: [
    [1, -2.8535800653862835, 3.0717434641059005, -1.1270175653862835],
    [0, 0, 0, 0],
    [0, 4.023133379230305, -6.249321565289, 2.675424484351598],
    [0, -3.7324019615885042, 10.068970589843675, -5.685526961588504],
    [0, 2.5548038301849423, -6.399112377351017, 3.5219323679207912],
    [0, -1.3744241142186024, 3.272657752246729, -1.7672812570757455],
    [0, 1.3824689317781436, -3.764937863556287, 2.382468931778144],
  ],
  stiffnessPair: [5, 6],
  stabilitySize: 3.3066,
});

/**
 * Dormand and Prince 5(4) with the embedded formula that torchdiffeq and diffrax use: the same steps are judged otherwise.
 *
 * Shampine, Mathematics of Computation 46(173), 1986, 135-150.
 */
export const dopri5Shampine = tableau({
  ...dopri5,
  name: "dopri5Shampine",
  errorWeights: [71 / 86400, 0, -142 / 50085, 71 / 2880, -5751 / 169600, 44 / 1575, -1 / 60],
});
