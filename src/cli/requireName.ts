import { KnownError } from '../system/knownError.ts'
import { namePattern } from '../validation/schema.ts'

/**
 * Checks the value of `--name`.
 *
 * @param use What is named after it, for the help.
 * @throws KnownError if a spec cannot have this name.
 */
export function requireName(name: string | undefined, use: string): void {
  if (name === undefined || new RegExp(namePattern).test(name)) return
  const rule = 'must be a letter, then letters, digits, _ and -'
  throw new KnownError('usage', `--name ${rule}, not ${JSON.stringify(name)}`, `${use} named after it`)
}
