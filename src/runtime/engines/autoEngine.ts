import { KnownError, isKnownError } from '../../system/knownError.ts'
import { startCpuEngine } from './cpuEngine.ts'
import { type EngineInfo } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'

/** Starts the fastest engine that works here: node, else wasm, else cpu. */
export async function startAutoEngine(): Promise<EngineInfo> {
  for (const start of [startNodeEngine, startWasmEngine, startCpuEngine]) {
    try {
      const engine = await start()
      return engine.name === 'node' ? engine : { ...engine, faster: 'npm install @tensorflow/tfjs-node' }
    } catch (error) {
      if (!isKnownError(error, 'engine')) throw error
    }
  }
  throw new KnownError(
    'engine',
    'No engine could be started.',
    'Reinstall: `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm`.',
  )
}
