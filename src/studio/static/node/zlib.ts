/** Takes the place of `node:zlib` in the workers of the static page. */
import { Gunzip, gunzipSync as unpackGzip, Inflate, inflateSync } from 'fflate'
import { joinBytes } from './fs.ts'

export const constants = { Z_SYNC_FLUSH: 2 }

/** @param options With `finishFlush`, the bytes may end early: what they contain is unpacked. */
export function gunzipSync(bytes: Uint8Array, options?: object): Uint8Array {
  return Buffer.from(options === undefined ? unpackGzip(bytes) : unpackStart(new Gunzip(), bytes))
}

export function inflateRawSync(bytes: Uint8Array, options?: object): Uint8Array {
  return Buffer.from(options === undefined ? inflateSync(bytes) : unpackStart(new Inflate(), bytes))
}

function unpackStart(reader: Gunzip | Inflate, bytes: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = []
  reader.ondata = (part) => parts.push(part)
  reader.push(bytes, false)
  return joinBytes(parts)
}

export function crc32(bytes: Uint8Array): number {
  let crc = -1
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xed_b8_83_20 & -(crc & 1))
  }
  return ~crc >>> 0
}

/** There are no streams of Node.js here. */
export function createGunzip(): never {
  throw new Error('Files in this format cannot be read in the browser: use `shapewright studio`.')
}
export { createGunzip as createInflateRaw, createGunzip as createInflate }
