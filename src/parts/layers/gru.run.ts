/** Gated recurrent units with `resetAfter: true`. */
import * as tf from '@tensorflow/tfjs'
import type { FactoryOptions } from './preprocessing.run.ts'

interface Variable {
  read(): tf.Tensor
}

interface Activation {
  apply(values: tf.Tensor): tf.Tensor
}

/** The properties of a GRU cell of tf.layers. */
interface GruCell extends tf.layers.Layer {
  readonly units: number
  useBias: boolean
  readonly activation: Activation
  readonly recurrentActivation: Activation
  readonly kernel: Variable
  readonly recurrentKernel: Variable
  bias: Variable | null
  readonly biasInitializer: unknown
  readonly biasRegularizer: unknown
  readonly biasConstraint: unknown
  readonly dropout: number
  readonly recurrentDropout: number
  readonly dropoutFunc?: (values: tf.Tensor, rate: number) => tf.Tensor
  dropoutMask: tf.Tensor[] | null
  recurrentDropoutMask: tf.Tensor[] | null
}

/** The protected method of tf.layers that creates weights. */
interface WeightMaker {
  addWeight(
    name: string,
    shape: readonly number[],
    dtype: null,
    initializer: unknown,
    regularizer: unknown,
    trainable: boolean,
    constraint: unknown,
  ): Variable
}

export type ResetAfter<Factory extends typeof tf.layers.gru | typeof tf.layers.gruCell> = Parameters<Factory>[0] & {
  readonly resetAfter?: boolean
}

/** The type of tf.layers.gru's layers, which TensorFlow.js does not export by name. */
export type RecurrentLayer = ReturnType<typeof tf.layers.gru>

/** tf.layers.gru with `resetAfter: true`, for which the stock layer throws. */
export function gruLayer({ resetAfter: _after, ...options }: ResetAfter<typeof tf.layers.gru>): RecurrentLayer {
  return withResetAfter(tf.layers.gru(options))
}

/** tf.layers.gruCell with `resetAfter: true`. */
export function gruCellLayer({ resetAfter: _after, ...options }: ResetAfter<typeof tf.layers.gruCell>) {
  const cell = tf.layers.gruCell(options)
  resetAfterKernel(cell as unknown as GruCell)
  return cell
}

/** tf.layers.bidirectional of a `gruLayer`. It clones the layer by its config, so it gets that of a stock layer. */
export function bidirectionalLayer(options: FactoryOptions<typeof tf.layers.bidirectional>): tf.layers.Layer {
  const held = options.layer
  const described = { getConfig: { value: () => ({ ...held.getConfig(), resetAfter: false }) } }
  const layer = tf.layers.bidirectional({ ...options, layer: Object.create(held, described) as typeof held })
  const { forwardLayer, backwardLayer } = layer as unknown as Record<'forwardLayer' | 'backwardLayer', tf.layers.Layer>
  for (const direction of [forwardLayer, backwardLayer]) withResetAfter(direction)
  return Object.assign(layer, { layer: held })
}

function withResetAfter<Recurrent extends tf.layers.Layer>(layer: Recurrent): Recurrent {
  resetAfterKernel((layer as unknown as { readonly cell: GruCell }).cell)
  return layer
}

/**
 * Applies the reset gate of a cell after the recurrent kernel, which then has its own bias (as in cuDNN and Keras):
 * z and r as before, h' = tanh(x·W + b + r · (h·U + c)), h = z · h + (1 - z) · h'.
 */
function resetAfterKernel(cell: GruCell): void {
  const build = cell.build.bind(cell)
  const describe = cell.getConfig.bind(cell)
  cell.build = (inputShape) => {
    const { useBias, units, biasInitializer, biasRegularizer, biasConstraint } = cell
    cell.useBias = false
    build(inputShape)
    cell.useBias = useBias
    if (!useBias) return
    const maker = cell as unknown as WeightMaker
    cell.bias = maker.addWeight('bias', [2, 3 * units], null, biasInitializer, biasRegularizer, true, biasConstraint)
  }
  cell.call = (tensors, settings) =>
    tf.tidy(() => {
      const [given, before] = tensors as [tf.Tensor2D, tf.Tensor2D]
      const isTraining = settings['training'] === true
      cell.dropoutMask ??= drawMask(cell, given, cell.dropout, isTraining)
      cell.recurrentDropoutMask ??= drawMask(cell, before, cell.recurrentDropout, isTraining)
      const [input, state] = [dropBy(cell.dropoutMask, given), dropBy(cell.recurrentDropoutMask, before)]
      const biases = cell.bias === null ? [] : tf.unstack(cell.bias.read())
      const [ofInput, ofState] = [[input, cell.kernel] as const, [state, cell.recurrentKernel] as const].map(
        ([values, weight], index) => {
          const sums = tf.matMul(values, weight.read() as tf.Tensor2D)
          return tf.split(biases[index] === undefined ? sums : sums.add(biases[index]), 3, 1)
        },
      )
      const update = cell.recurrentActivation.apply(ofInput![0]!.add(ofState![0]!))
      const reset = cell.recurrentActivation.apply(ofInput![1]!.add(ofState![1]!))
      const proposed = cell.activation.apply(ofInput![2]!.add(reset.mul(ofState![2]!)))
      const next = update.mul(state).add(tf.sub(1, update).mul(proposed))
      return [next, next]
    })
  cell.getConfig = () => ({ ...describe(), resetAfter: true })
}

/** Draws the dropout mask of a sequence, which is the same for all of its steps; the recurrent layer disposes it. */
function drawMask(cell: GruCell, values: tf.Tensor, rate: number, isTraining: boolean): tf.Tensor[] | null {
  if (rate === 0 || !isTraining) return null
  const drop = cell.dropoutFunc ?? ((ones: tf.Tensor) => tf.dropout(ones, rate))
  return [tf.keep(drop(tf.onesLike(values), rate).clone())]
}

function dropBy(mask: readonly tf.Tensor[] | null, values: tf.Tensor2D): tf.Tensor2D {
  return mask === null ? values : tf.mul(values, mask[0]!)
}
