/** Takes the place of `runtime/engines/nodeEngine.ts` in the workers of the static page, where that engine cannot run. */
import { KnownError } from '../../../system/knownError.ts'

export async function startNodeEngine(): Promise<never> {
  throw new KnownError('engine', 'The node engine does not run in a browser.', 'Use the wasm engine.')
}
export { startNodeEngine as startStockNode }
