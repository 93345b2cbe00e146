/** Encodes the fields of protocol buffer messages (https://protobuf.dev/programming-guides/encoding). */

/** The wire types, which are the last three bits of a field's key. */
const wireTypes = { varint: 0, double: 1, bytes: 2, float: 5 } as const

/** A whole number or an enumerator. Negative numbers are encoded as int64. */
export function varintField(field: number, value: number): Buffer {
  return Buffer.concat([fieldKey(field, 'varint'), varint(value)])
}

export function doubleField(field: number, value: number): Buffer {
  const eight = Buffer.alloc(8)
  eight.writeDoubleLE(value)
  return Buffer.concat([fieldKey(field, 'double'), eight])
}

export function floatField(field: number, value: number): Buffer {
  const four = Buffer.alloc(4)
  four.writeFloatLE(value)
  return Buffer.concat([fieldKey(field, 'float'), four])
}

/** Bytes, or text in UTF-8. */
export function bytesField(field: number, value: Uint8Array | string): Buffer {
  const bytes = typeof value === 'string' ? Buffer.from(value) : value
  return Buffer.concat([fieldKey(field, 'bytes'), varint(bytes.length), bytes])
}

/** A nested message of the given fields. */
export function messageField(field: number, ...fields: readonly Uint8Array[]): Buffer {
  return bytesField(field, Buffer.concat(fields))
}

function fieldKey(field: number, kind: keyof typeof wireTypes): Buffer {
  return varint(field * 8 + wireTypes[kind])
}

/** Encodes a whole number with seven bits per byte, the lowest first; a negative one as its two's complement of 64 bits. */
function varint(value: number): Buffer {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) + 128)
    rest >>= 7n
  }
  return Buffer.from([...bytes, Number(rest)])
}
