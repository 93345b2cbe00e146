/**
 * Encodes TensorFlow graphs as SavedModel files, the only form in which tfjs-node loads a graph. Messages and field numbers:
 * https://github.com/tensorflow/tensorflow/tree/v2.15.1/tensorflow/core/protobuf/saved_model.proto and, in core/framework,
 * graph.proto, node_def.proto, attr_value.proto, tensor.proto.
 */
import { type DataType, type TypedArray } from '@tensorflow/tfjs'
import { bytesField, floatField, messageField, varintField } from '../formats/protobuf.ts'
import { type OperationAttribute } from '../engines/nodeBackend.ts'

/** The tag by which a SavedModel is loaded. */
export const graphTag = 'serve'

/** The encoded value of an attribute. */
export type AttributeValue = Buffer

/** Encodes a node. An input is `NODE` or `NODE:OUTPUT`, or `^NODE` for a node that must run before. */
export function encodeNode(
  name: string,
  operation: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, AttributeValue>>,
): Buffer {
  return messageField(
    1,
    bytesField(1, name),
    bytesField(2, operation),
    ...inputs.map((input) => bytesField(3, input)),
    ...Object.entries(attributes).map(([key, value]) => messageField(5, bytesField(1, key), bytesField(2, value))),
  )
}

/** Encodes a SavedModel of one graph without variables on disk. */
export function encodeSavedModel(nodes: readonly Buffer[]): Buffer {
  // TensorFlow 2.9, the oldest that tfjs-node comes with, produces version 1087 of graphs.
  const graph = messageField(2, ...nodes, messageField(4, varintField(1, 1087)))
  const tags = messageField(1, bytesField(4, graphTag))
  return Buffer.concat([varintField(1, 1), messageField(2, tags, graph)])
}

/** The numbers of `DataType` (types.proto). */
const dataTypes: Readonly<Partial<Record<DataType, number>>> = { float32: 1, int32: 3, bool: 10 }

/** @throws Error if graphs here have no tensors of this type. */
export function typeValue(dtype: DataType): AttributeValue {
  return varintField(6, dataTypeNumber(dtype))
}

export function booleanValue(value: boolean): AttributeValue {
  return varintField(5, Number(value))
}

export function integerValue(value: number): AttributeValue {
  return varintField(3, value)
}

export function textValue(text: string): AttributeValue {
  return bytesField(2, text)
}

export function shapeValue(shape: readonly number[]): AttributeValue {
  return shapeField(7, shape)
}

/** Encodes the value of a constant; one number if all are equal, which saves megabytes for the gradient of a mean. */
export function tensorValue(dtype: DataType, shape: readonly number[], values: TypedArray): AttributeValue {
  const header = [varintField(1, dataTypeNumber(dtype)), shapeField(2, shape)]
  const bits = dtype === 'float32' ? new Int32Array(values.buffer, values.byteOffset, values.length) : values
  const isUniform = bits.length > 1 && bits.every((value) => value === bits[0])
  if (isUniform) return messageField(8, ...header, uniformField(dtype, values[0]!))
  const bytes =
    dtype === 'bool' ? Uint8Array.from(values) : new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  return messageField(8, ...header, bytesField(4, bytes))
}

/** The fields `float_val`, `int_val` and `bool_val`: a single value is that of all elements. */
function uniformField(dtype: DataType, value: number): Buffer {
  if (dtype === 'float32') return floatField(5, value)
  return varintField(dtype === 'int32' ? 7 : 11, value)
}

/** The numbers of `TF_AttrType`. */
const attributeTypes = { text: 0, integer: 1, float: 2, boolean: 3, type: 4, shape: 5 } as const

/** @throws Error for a type of attributes that tfjs-node cannot pass either. */
export function attributeValue({ name, type, value }: OperationAttribute): AttributeValue {
  const numbers = (encode: (field: number, value: number) => Buffer, field: number): Buffer =>
    Array.isArray(value)
      ? messageField(1, ...value.map((one) => encode(field, Number(one))))
      : encode(field, Number(value))
  switch (type) {
    case attributeTypes.text:
      return textValue(value as string)
    case attributeTypes.integer:
      return numbers(varintField, 3)
    case attributeTypes.float:
      return numbers(floatField, 4)
    case attributeTypes.boolean:
      return numbers(varintField, 5)
    case attributeTypes.type:
      return numbers(varintField, 6)
    case attributeTypes.shape:
      return shapeValue(value as number[])
    default:
      throw new Error(`The attribute ${name} has the unknown type ${type}.`)
  }
}

/** @throws Error if graphs here have no tensors of this type. */
export function dataTypeNumber(dtype: DataType): number {
  const number = dataTypes[dtype]
  if (number === undefined) throw new Error(`Graphs have no tensors of type ${dtype}.`)
  return number
}

function shapeField(field: number, shape: readonly number[]): Buffer {
  return messageField(field, ...shape.map((size) => messageField(2, varintField(1, size))))
}
