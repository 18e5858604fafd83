/** Memory that programs share with their host, in pages of 64 KiB. */
export interface WebAssemblyMemory {
  readonly buffer: ArrayBufferLike;
  /** Adds pages; views of the buffer must be made anew. Gives the number of pages before. */
  grow(pages: number): number;
}

/** A compiled module; it may be posted to a worker. */
export type WebAssemblyModule = object;

/** A module with its imports. */
export interface WebAssemblyInstance {
  readonly exports: Readonly<Record<string, unknown>>;
}

/** What a module asks of its host. */
export type WebAssemblyImports = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

interface WebAssemblyInterface {
  validate(bytes: Uint8Array): boolean;
  Memory: new (limits: { initial: number; maximum?: number; shared?: boolean }) => WebAssemblyMemory;
  Module: new (bytes: Uint8Array) => WebAssemblyModule;
  Instance: new (module: WebAssemblyModule, imports: WebAssemblyImports) => WebAssemblyInstance;
}

/** The engine's WebAssembly, as far as programs use it; TypeScript declares it for browsers only. */
export const webAssembly = (globalThis as unknown as { WebAssembly: WebAssemblyInterface }).WebAssembly;
