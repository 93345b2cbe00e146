import { unreadableData } from '../../system/knownError.ts'

/**
 * Decodes UTF-8 piece by piece; called without bytes, at the end.
 *
 * @throws KnownError if it is something else.
 */
export function createTextDecoder(path: string): (bytes?: Uint8Array) => string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  return (bytes) => {
    try {
      return decoder.decode(bytes, { stream: bytes !== undefined })
    } catch {
      throw unreadableData(`${path} is not UTF-8 text.`, 'Save it as UTF-8.')
    }
  }
}
