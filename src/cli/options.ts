import { type ParseArgsConfig, parseArgs } from "node:util";
import { UsageError } from "./usage-error.js";

/**
 * Parses the options of a command; the name of an experiment is its only positional argument.
 *
 * @throws UsageError when an option is unknown or lacks its value.
 */
export function parseOptions<T extends NonNullable<ParseArgsConfig["options"]>>(args: string[], options: T) {
  const parsed = parsedOrUsageError(args, options);
  const [experiment, ...rest] = parsed.positionals;
  if (rest.length > 0) throw new UsageError(`unexpected argument "${rest[0]}"; try: glassbox help`);
  return { experiment: experiment as string | undefined, values: parsed.values };
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

/**
 * A count written on the command line.
 *
 * @throws UsageError naming the option when it is not a whole number of at least 1.
 */
export function countOption(name: string, text: string | undefined): number | undefined {
  const value = numberOption(name, text);
  if (value === undefined || (Number.isSafeInteger(value) && value >= 1)) return value;
  throw new UsageError(`--${name} must be a whole number, at least 1, got "${text}"`);
}

/**
 * An amount written on the command line.
 *
 * @throws UsageError naming the option when it is not positive.
 */
export function positiveOption(name: string, text: string | undefined): number | undefined {
  const value = numberOption(name, text);
  if (value === undefined || value > 0) return value;
  throw new UsageError(`--${name} must be positive, got "${text}"`);
}

/** Words between commas. */
export function listOption(text: string | undefined): string[] | undefined {
  return text?.split(",").map((word) => word.trim());
}
