/** Writes small ONNX files for tests, field by field. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

/** A message, as fields: numbers, texts, and messages or arrays of bytes. */
type Fields = readonly (readonly [field: number, value: number | string | Uint8Array | { readonly float: number }])[]

export function message(...fields: Fields): Uint8Array {
  const writer = new BinaryWriter()
  for (const [field, value] of fields) {
    if (typeof value === 'number') writer.tag(field, WireType.Varint).int64(value)
    else if (typeof value === 'string') writer.tag(field, WireType.LengthDelimited).string(value)
    else if (value instanceof Uint8Array) writer.tag(field, WireType.LengthDelimited).bytes(value)
    else writer.tag(field, WireType.Bit32).float(value.float)
  }
  return writer.finish()
}

export type Attribute = number | string | readonly number[] | Uint8Array | { readonly float: number }

export function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'number') return message([1, name], [3, value], [20, 2])
  if (typeof value === 'string') return message([1, name], [4, value], [20, 3])
  if (value instanceof Uint8Array) return message([1, name], [6, value], [20, 5])
  if ('float' in value) return message([1, name], [2, value], [20, 1])
  return message([1, name], ...value.map((one) => [8, one] as const), [20, 7])
}

/** A node: `output = operator(inputs)`. */
export function node(
  output: string,
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): Uint8Array {
  const stated = Object.entries(attributes).map(([name, value]) => [5, attribute(name, value)] as const)
  return message(
    ...inputs.map((input) => [1, input] as const),
    [2, output],
    [3, `net/${output}/${operator}`],
    [4, operator],
    ...stated,
  )
}

/** An array of ones. */
export function ones(name: string, ...shape: readonly number[]): Uint8Array {
  const count = shape.reduce((product, size) => product * size, 1)
  return array(name, shape, new Uint8Array(Float32Array.from({ length: count }, () => 1).buffer))
}

export function array(name: string, shape: readonly number[], bytes: Uint8Array): Uint8Array {
  return message(...shape.map((size) => [1, size] as const), [2, 1], [8, name], [9, bytes])
}

export function number(name: string, one: number): Uint8Array {
  return array(name, [], new Uint8Array(Float32Array.of(one).buffer))
}

export function integers(name: string, ...values: readonly number[]): Uint8Array {
  return message(
    [1, values.length],
    [2, 7],
    [8, name],
    [9, new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)],
  )
}

/** A whole number without an axis. */
export function whole(name: string, value: number): Uint8Array {
  return message([2, 7], [8, name], [7, value])
}

function declared(name: string, ...shape: readonly (number | string)[]): Uint8Array {
  const sizes = shape.map((size) => [1, message(typeof size === 'number' ? [1, size] : [2, size])] as const)
  return message([1, name], [2, message([1, message([1, 1], [2, message(...sizes)])])])
}

export interface Graph {
  readonly input?: readonly (number | string)[]
  readonly nodes: readonly Uint8Array[]
  readonly arrays?: readonly Uint8Array[]
  readonly operatorSet?: number
}

/** A model whose input is `x` and whose output is `y`. */
export function model({ input = ['n', 3, 8, 8], nodes, arrays = [], operatorSet = 17 }: Graph): Uint8Array {
  const graph = message(
    ...nodes.map((one) => [1, one] as const),
    [2, 'net'],
    ...arrays.map((one) => [5, one] as const),
    [11, declared('x', ...input)],
    [12, declared('y')],
  )
  return message([1, 8], [7, graph], [8, message([1, ''], [2, operatorSet])])
}
