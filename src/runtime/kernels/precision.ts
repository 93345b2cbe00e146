/** Chooses between the two builds of the WASM kernels. */
import { readFile } from 'node:fs/promises'
import { setFlagsFromString } from 'node:v8'
import { KnownError } from '../../system/knownError.ts'
import { registeredContext } from './kernelContext.ts'
import { type TrainingModule, type WasmMemory, type WebAssemblyApi } from './trainingModule.ts'

/**
 * How sums of products are rounded on the wasm engine: `strict` gives the same bits on every processor; `relaxed` uses fused
 * multiply-add where the processor has it, which is faster and rounds once instead of twice.
 */
export type Precision = 'strict' | 'relaxed'

const builds: Partial<Record<Precision, TrainingModule>> = {}

/**
 * Lets the kernels of this thread compute with a precision. Does nothing if they are not registered, so it has no effect on
 * other engines.
 *
 * @throws KnownError if this version of Node cannot compile the relaxed kernels.
 */
export async function usePrecision(precision: Precision = 'strict'): Promise<void> {
  const context = registeredContext()
  if (!context) return
  builds.strict ??= { ...context.module }
  if (precision === 'relaxed') builds.relaxed ??= await loadRelaxedModule(context.backend.wasm.asm.memory)
  Object.assign(context.module, builds[precision])
}

async function loadRelaxedModule(memory: WasmMemory): Promise<TrainingModule> {
  const { WebAssembly: webAssembly } = globalThis as unknown as { WebAssembly: WebAssemblyApi }
  const binary = await readFile(new URL('./relaxedKernels.wasm', import.meta.url))
  // Node 20 compiles these instructions only with this flag; later versions need none.
  if (!webAssembly.validate(binary)) setFlagsFromString('--experimental-wasm-relaxed-simd')
  if (!webAssembly.validate(binary)) {
    throw new KnownError(
      'engine',
      `Node ${process.version} has no relaxed SIMD, which \`precision: relaxed\` requires.`,
      'Remove `precision` from `training`, or use Node 20 or later.',
    )
  }
  const { instance } = await webAssembly.instantiate(binary, { env: { memory } })
  return instance.exports as TrainingModule
}
