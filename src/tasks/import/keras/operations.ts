/** Operations that are no layers, such as `x * 2 + y` or `tf.nn.relu6(x)`, as layers of the language. */
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { Json } from '../readJson.ts'
import type { KerasLayer } from './kerasModel.ts'
import { isTensor, type Constant, type KerasNode, type TensorRef } from './kerasNode.ts'
import type { Step } from './layerForm.ts'

/** The operation that a layer of Keras 2 or an object of Keras 3 calls: `add`; undefined if it is a layer. */
export function operationOf({ className, module = '', config }: KerasLayer): string | undefined {
  const isCall = className === 'TFOpLambda' || className === 'SlicingOpLambda'
  if (!isCall && !/^keras(\.src)?\.ops\b/.test(module)) return undefined
  const name = isCall ? String(config['function'] ?? config['name']) : className
  return name.toLowerCase().split('.').at(-1)
}

const merges: Readonly<Record<string, string>> = { add: 'add', multiply: 'multiply', maximum: 'maximum', minimum: 'minimum' }
const activations: Readonly<Record<string, string>> = {
  relu: 'relu',
  relu6: 'relu6',
  sigmoid: 'sigmoid',
  tanh: 'tanh',
  softplus: 'softplus',
  softsign: 'softsign',
  silu: 'swish',
  swish: 'swish',
  selu: 'selu',
  elu: 'elu',
}

export interface AppliedOperation {
  readonly operation: string
  readonly layer: KerasLayer
  readonly node: KerasNode
  /** Returns the layer that computes a tensor. */
  nameOf(tensor: TensorRef): string
}

/** Adds the layers of an operation, and returns the name of the last; undefined, after a report, if there are none like it. */
export function addOperation(builder: NetworkBuilder, applied: AppliedOperation): string | undefined {
  const { operation, layer, node, nameOf } = applied
  const { name, place } = layer
  const operands = operandsOf(node)
  const tensors = operands.filter(isTensor).map(nameOf)
  const add = ({ type, options }: Step, inputs: readonly string[], own = name) =>
    builder.add({ name: own, type, options, inputs, place })
  const kind = { truediv: 'divide', truedivide: 'divide', sub: 'subtract', mul: 'multiply', concat: 'concatenate' }[operation] ?? operation
  const isBinary = operands.length === 2
  if (isBinary && tensors.length === 2) {
    if (merges[kind] !== undefined) return add({ type: merges[kind], options: {} }, tensors)
    if (kind === 'subtract') {
      const negative = add({ type: 'rescaling', options: { scale: -1 } }, [tensors[1]!], `${name}_negative`)
      return add({ type: 'add', options: {} }, [tensors[0]!, negative])
    }
  }
  if (kind === 'concatenate' && tensors.length >= 2) {
    const axis = node.kwargs['axis'] ?? (operands.at(-1) as Partial<Constant>).constant ?? -1
    const rank = builder.shapeOf(tensors[0]!)?.length
    return add({ type: 'concatenate', options: axis === -1 || axis === rank ? {} : { axis } }, tensors)
  }
  const scaled = isBinary && tensors.length === 1 ? scaleOf(kind, operands) : undefined
  if (scaled !== undefined) return add({ type: 'rescaling', options: scaled }, tensors)
  if (tensors.length === 1 && kind === 'negative') return add({ type: 'rescaling', options: { scale: -1 } }, tensors)
  if (tensors.length === 1 && operands.length === 1 && Object.hasOwn(activations, kind))
    return add({ type: 'activation', options: { activation: activations[kind] } }, tensors)
  builder.problems.add(place, `there is no layer like the operation \`${operation}\` with these operands`)
  return undefined
}

/** The arguments by position, then the named ones that are operands: Keras 2 writes `x + 1` as a call with `y: 1`. */
function operandsOf({ args, kwargs }: KerasNode): (TensorRef | Constant)[] {
  const named = ['x', 'x1', 'y', 'x2', 'b'].flatMap((key) => {
    const value = Object.hasOwn(kwargs, key) ? kwargs[key] : undefined
    if (value === undefined || value === null) return []
    return [isTensor(value) ? value : { constant: value as Json }]
  })
  return [...args, ...named]
}

/** The options of a `rescaling` that computes an operation of a tensor and a number. */
function scaleOf(kind: string, operands: readonly (TensorRef | Constant)[]): Record<string, number> | undefined {
  const [first, second] = operands
  const isReversed = !isTensor(first)
  const { constant } = (isReversed ? first : second) as Constant
  if (typeof constant !== 'number' || !Number.isFinite(constant)) return undefined
  if (kind === 'add') return { scale: 1, offset: constant }
  if (kind === 'multiply') return { scale: constant }
  if (kind === 'subtract') return isReversed ? { scale: -1, offset: constant } : { scale: 1, offset: -constant }
  return kind === 'divide' && !isReversed && constant !== 0 ? { scale: 1 / constant } : undefined
}
