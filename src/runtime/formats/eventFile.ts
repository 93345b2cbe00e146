/** Encodes event files, which TensorBoard reads. */

/** The values of one step in an event file, which TensorBoard reads. */
export interface TensorBoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number
  readonly step: number
  /** Values by their tags. */
  readonly scalars: Readonly<Record<string, number>>
}

/** Encodes the first record of an event file: the version of its format. */
export function beginEventFile(wallTime: number): Uint8Array {
  return frameRecord(Buffer.concat([doubleField(1, wallTime), bytesField(3, Buffer.from('brain.Event:2'))]))
}

/**
 * Encodes an event with its scalars as the protocol buffer message `Event`
 * (https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto, summary.proto).
 */
export function encodeEvent({ wallTime, step, scalars }: TensorBoardEvent): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    bytesField(1, Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)])),
  )
  return frameRecord(
    Buffer.concat([doubleField(1, wallTime), varintField(2, step), bytesField(5, Buffer.concat(values))]),
  )
}

/**
 * Frames a record in TensorFlow's TFRecord format: its length in eight bytes, the checksum of the length, its bytes,
 * and their checksum (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
 */
function frameRecord(record: Buffer): Uint8Array {
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(record.length))
  return Buffer.concat([length, maskedChecksum(length), record, maskedChecksum(record)])
}

function maskedChecksum(bytes: Uint8Array): Buffer {
  const crc = crc32c(bytes)
  const masked = (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0
  const four = Buffer.alloc(4)
  four.writeUInt32LE(masked)
  return four
}

/** CRC-32C (Castagnoli), computed bit by bit, since events are short. */
function crc32c(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1
  }
  return (crc ^ 0xffffffff) >>> 0
}

/** The wire types of protocol buffers, which are the last three bits of a field's key. */
const wireTypes = { varint: 0, double: 1, bytes: 2, float: 5 } as const

function fieldKey(field: number, kind: keyof typeof wireTypes): Buffer {
  return varint(field * 8 + wireTypes[kind])
}

function varintField(field: number, value: number): Buffer {
  return Buffer.concat([fieldKey(field, 'varint'), varint(value)])
}

function doubleField(field: number, value: number): Buffer {
  const eight = Buffer.alloc(8)
  eight.writeDoubleLE(value)
  return Buffer.concat([fieldKey(field, 'double'), eight])
}

function floatField(field: number, value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeFloatLE(value)
  return Buffer.concat([fieldKey(field, 'float'), four])
}

function bytesField(field: number, value: Uint8Array): Buffer {
  return Buffer.concat([fieldKey(field, 'bytes'), varint(value.length), value])
}

/** Encodes a non-negative whole number with seven bits per byte, the lowest first. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) + 128)
    rest = Math.floor(rest / 128)
  }
  return Buffer.from([...bytes, rest])
}
