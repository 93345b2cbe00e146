/** Starts engines by name, or the fastest one that works. */
import { KnownError, isKnownError } from '../../system/knownError.ts'
import { startCpuEngine } from './cpuEngine.ts'
import { type EngineInfo } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'
import { startWebgpuEngine } from './webgpuEngine.ts'

/** An engine by name, or `auto` for the fastest one that works. */
export type EngineChoice = EngineInfo['name'] | 'auto'

const starters = { node: startNodeEngine, wasm: startWasmEngine, cpu: startCpuEngine, webgpu: startWebgpuEngine }
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
 * @throws KnownError if the engine does not work on this machine.
 */
export async function startEngine(choice: EngineChoice): Promise<EngineInfo> {
  try {
    const engine = choice === 'auto' ? await startFastest() : await starters[choice]()
    return engine.name === 'node' || engine.name === 'webgpu' ? engine : { ...engine, faster: setupNative }
  } catch (error) {
    if (!isKnownError(error, 'engine')) throw error
    throw new KnownError('engine', error.message, engineHelp[choice] ?? error.help)
  }
}

async function startFastest(): Promise<EngineInfo> {
  for (const name of automaticEngines) {
    try {
      return await starters[name]()
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
