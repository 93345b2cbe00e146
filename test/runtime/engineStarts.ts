import { isKnownError } from '../../src/system/knownError.ts'
import { type EngineInfo } from '../../src/runtime/engines/engineInfo.ts'
import { startEngine } from '../../src/runtime/engines/startEngine.ts'

/** Whether an engine works here, for tests that are skipped where it does not. */
export async function engineStarts(name: EngineInfo['name']): Promise<boolean> {
  try {
    await startEngine(name)
    return true
  } catch (error) {
    if (isKnownError(error, 'engine')) return false
    throw error
  }
}
