import type { Horizon } from "../regularizers/regularizer.js";
import type { ForwardContext } from "./block.js";

/**
 * The times of a solve as this iteration's regularizers change them: the same whenever it is asked in one context, so that
 * other blocks can know them too.
 */
export function horizonOf({ regularizers, random }: ForwardContext, times: Horizon): Horizon {
  return regularizers.reduce<Horizon>(
    (changed, each, i) =>
      "horizon" in each ? each.horizon(changed, random.split(`${each.name} ${i}`)) : changed,
    times,
  );
}
