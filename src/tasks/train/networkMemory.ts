/** Compares the least memory that a network needs with the memory of the engine and the machine, before it is built. */
import { KnownError } from '../../system/knownError.ts'
import { formatBytes, formatCount } from '../../diagnostics/formatCount.ts'
import type { LayerBytes } from '../../graph/cost.ts'
import { memoryOfMachine } from '../../runtime/data/memoryForecast.ts'
import type { EngineInfo } from '../../runtime/engines/engineInfo.ts'

/** The memory that WebAssembly can address: its addresses have 32 bits. */
const wasmBytes = 2 ** 32

/**
 * Refuses a network that cannot fit.
 *
 * @param samples The number of samples that are computed at once.
 * @throws KnownError with both figures.
 */
export function refuseLargeNetwork({ fixed, perSample }: LayerBytes, { name }: EngineInfo, samples: number): void {
  // WebGPU does not say how much memory a graphics card has.
  if (name === 'webgpu') return
  const machine = memoryOfMachine()
  const limit = name === 'wasm' ? Math.min(wasmBytes, machine) : machine
  const bytes = fixed + perSample * samples
  if (bytes <= limit) return
  const holder = name === 'wasm' && limit === wasmBytes ? 'the wasm engine' : 'this machine'
  const fitting = Math.floor((limit - fixed) / perSample)
  const advice = fitting >= 1 ? `Use a batch of at most ${formatCount(fitting)}` : 'Make the largest layers smaller'
  const elsewhere = holder === 'this machine' ? 'use a machine with more memory' : 'train on the node engine'
  throw new KnownError(
    'memory',
    `A training step needs at least ${formatBytes(bytes)} (${formatBytes(fixed)} for weights, gradients and optimizer state, and ${formatCount(samples)} · ${formatBytes(perSample)} for the outputs of the layers), but ${holder} has ${formatBytes(limit)}.`,
    `${advice} (see \`shapewright summary\`), or ${elsewhere}.`,
  )
}
