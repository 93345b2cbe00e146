import { readFile } from 'node:fs/promises'
import { type TrainingModule } from './generated/trainingModule.ts'

export type { TrainingModule } from './generated/trainingModule.ts'

/** A WebAssembly memory. When it grows, a larger buffer replaces its buffer. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** The part of the WebAssembly API in use. Its types are in TypeScript's DOM library, which is not loaded here. */
export interface WebAssemblyApi {
  validate(binary: Uint8Array): boolean
  instantiate(binary: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: object } }>
}

/** Instantiates the WASM module of the kernels on a given memory. `usePrecision` may replace its functions. */
export async function loadTrainingModule(memory: WasmMemory): Promise<TrainingModule> {
  const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const binary = await readFile(new URL('./trainingKernels.wasm', import.meta.url))
  const { instance } = await webAssembly.instantiate(binary, { env: { memory } })
  // A copy, because the properties of the exports cannot be replaced.
  return { ...(instance.exports as TrainingModule) }
}
