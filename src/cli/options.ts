import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.js";

/** Parses the options of a command for one experiment; its name is the only positional argument. */
export function parseOptions<T extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: T) {
  const parsed = parsedOrUsageError(args, options);
  const [experiment, ...rest] = parsed.positionals;
  if (experiment !== "mnist-ode") {
    throw new UsageError(
      `unknown experiment ${experiment ? `"${experiment}"` : "(none given)"}; there is mnist-ode`,
    );
  }
  if (rest.length > 0) throw new UsageError(`unexpected argument "${rest[0]}"; try: glassbox help`);
  return parsed.values;
}

function parsedOrUsageError<T extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: T) {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true });
  } catch (error) {
    const [sentence] = (error as Error).message.split(/\.\s/);
    throw new UsageError(`${sentence}; try: glassbox help`);
  }
}

/**
 * A number written on the command line.
 *
 * @throws UsageError naming the option when it is not one.
 */
export function numberOption(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (text.trim() === "" || Number.isNaN(value))
    throw new UsageError(`--${name} must be a number, got "${text}"`);
  return value;
}
