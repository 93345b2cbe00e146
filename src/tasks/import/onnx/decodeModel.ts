/**
 * Decodes ONNX files, which are protocol buffers, as far as networks need it. The messages and the numbers of their fields:
 * https://github.com/onnx/onnx/blob/v1.16.0/onnx/onnx.proto3
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'

export interface OnnxModel {
  /** The version of the standard operators. */
  readonly operatorSet: number
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly tensors: readonly StoredTensor[]
  readonly inputs: readonly DeclaredValue[]
  readonly outputs: readonly DeclaredValue[]
}

export interface OnnxNode {
  readonly name: string
  /** The name of the operator, with that of its domain unless it is a standard one. */
  readonly operator: string
  /** An input that is left out is an empty text. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: ReadonlyMap<string, Attribute>
}

export type Attribute = number | string | readonly number[] | readonly string[] | StoredTensor | typeof subgraph

/** An attribute that is a graph, as those of `If` and `Loop` are. */
export const subgraph = Symbol('subgraph')

/** An array as it is stored. `readTensor` reads its values. */
export interface StoredTensor {
  readonly name: string
  readonly shape: readonly number[]
  /** A number of `TensorProto.DataType`. */
  readonly type: number
  /** The bytes of the values, lowest first. Without them, the values are listed. */
  readonly bytes?: Uint8Array
  readonly listed: readonly number[]
  /** Where the bytes are, if they are in another file. */
  readonly external?: ReadonlyMap<string, string>
}

export function isTensor(value: Attribute | undefined): value is StoredTensor {
  return typeof value === 'object' && 'listed' in value
}

export interface DeclaredValue {
  readonly name: string
  /** A size that is known only at run time is null. Undefined if the file does not state the shape. */
  readonly shape: readonly (number | null)[] | undefined
}

/** The most fields of one message, so that a damaged file does not exhaust the memory. */
const mostFields = 20_000_000

/** @throws Error if the bytes are not an ONNX file. */
export function decodeModel(bytes: Uint8Array): OnnxModel {
  const model = new Message(bytes)
  const graph = model.message(7)
  if (graph === undefined) throw new Error('it has no graph')
  const nodes = graph.messages(1).map(decodeNode)
  const operators = model.messages(8).find((one) => isStandard(one.text(1)))
  const tensors = graph.messages(5).map(decodeTensor)
  if (graph.messages(15).length > 0) throw new Error('it has sparse arrays, which are not supported')
  return {
    operatorSet: operators?.number(2) ?? 1,
    name: graph.text(2),
    nodes,
    tensors,
    inputs: graph.messages(11).map(decodeValue),
    outputs: graph.messages(12).map(decodeValue),
  }
}

function isStandard(domain: string): boolean {
  return domain === '' || domain === 'ai.onnx'
}

function decodeNode(node: Message): OnnxNode {
  const domain = node.text(7)
  return {
    name: node.text(3),
    operator: isStandard(domain) ? node.text(4) : `${domain}.${node.text(4)}`,
    inputs: node.texts(1),
    outputs: node.texts(2),
    attributes: new Map(node.messages(5).map((one) => [one.text(1), decodeAttribute(one)])),
  }
}

/** The values of an attribute by its type, `AttributeProto.AttributeType`. Types that no operator here has are graphs. */
function decodeAttribute(attribute: Message): Attribute {
  switch (attribute.number(20)) {
    case 1:
      return attribute.floats(2)[0] ?? 0
    case 2:
      return attribute.number(3) ?? 0
    case 3:
      return attribute.text(4)
    case 4:
      return decodeTensor(attribute.message(5) ?? new Message(new Uint8Array()))
    case 6:
      return attribute.floats(7)
    case 7:
      return attribute.integers(8)
    case 8:
      return attribute.texts(9)
    default:
      return subgraph
  }
}

function decodeTensor(tensor: Message): StoredTensor {
  const bytes = tensor.bytes(9)
  const isExternal = tensor.number(14) === 1
  return {
    name: tensor.text(8),
    shape: tensor.integers(1),
    type: tensor.number(2) ?? 0,
    ...(bytes && { bytes }),
    // Only the field of its type has values.
    listed:
      [4, 5, 7, 10, 11]
        .map((field) => (field === 4 || field === 10 ? tensor.floats(field) : tensor.integers(field)))
        .find((values) => values.length > 0) ?? [],
    ...(isExternal && { external: new Map(tensor.messages(13).map((entry) => [entry.text(1), entry.text(2)])) }),
  }
}

function decodeValue(value: Message): DeclaredValue {
  const shape = value.message(2)?.message(1)?.message(2)
  return {
    name: value.text(1),
    shape: shape?.messages(1).map((size) => {
      const stated = size.number(1)
      return stated === undefined || stated < 1 ? null : stated
    }),
  }
}

/** The fields of a message by their numbers. Integers and fractions are numbers; texts, messages and packed lists are bytes. */
class Message {
  readonly #fields = new Map<number, (number | Uint8Array)[]>()

  constructor(bytes: Uint8Array) {
    const reader = new BinaryReader(bytes)
    for (let count = 0; reader.pos < reader.len; count += 1) {
      if (count === mostFields) throw new Error('a message has too many fields')
      const [field, type] = reader.tag()
      const value = readValue(reader, type, field)
      if (value === undefined) continue
      const values = this.#fields.get(field)
      if (values) values.push(value)
      else this.#fields.set(field, [value])
    }
  }

  messages(field: number): Message[] {
    return this.#bytesOf(field).map((bytes) => new Message(bytes))
  }

  message(field: number): Message | undefined {
    return this.messages(field).at(-1)
  }

  texts(field: number): string[] {
    return this.#bytesOf(field).map((bytes) => new TextDecoder().decode(bytes))
  }

  text(field: number): string {
    return this.texts(field).at(-1) ?? ''
  }

  bytes(field: number): Uint8Array | undefined {
    return this.#bytesOf(field).at(-1)
  }

  number(field: number): number | undefined {
    return this.integers(field).at(-1)
  }

  integers(field: number): number[] {
    return this.#numbersOf(field, readInteger)
  }

  /** @param field Has floats, or doubles if its list is not packed. */
  floats(field: number): number[] {
    return this.#numbersOf(field, (reader) => (field === 10 ? reader.double() : reader.float()))
  }

  #bytesOf(field: number): Uint8Array[] {
    return (this.#fields.get(field) ?? []).filter((value) => typeof value !== 'number')
  }

  #numbersOf(field: number, read: (reader: BinaryReader) => number): number[] {
    const found: number[] = []
    for (const value of this.#fields.get(field) ?? []) {
      if (typeof value === 'number') found.push(value)
      else for (const reader = new BinaryReader(value); reader.pos < reader.len;) found.push(read(reader))
    }
    return found
  }
}

function readValue(reader: BinaryReader, type: WireType, field: number): number | Uint8Array | undefined {
  switch (type) {
    case WireType.Varint:
      return readInteger(reader)
    case WireType.Bit32:
      return reader.float()
    case WireType.Bit64:
      return reader.double()
    case WireType.LengthDelimited:
      return reader.bytes()
    default:
      reader.skip(type, field)
      return undefined
  }
}

/** Integers beyond 2⁵³ are inexact; the format uses them for "to the end" only. */
function readInteger(reader: BinaryReader): number {
  return Number(reader.int64())
}
