/** The folder of this package, found from its sources or from what was built of them. */
import { existsSync } from 'node:fs'

export function packageFolder(): URL {
  const candidates = ['../', '../../'].map((step) => new URL(step, import.meta.url))
  return candidates.find((folder) => existsSync(new URL('package.json', folder))) ?? candidates[0]!
}
