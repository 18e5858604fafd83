import { ByteWriter } from "./byte-writer.js";
import type { FunctionWriter } from "./function-writer.js";
import type { Callable } from "./instruction.js";
import { type ValueType, valueTypeCodes } from "./value-type.js";

/** A function that the host gives the module. */
export interface ImportedFunction extends Callable {
  readonly name: string;
}

const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const;
const kinds = { function: 0x00, memory: 0x02 } as const;
const header = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]; // "\0asm", version 1
const mostPages = 65536; // of 64 KiB: all that 32 bits can address

/** A module under way. It imports its memory as `env.memory` and the host's functions from `env` by their names. */
export class ModuleWriter {
  readonly #sharedMemory: boolean;
  readonly #imports = new Map<string, ImportedFunction>();
  readonly #functions: FunctionWriter[] = [];
  readonly #exports = new Map<string, FunctionWriter>();

  constructor({ memory }: { memory: { shared: boolean } }) {
    this.#sharedMemory = memory.shared;
  }

  /**
   * A function of the host's; the same name always gives the same one.
   *
   * @throws TypeError when the name was imported with another signature.
   */
  importFunction(name: string, params: readonly ValueType[], result?: ValueType): ImportedFunction {
    const imported = { name, params, result };
    const earlier = this.#imports.get(name);
    if (!earlier) this.#imports.set(name, imported);
    else if (signatureText(earlier) !== signatureText(imported)) {
      throw new TypeError(
        `"${name}" is imported as ${signatureText(earlier)} already, found ${signatureText(imported)}`,
      );
    }
    return earlier ?? imported;
  }

  /** Names of the host's functions that the module needs. */
  get importedNames(): readonly string[] {
    return [...this.#imports.keys()];
  }

  /**
   * Adds a function, and exports it where a name is given. Its instructions may be written before or after.
   *
   * @throws Error when the name is exported already.
   */
  define(f: FunctionWriter, exportName?: string): FunctionWriter {
    this.#functions.push(f);
    if (exportName === undefined) return f;
    if (this.#exports.has(exportName))
      throw new Error(`the module exports "${exportName}" already; choose another name`);
    this.#exports.set(exportName, f);
    return f;
  }

  /**
   * The module as WebAssembly.Module takes it.
   *
   * @throws Error when a function is called that is not in the module, or its instructions do not fit together.
   */
  bytes(): Uint8Array {
    const imports = [...this.#imports.values()];
    const callables: readonly Callable[] = [...imports, ...this.#functions];
    const indices = new Map(callables.map((callable, index) => [callable, index]));
    const types = new Map(callables.map((callable) => [signatureText(callable), callable]));
    const typeIndices = new Map([...types.keys()].map((text, index) => [text, index]));
    const typeOf = (callable: Callable): number => typeIndices.get(signatureText(callable)) ?? -1;
    const indexOf = (target: Callable): number => {
      const index = indices.get(target);
      if (index !== undefined) return index;
      throw new Error(
        `a function ${signatureText(target)} is called that is not in the module; define it there`,
      );
    };
    const writer = new ByteWriter();
    writer.bytes(header);
    writeSection(writer, sections.type, [...types.values()].map(signatureEntry));
    writeSection(writer, sections.import, [
      importEntry("memory", [kinds.memory, ...this.#memoryLimits()]),
      ...imports.map((imported) => importEntry(imported.name, [kinds.function, typeOf(imported)])),
    ]);
    writeSection(
      writer,
      sections.function,
      this.#functions.map((f) => (section) => section.unsigned(typeOf(f))),
    );
    writeSection(
      writer,
      sections.export,
      [...this.#exports].map(([name, f]) => exportEntry(name, indexOf(f))),
    );
    writeSection(
      writer,
      sections.code,
      this.#functions.map((f) => codeEntry(f, indexOf)),
    );
    return writer.written.slice();
  }

  /** At least no pages; shared memory has to state its most as well. */
  #memoryLimits(): readonly number[] {
    return this.#sharedMemory ? [0x03, 0, mostPages] : [0x00, 0];
  }
}

/** Writes one entry of a section. */
type Entry = (section: ByteWriter) => void;

/** A section: its number, its size, how many entries it has, and these. */
function writeSection(writer: ByteWriter, number: number, entries: readonly Entry[]): void {
  const section = new ByteWriter();
  section.unsigned(entries.length);
  for (const write of entries) write(section);
  writer.byte(number);
  writer.sized(section.written);
}

function signatureEntry({ params, result }: Callable): Entry {
  return (section) => {
    section.byte(0x60);
    section.sized(Uint8Array.from(params, (type) => valueTypeCodes[type]));
    section.sized(Uint8Array.from(result ? [valueTypeCodes[result]] : []));
  };
}

function importEntry(name: string, description: readonly number[]): Entry {
  return (section) => {
    section.text("env");
    section.text(name);
    for (const part of description) section.unsigned(part);
  };
}

function exportEntry(name: string, index: number): Entry {
  return (section) => {
    section.text(name);
    section.unsigned(kinds.function);
    section.unsigned(index);
  };
}

function codeEntry(f: FunctionWriter, indexOf: (target: Callable) => number): Entry {
  return (section) => {
    const body = new ByteWriter();
    f.encode(body, indexOf);
    section.sized(body.written);
  };
}

function signatureText({ params, result }: Callable): string {
  return `(${params.join(", ")}) -> ${result ?? "nothing"}`;
}
