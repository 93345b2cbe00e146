import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'

/** What an event file says at one moment. */
export interface ReadEvent {
  readonly wallTime: number
  readonly step: number
  readonly version?: string
  readonly scalars: Record<string, number>
}

/** Reads the event file of a run by the documentation of its format, checksums included. */
export function readEvents(runFolder: string, curve: string): ReadEvent[] {
  const folder = join(runFolder, 'tensorboard', curve)
  const files = existsSync(folder) ? readdirSync(folder) : []
  expect(files).toEqual([expect.stringMatching(/^events\.out\.tfevents\.\d{10}\.shapewright$/)])
  const bytes = readFileSync(join(folder, files[0]!))
  const events: ReadEvent[] = []
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at))
    expect(bytes.readUInt32LE(at + 8)).toBe(checksum(bytes.subarray(at, at + 8)))
    const record = bytes.subarray(at + 12, at + 12 + length)
    expect(bytes.readUInt32LE(at + 12 + length)).toBe(checksum(record))
    events.push(readEvent(record))
    at += 16 + length
  }
  return events
}

function readEvent(record: Buffer): ReadEvent {
  const fields = readFields(record)
  const version = fields.get(3)?.[0] as Buffer | undefined
  const summary = fields.get(5)?.[0] as Buffer | undefined
  const values = summary ? (readFields(summary).get(1) as Buffer[]) : []
  const scalars = values.map((value) => {
    const parts = readFields(value)
    return [String(parts.get(1)![0]), (parts.get(2)![0] as Buffer).readFloatLE()] as const
  })
  return {
    wallTime: (fields.get(1)![0] as Buffer).readDoubleLE(),
    step: (fields.get(2)?.[0] as number | undefined) ?? 0,
    ...(version && { version: version.toString() }),
    scalars: Object.fromEntries(scalars),
  }
}

/** The fields of a message of protocol buffers by their numbers. */
function readFields(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>()
  let at = 0
  const varint = (): number => {
    let [value, factor] = [0, 1]
    for (;;) {
      const byte = bytes[at++]!
      value += (byte & 127) * factor
      if (byte < 128) return value
      factor *= 128
    }
  }
  const take = (length: number) => bytes.subarray(at, (at += length))
  while (at < bytes.length) {
    const key = varint()
    const kind = key % 8
    const value = kind === 0 ? varint() : take(kind === 1 ? 8 : kind === 5 ? 4 : varint())
    fields.set(Math.floor(key / 8), [...(fields.get(Math.floor(key / 8)) ?? []), value])
  }
  return fields
}

/** CRC-32C by a table, masked. */
function checksum(bytes: Uint8Array): number {
  const table = Array.from({ length: 256 }, (_, index) => {
    let crc = index
    for (let bit = 0; bit < 8; bit++) crc = (crc & 1) === 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
    return crc >>> 0
  })
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ table[(crc ^ byte) & 255]!
  crc = ~crc >>> 0
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
}
