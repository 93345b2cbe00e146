/** Reads operations outside of layers, such as `x * 2 + y` or `tf.nn.relu6(x)`, as layers of the language. */
import type { Shape } from '../../../language/dims.ts'
import { lookUp } from '../../../language/schema.ts'
import type { NetworkBuilder } from '../networkBuilder.ts'
import type { Json } from '../readJson.ts'
import type { KerasLayer } from './kerasModel.ts'
import { isTensor, type Constant, type KerasNode, type TensorRef } from './kerasNode.ts'
import type { Step } from './layerForm.ts'

/** The operation that a layer of Keras 2 or an object of Keras 3 calls: `add`; undefined if it is a layer. */
export function operationOf({ className, module = '', config }: KerasLayer): string | undefined {
  const isCall = className === 'TFOpLambda' || className === 'SlicingOpLambda'
  // Without a module, as in .h5 files, an operation differs from the layer of its name by a config that has only a name.
  const hasNoOptions =
    Object.keys(config).every((key) => key === 'name') || Object.hasOwn(reductions, className.toLowerCase())
  const isBare = module === '' && hasNoOptions && config['name'] !== undefined
  if (!isCall && !isBare && !/^keras(\.src)?\.ops\b/.test(module)) return undefined
  const name = isCall ? String(config['function'] ?? config['name']) : className
  return name.toLowerCase().split('.').at(-1)
}

const merges: Readonly<Record<string, string>> = {
  add: 'add',
  mul: 'multiply',
  multiply: 'multiply',
  maximum: 'maximum',
  minimum: 'minimum',
}
/** The pooling over all of a sequence or an image, by the reduction of Keras 3 or of TensorFlow. */
const reductions: Readonly<Record<string, string>> = {
  mean: 'globalAveragePooling',
  reduce_mean: 'globalAveragePooling',
  max: 'globalMaxPooling',
  reduce_max: 'globalMaxPooling',
}
const subtractions: ReadonlySet<string> = new Set(['sub', 'subtract'])
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

/** Adds the layers of an operation, and returns the name of the last; undefined, after a report, if no layers compute it. */
export function addOperation(builder: NetworkBuilder, applied: AppliedOperation): string | undefined {
  const { operation, layer, node, nameOf } = applied
  const { name, place } = layer
  const operands = operandsOf(node)
  const tensors = operands.filter(isTensor).map(nameOf)
  const add = (step: Step, inputs: readonly string[], own = name) => builder.add({ name: own, ...step, inputs, place })
  const isPair = operands.length === 2 && tensors.length === 2
  if (isPair && Object.hasOwn(merges, operation)) return add({ type: lookUp(merges, operation), options: {} }, tensors)
  if (isPair && subtractions.has(operation)) {
    const negative = add({ type: 'rescaling', options: { scale: -1 } }, tensors.slice(1), `${name}_negative`)
    return add({ type: 'add', options: {} }, [tensors[0]!, negative])
  }
  if (/^concat(enate)?$/.test(operation) && tensors.length >= 2) {
    const axis = node.kwargs['axis'] ?? constantsOf(operands)[0] ?? -1
    const isLast = axis === -1 || axis === builder.shapeOf(tensors[0]!)?.length
    return add({ type: 'concatenate', options: isLast ? {} : { axis } }, tensors)
  }
  const pooled =
    tensors.length === 1 ? poolingOf(operation, { ...layer.config, ...node.kwargs }, builder.shapeOf(tensors[0]!)) : []
  if (pooled.length > 0)
    return pooled.reduce(
      (last, step, index) => add(step, [last], index === 0 ? name : `${name}_${step.type}`),
      tensors[0]!,
    )
  const scaled = tensors.length === 1 ? scaleOf(operation, operands) : undefined
  if (scaled !== undefined) return add({ type: 'rescaling', options: scaled }, tensors)
  if (tensors.length === 1 && operands.length === 1 && Object.hasOwn(activations, operation)) {
    return add({ type: 'activation', options: { activation: activations[operation] } }, tensors)
  }
  builder.problems.add(place, `no layer computes the operation \`${operation}\` with these operands`)
  return undefined
}

/** The arguments by position, then the named ones that are operands: Keras 2 writes `x + 1` as a call with `y: 1`. */
function operandsOf({ args, kwargs }: KerasNode): (TensorRef | Constant)[] {
  const named = ['x', 'x1', 'y', 'x2'].flatMap((key) => {
    const value = Object.hasOwn(kwargs, key) ? kwargs[key] : undefined
    if (value === undefined || value === null) return []
    return [isTensor(value) ? value : { constant: value }]
  })
  return [...args, ...named]
}

function constantsOf(operands: readonly (TensorRef | Constant)[]): Json[] {
  return operands.flatMap((one) => (isTensor(one) ? [] : [one.constant]))
}

/** The layers that reduce all axes between the batch and the channels; none for other axes. */
function poolingOf(
  operation: string,
  options: Readonly<Record<string, unknown>>,
  shape: Shape | undefined,
): readonly Step[] {
  if (shape === undefined || !Object.hasOwn(reductions, operation)) return []
  const space = shape.length - 1
  const axes = [options['axis'] ?? []]
    .flat()
    .map((axis) => (Number(axis) < 0 ? Number(axis) + shape.length + 1 : Number(axis)))
  const isWhole = axes.toSorted((a, b) => a - b).join() === Array.from({ length: space }, (_, axis) => axis + 1).join()
  if (!isWhole || space < 1 || space > 2) return []
  const pooling: Step = { type: `${lookUp(reductions, operation)}${space}d`, options: {} }
  const targetShape = [...Array<number>(space).fill(1), shape.at(-1) ?? -1]
  return options['keepdims'] === true ? [pooling, { type: 'reshape', options: { targetShape } }] : [pooling]
}

type Scale = Readonly<Record<string, number>>

/** The options of the `rescaling` that computes an operation of a tensor and a number, in this order. */
const scales: Readonly<Record<string, (number: number) => Scale>> = {
  add: (number) => ({ scale: 1, offset: number }),
  multiply: (number) => ({ scale: number }),
  mul: (number) => ({ scale: number }),
  subtract: (number) => ({ scale: 1, offset: -number }),
  sub: (number) => ({ scale: 1, offset: -number }),
  divide: (number) => ({ scale: 1 / number }),
  truediv: (number) => ({ scale: 1 / number }),
  truedivide: (number) => ({ scale: 1 / number }),
}
/** As `scales`, for a number and then a tensor. */
const reversedScales: typeof scales = {
  ...scales,
  subtract: (number) => ({ scale: -1, offset: number }),
  sub: (number) => ({ scale: -1, offset: number }),
  divide: () => ({}),
  truediv: () => ({}),
  truedivide: () => ({}),
}

function scaleOf(operation: string, operands: readonly (TensorRef | Constant)[]): Scale | undefined {
  const [first, second] = operands
  if (operation === 'negative') return { scale: -1 }
  if (first === undefined || second === undefined || operands.length > 2) return undefined
  const table = isTensor(first) ? scales : reversedScales
  const number = isTensor(first) ? (second as Constant).constant : first.constant
  if (typeof number !== 'number' || !Object.hasOwn(table, operation)) return undefined
  const options = lookUp(table, operation)(number)
  return Number.isFinite(options['scale']) ? options : undefined
}
