import { overLanes } from "../../../compiler/derivatives/over-lanes.js";
import { vjp } from "../../../compiler/derivatives/vjp.js";
import type { Graph } from "../../../compiler/graph/graph.js";
import { GraphBuilder } from "../../../compiler/graph/graph-builder.js";
import type { Node } from "../../../compiler/graph/node.js";
import { reshape } from "../../../compiler/operations/arrange.js";
import { cast } from "../../../compiler/operations/cast.js";
import { apply } from "../../../compiler/operations/elementwise.js";
import type { OdeGraphs, OptionalCotangents } from "../ode-graphs.js";

/** Name of the input that says which lanes a program is for: 1 for these, 0 for others. */
const chosen = "chosen";

/**
 * The graphs of which a solve of many lanes is made: those of one sample, done for all of them. States, slopes, times and
 * step sizes have a leading axis of lanes, parameters are shared, and so are their gradients, which are sums.
 */
export class LaneGraphs {
  constructor(
    private readonly sample: OdeGraphs,
    readonly lanes: number,
  ) {}

  /** states, params, ts -> slopes. */
  slope(): Graph {
    return this.overLanes(this.sample.slope());
  }

  /** states, params, ts; rtol, atol -> slopes, scaled norms of states and of slopes. */
  start(): Graph {
    return this.overLanes(this.sample.start());
  }

  /** states, slopes, params, ts, hs; rtol, atol -> scaled norms of the slopes' changes over Euler steps. */
  trial(): Graph {
    return this.overLanes(this.sample.trial());
  }

  /** states, slopes if carried, params, ts, hs; rtol, atol -> what the step of one sample yields, for each lane. */
  step({ dense }: { readonly dense: boolean }): Graph {
    return this.overLanes(this.sample.step({ dense }));
  }

  /** states, coefficients of dense output, thetas -> states within the steps. */
  interpolation(): Graph {
    return this.overLanes(this.sample.interpolation());
  }

  /** chosen, states, other states -> the states of the chosen lanes, the other states of the others. */
  choice(): Graph {
    const builder = new GraphBuilder();
    const mask = builder.input(chosen, [this.lanes]);
    const { stateNames, signature } = this.sample;
    const [states, others] = ["", "other."].map((prefix) =>
      stateNames.map((name, i) =>
        builder.input(`${prefix}${name}`, [this.lanes, ...signature.stateShapes[i]]),
      ),
    );
    const outputs = stateNames.map((name, i) => [
      `next.${name}`,
      choice(builder, mask, states[i], others[i]),
    ]);
    return {
      builder,
      inputs: [mask, ...states, ...others],
      scalars: [],
      outputs: Object.fromEntries(outputs),
      readouts: {},
    };
  }

  /** states, other states -> their sums. */
  sum(): Graph {
    const { sample } = this;
    return overLanes(sample.sum(), this.lanes, [...sample.stateNames, ...sample.nextNames]);
  }

  /**
   * The pullback of steps. A lane that took none has a step of size 0, which hands cotangents on: that of its state as it is,
   * that of its slope pulled back at once, for the slope is the field at that state.
   */
  stepPullback(wanted: OptionalCotangents): Graph {
    return vjp(this.step(wanted), this.sample.pullbackOptions(wanted));
  }

  /** The pullback of slopes, added to the gradients of states and parameters. */
  slopePullback(): Graph {
    const { stateNames, paramNames, slopeNames } = this.sample;
    const sources = [...stateNames, ...paramNames];
    return vjp(this.slope(), { of: slopeNames, withRespectTo: sources, accumulate: sources });
  }

  /** The pullback of states within steps, added to the gradients of states and coefficients. */
  interpolationPullback(): Graph {
    const { stateNames, denseNames, nextNames } = this.sample;
    const sources = [...stateNames, ...denseNames];
    return vjp(this.interpolation(), { of: nextNames, withRespectTo: sources, accumulate: sources });
  }

  private overLanes(graph: Graph): Graph {
    const { stateNames, slopeNames, denseNames } = this.sample;
    return overLanes(graph, this.lanes, [...stateNames, ...slopeNames, ...denseNames, "t", "h", "theta"]);
  }
}

/** Lane by lane one of two arrays. */
function choice(builder: GraphBuilder, mask: Node, ofChosen: Node, ofOthers: Node): Node {
  const ones = ofChosen.shape.slice(1).map(() => 1);
  const isChosen = cast(builder, reshape(builder, mask, [...mask.shape, ...ones]), "boolean");
  return apply(builder, "select", isChosen, ofChosen, ofOthers);
}
