import { liveNodes } from "../graph/graph.js";
import type { GraphBuilder } from "../graph/graph-builder.js";
import type { InputNode, Node } from "../graph/node.js";
import { pullBack, type Seed } from "./pull-back.js";

/**
 * The transpose of a linear map: where the results are linear in `variable`, <transposed, variable> is the sum of
 * <cotangent_i, result_i>.
 *
 * @throws RangeError when a result is not linear in the variable.
 */
export function transposed(builder: GraphBuilder, seeds: readonly Seed[], variable: InputNode): Node {
  const [result] = pullBack(builder, seeds, [variable]);
  if (liveNodes([result]).includes(variable)) {
    throw new RangeError(
      "a gradient given with tf.customGrad has no forward derivative: it is not linear in the cotangent dy " +
        "(does it clip dy?); take the derivative backwards, with vjp or tf.grad",
    );
  }
  return result;
}
