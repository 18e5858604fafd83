import { insideNotebook } from "./tslab-kernel.js";

let untilNextPress = new AbortController();
let handedOut = false;

function stopButtonPressed(): void {
  // tslab ends the cell with an error and a trace of its own; this line above it says what happened
  if (handedOut) console.error("Stopped by the stop button.");
  handedOut = false;
  untilNextPress.abort(new Error("stopped by the notebook's stop button"));
  untilNextPress = new AbortController();
}

// The stop button reaches the kernel as SIGINT. Node removes and restores the listeners of SIGINT around the
// synchronous part of a cell, so one added while a cell imports this module would be lost: it is added afterwards.
// Outside a notebook there is none, and Ctrl-C keeps its meaning. A listener does not keep the process alive.
setImmediate(() => {
  if (insideNotebook()) process.on("SIGINT", stopButtonPressed);
});

/**
 * A signal that aborts when the notebook's stop button is pressed after this call.
 *
 * Give it to whatever runs long and awaits now and then: without it, tslab ends the cell but the work goes on.
 * Presses before the call do not count. Outside a notebook the signal never aborts.
 */
export function stopSignal(): AbortSignal {
  handedOut = true;
  return untilNextPress.signal;
}
