/** Encodes event files, which TensorBoard reads. */
import { bytesField, doubleField, floatField, messageField, varintField } from './protobuf.ts'

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
  return frameRecord(Buffer.concat([doubleField(1, wallTime), bytesField(3, 'brain.Event:2')]))
}

/**
 * Encodes an event with its scalars as the protocol buffer message `Event`
 * (https://github.com/tensorflow/tensorboard/blob/master/tensorboard/compat/proto/event.proto, summary.proto).
 */
export function encodeEvent({ wallTime, step, scalars }: TensorBoardEvent): Uint8Array {
  const values = Object.entries(scalars).map(([tag, value]) =>
    messageField(1, bytesField(1, tag), floatField(2, value)),
  )
  return frameRecord(Buffer.concat([doubleField(1, wallTime), varintField(2, step), messageField(5, ...values)]))
}

/**
 * Frames a record in TensorFlow's TFRecord format: its length in eight bytes, the checksum of the length, its bytes,
 * and their checksum (https://www.tensorflow.org/tutorials/load_data/tfrecord#tfrecords_format_details).
 */
function frameRecord(record: Buffer): Uint8Array {
  const length = Buffer.alloc(8)
  new DataView(length.buffer, length.byteOffset).setBigUint64(0, BigInt(record.length), true)
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
