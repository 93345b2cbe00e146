import { KnownError, isKnownError } from '../../system/knownError.ts'
import { startAutoEngine } from './autoEngine.ts'
import { startCpuEngine } from './cpuEngine.ts'
import { type EngineInfo } from './engineInfo.ts'
import { startNodeEngine } from './nodeEngine.ts'
import { startWasmEngine } from './wasmEngine.ts'

/** What can be asked for: an engine, or the fastest that works. */
export type EngineChoice = EngineInfo['name'] | 'auto'

/** What Shapewright's own command line offers. Compiled scripts, which start their engine themselves, do without it. */
const setupNative = 'npx shapewright setup native'
const engineHelp: Readonly<Record<EngineChoice, string | undefined>> = {
  node: `Run \`${setupNative}\`.`,
  wasm: 'Try `--backend cpu`, which works anywhere, but slowly.',
  cpu: undefined,
  auto: undefined,
}

/**
 * Starts the engine of that name, for the command line.
 *
 * @throws KnownError where it does not work on this machine.
 */
export async function startEngine(choice: EngineChoice): Promise<EngineInfo> {
  const starters = { auto: startAutoEngine, node: startNodeEngine, wasm: startWasmEngine, cpu: startCpuEngine }
  try {
    const engine = await starters[choice]()
    return engine.name === 'node' ? engine : { ...engine, faster: setupNative }
  } catch (error) {
    if (!isKnownError(error, 'engine')) throw error
    throw new KnownError('engine', error.message, engineHelp[choice] ?? error.help)
  }
}
