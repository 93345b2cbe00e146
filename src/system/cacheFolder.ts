import { join } from 'node:path'
import { cacheRoot } from './cacheRoot.ts'

/** The folder of a dataset in the cache, which is searched if the spec gives no path. */
export function cacheFolder(dataset: string): string {
  return join(cacheRoot(), dataset)
}
