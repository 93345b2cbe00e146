import { startAutoEngine } from './autoEngine.ts'
import { startCpuEngine } from './cpuEngine.ts'
import { type EngineInfo } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'

/** What can be asked for: an engine, or the fastest that works. */
export type EngineChoice = EngineInfo['name'] | 'auto'

/**
 * Starts the engine of that name.
 *
 * @throws EngineError where it does not work on this machine.
 */
export async function startEngine(choice: EngineChoice): Promise<EngineInfo> {
  const starters = { auto: startAutoEngine, node: startNodeEngine, wasm: startWasmEngine, cpu: startCpuEngine }
  return await starters[choice]()
}
