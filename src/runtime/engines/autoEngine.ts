import { startCpuEngine } from './cpuEngine.ts'
import { EngineError, type EngineInfo } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'

/** Starts the fastest engine that works here: node, else wasm, else cpu. */
export async function startAutoEngine(): Promise<EngineInfo> {
  for (const start of [startNodeEngine, startWasmEngine, startCpuEngine]) {
    try {
      const engine = await start()
      return engine.name === 'node' ? engine : { ...engine, faster: 'npm install @tensorflow/tfjs-node' }
    } catch (error) {
      if (!(error instanceof EngineError)) throw error
    }
  }
  throw new EngineError('No engine starts.', 'Run `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm` anew.')
}
