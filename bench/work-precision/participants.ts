import type { MethodKind } from "./problems.js";

/** A library, with its methods by what they are for. */
export interface Participant {
  /** The script of `peers/` that runs it; absent for ours. */
  readonly script?: string;
  readonly methods: Readonly<Record<MethodKind, readonly string[]>>;
}

/** Ours first. */
export const participants: readonly Participant[] = [
  {
    methods: { nonstiff: ["tsit5", "dopri5", "vern7", "dopri8"], stiff: ["rosenbrock23", "autoSwitch"] },
  },
  {
    script: "scipy_precision",
    methods: { nonstiff: ["RK45", "DOP853"], stiff: ["Radau", "BDF", "LSODA"] },
  },
  {
    script: "diffrax_precision",
    methods: { nonstiff: ["Tsit5", "Dopri5", "Dopri8"], stiff: ["Kvaerno5"] },
  },
  { script: "torchdiffeq_precision", methods: { nonstiff: ["dopri5", "dopri8"], stiff: [] } },
];
