import { startCpuEngine } from './cpuEngine.ts'
import { EngineError, type EngineInfo } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'

/** Starts the fastest engine that works here: node, else wasm, else cpu. */
export async function startAutoEngine(): Promise<EngineInfo> {
  for (const start of [startNodeEngine, startWasmEngine]) {
    try {
      return await start()
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
    }
  }
  return await startCpuEngine()
}
