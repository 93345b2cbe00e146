import { unreadableData } from '../../system/knownError.ts'

/**
 * Creates a decoder of UTF-8 that is called with each piece, and without an argument at the end.
 *
 * @throws KnownError from the decoder if the bytes are not UTF-8.
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
