/** The folder of this package, found from the source or from the built files. */
import { existsSync } from 'node:fs'

export function packageFolder(): URL {
  const candidates = ['../', '../../'].map((step) => new URL(step, import.meta.url))
  return candidates.find((folder) => existsSync(new URL('package.json', folder))) ?? candidates[0]!
}
