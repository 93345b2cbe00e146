/**
 * Encodes graphs as ONNX files, which are protocol buffers. The messages and their numbers:
 * https://github.com/onnx/onnx/blob/v1.16.0/onnx/onnx.proto3
 */
import { bytesField, floatField, messageField, varintField } from '../../runtime/formats/protobuf.ts'

/** The version of the operators, and that of the file format which has them. */
export const operatorSet = 17
const fileFormat = 8

/** The numbers of `TensorProto.DataType`. */
export const dataTypes = { float: 1, int64: 7, bool: 9 } as const

/** A whole number is encoded as an integer; `{ float }` states one that is not. */
export type Attribute = number | string | readonly number[] | readonly string[] | { readonly float: number }

export interface OnnxNode {
  readonly operator: string
  /** An input that is left out is an empty text. */
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  readonly attributes: Readonly<Record<string, Attribute>>
}

/** Numbers that are stored in the file. */
export interface Initializer {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | BigInt64Array
}

/** An input or output of the graph: float32 numbers. A size that is a text is known only at run time. */
export interface GraphValue {
  readonly name: string
  readonly shape: readonly (number | string)[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly initializers: readonly Initializer[]
  readonly inputs: readonly GraphValue[]
  readonly outputs: readonly GraphValue[]
  /** What the file says about itself, as texts. */
  readonly metadata: Readonly<Record<string, string>>
}

export function encodeOnnx(graph: OnnxGraph, producerVersion: string): Buffer {
  const { name, nodes, initializers, inputs, outputs, metadata } = graph
  return Buffer.concat([
    varintField(1, fileFormat),
    bytesField(2, 'Shapewright'),
    bytesField(3, producerVersion),
    messageField(
      7,
      ...nodes.map(encodeNode),
      bytesField(2, name),
      ...initializers.map(encodeInitializer),
      ...inputs.map((value) => messageField(11, encodeValue(value))),
      ...outputs.map((value) => messageField(12, encodeValue(value))),
    ),
    messageField(8, bytesField(1, ''), varintField(2, operatorSet)),
    ...Object.entries(metadata).map(([key, value]) => messageField(14, bytesField(1, key), bytesField(2, value))),
  ])
}

function encodeNode({ operator, inputs, outputs, attributes }: OnnxNode): Buffer {
  return messageField(
    1,
    ...inputs.map((input) => bytesField(1, input)),
    ...outputs.map((output) => bytesField(2, output)),
    bytesField(3, outputs[0]!),
    bytesField(4, operator),
    ...Object.entries(attributes).map(([name, value]) => messageField(5, bytesField(1, name), ...encodeValues(value))),
  )
}

/** The fields of an attribute: its value, and the number of its type. */
function encodeValues(value: Attribute): Buffer[] {
  if (typeof value === 'number') return [varintField(3, value), varintField(20, 2)]
  if (typeof value === 'string') return [bytesField(4, value), varintField(20, 3)]
  if ('float' in value) return [floatField(2, value.float), varintField(20, 1)]
  if (typeof value[0] === 'string')
    return [...(value as readonly string[]).map((one) => bytesField(9, one)), varintField(20, 8)]
  return [...(value as readonly number[]).map((one) => varintField(8, one)), varintField(20, 7)]
}

function encodeInitializer({ name, shape, values }: Initializer): Buffer {
  return messageField(
    5,
    ...shape.map((size) => varintField(1, size)),
    varintField(2, values instanceof Float32Array ? dataTypes.float : dataTypes.int64),
    bytesField(8, name),
    bytesField(9, new Uint8Array(values.buffer, values.byteOffset, values.byteLength)),
  )
}

function encodeValue({ name, shape }: GraphValue): Buffer {
  const sizes = shape.map((size) =>
    messageField(1, typeof size === 'number' ? varintField(1, size) : bytesField(2, size)),
  )
  const tensor = messageField(1, varintField(1, dataTypes.float), messageField(2, ...sizes))
  return Buffer.concat([bytesField(1, name), messageField(2, tensor)])
}
