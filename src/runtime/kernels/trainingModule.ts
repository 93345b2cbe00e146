import { readFile } from 'node:fs/promises'
import { type TrainingModule } from './generated/trainingModule.ts'

export type { TrainingModule } from './generated/trainingModule.ts'

/** A WebAssembly memory. Its buffer is replaced by a larger one when the memory grows. */
export interface WasmMemory {
  readonly buffer: ArrayBuffer
}

/** The part of the WebAssembly API that is used; its types belong to the DOM library, which Node programs do without. */
export interface WebAssemblyApi {
  instantiate(binary: Uint8Array, imports: object): Promise<{ readonly instance: { readonly exports: object } }>
}

/** Loads the kernels' WASM module onto a memory. */
export async function loadTrainingModule(memory: WasmMemory): Promise<TrainingModule> {
  const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const binary = await readFile(new URL('./trainingKernels.wasm', import.meta.url))
  const { instance } = await webAssembly.instantiate(binary, { env: { memory } })
  return instance.exports as TrainingModule
}
