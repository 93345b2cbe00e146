/** Starts engines by name, or the fastest one that works. */
import { KnownError, isKnownError } from '../../system/knownError.ts'
import { startCpuEngine } from './cpuEngine.ts'
import type { EngineChoice } from '../../system/engineNames.ts'
import { type EngineInfo, type EngineWork } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'
import { startWebgpuEngine } from './webgpuEngine.ts'

const starters: Readonly<Record<EngineInfo['name'], (work: EngineWork) => Promise<EngineInfo>>> = {
  node: startNodeEngine,
  wasm: startWasmEngine,
  cpu: startCpuEngine,
  webgpu: startWebgpuEngine,
}
/** The engines that `auto` tries, from fastest to slowest. It does not try webgpu, which was not measured on a graphics card. */
export const automaticEngines: readonly EngineInfo['name'][] = ['node', 'wasm', 'cpu']

const setupNative = 'npx shapewright setup native'
const engineHelp: Readonly<Partial<Record<EngineChoice, string>>> = {
  node: `Run \`${setupNative}\`.`,
  wasm: 'Use `--backend cpu`, which is slow but works everywhere.',
}

/**
 * Starts an engine by name, or the fastest one that works: node, else wasm, else cpu.
 *
 * @param work What the engine is started for, if that is known: an engine may use fewer threads for little work.
 * @throws KnownError if the engine does not work on this machine.
 */
export async function startEngine(choice: EngineChoice, work: EngineWork = {}): Promise<EngineInfo> {
  try {
    const engine = choice === 'auto' ? await startFastest(work) : await starters[choice](work)
    return engine.name === 'node' || engine.name === 'webgpu' ? engine : { ...engine, faster: setupNative }
  } catch (error) {
    if (!isKnownError(error, 'engine')) throw error
    throw new KnownError('engine', error.message, engineHelp[choice] ?? error.help)
  }
}

async function startFastest(work: EngineWork): Promise<EngineInfo> {
  for (const name of automaticEngines) {
    try {
      return await starters[name](work)
    } catch (error) {
      if (!isKnownError(error, 'engine')) throw error
    }
  }
  throw new KnownError(
    'engine',
    'No engine starts.',
    'Run `npm install @tensorflow/tfjs @tensorflow/tfjs-backend-wasm` again.',
  )
}
