import { join } from 'node:path'
import { cacheRoot } from './cacheRoot.ts'

/** The folder where a dataset is looked for when none is named. */
export function cacheFolder(dataset: string): string {
  return join(cacheRoot(), dataset)
}
