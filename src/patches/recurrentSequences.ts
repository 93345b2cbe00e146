/**
 * Runs a recurrent layer over all steps of a sequence by the kernel `LstmSequence`, and differentiates it by a few kernels, on
 * backends that have them. The stock layer takes about 20 operations for each step, and twice as many for its gradient.
 *
 * Upstream: none; RNN.call in recurrent.js of tfjs-layers is correct, but composed of many operations
 * Test: test/patches/recurrentSequences.test.ts
 * Until: tfjs-layers runs a sequence by few kernels
 */
import * as tf from '@tensorflow/tfjs'

/** The properties that are read from a layer. */
interface RecurrentLayer extends tf.layers.Layer {
  readonly cell: RecurrentCell
  readonly returnSequences: boolean
  readonly returnState: boolean
  readonly goBackwards: boolean
  readonly unroll: boolean
}

/** The properties that are read from a cell. A stack of cells has none of them. */
interface RecurrentCell extends tf.layers.Layer {
  readonly kernel: { read(): tf.Tensor }
  readonly recurrentKernel: { read(): tf.Tensor }
  readonly bias: { read(): tf.Tensor } | null
  readonly activation: Activation
  readonly recurrentActivation: Activation
  readonly dropout: number
  readonly recurrentDropout: number
}

interface Activation {
  getClassName(): string
}

/** What the caller of a layer may give. */
interface CallSettings {
  readonly mask?: tf.Tensor | readonly tf.Tensor[] | null
  readonly training?: boolean | null
  readonly initialState?: readonly tf.Tensor[] | null
}

/** Replaces `call` of the class of all recurrent layers, and registers the gradient. Idempotent. */
export function fuseRecurrentSequences(): void {
  if (tf.getGradient('LstmSequence')) return
  registerGradient()
  // The name keeps the layer from taking one of the automatic names.
  const lstm = Object.getPrototypeOf(tf.layers.lstm({ units: 1, name: 'prototype' })) as tf.layers.Layer
  const prototype = Object.getPrototypeOf(lstm) as tf.layers.Layer
  const { call } = prototype
  prototype.call = function (this: RecurrentLayer, tensors, settings) {
    const x = Array.isArray(tensors) ? tensors[0]! : tensors
    if (!canFuse(this, x, settings ?? {})) return call.call(this, tensors, settings)
    return tf.tidy(() => runSequence(this, x))
  }
}

/** Whether the layer has one cell of a kind and with the activations of the kernel, and nothing changes its steps. */
function canFuse(
  { cell, returnState, stateful, unroll }: RecurrentLayer,
  x: tf.Tensor,
  { mask, training, initialState }: CallSettings,
): boolean {
  const isPlain = mask == null && initialState == null && !returnState && !stateful && !unroll && x.dtype === 'float32'
  if (!isPlain || !tf.getKernel('LstmSequence', tf.getBackend())) return false
  if (cell.getClassName() !== 'LSTMCell' || Object.hasOwn(cell, 'call')) return false
  if (training === true && (cell.dropout > 0 || cell.recurrentDropout > 0)) return false
  return cell.activation.getClassName() === 'tanh' && isSigmoid(cell.recurrentActivation)
}

function isSigmoid(activation: Activation): boolean {
  return activation.getClassName() === 'sigmoid' || activation.getClassName() === 'hardSigmoid'
}

function runSequence({ cell, goBackwards, returnSequences }: RecurrentLayer, x: tf.Tensor): tf.Tensor {
  const { kernel, recurrentKernel, bias, recurrentActivation } = cell
  const weights = { kernel: kernel.read(), recurrentKernel: recurrentKernel.read(), ...(bias && { bias: bias.read() }) }
  const attributes = { backwards: goBackwards, hard: recurrentActivation.getClassName() === 'hardSigmoid' }
  const [sequence] = runKernel('LstmSequence', { x, ...weights }, attributes) as [tf.Tensor3D]
  if (returnSequences) return sequence
  const [batch, steps, units] = sequence.shape
  return tf.reshape(tf.slice(sequence, [0, steps - 1, 0], [batch, 1, units]), [batch, units])
}

function registerGradient(): void {
  tf.registerGradient({
    kernelName: 'LstmSequence',
    inputsToSave: ['x', 'kernel', 'recurrentKernel'],
    outputsToSave: [true, true, true],
    gradFunc: (dys, [x, kernel, recurrentKernel, out, gates, cells], attrs) => {
      const given = { dy: (dys as tf.Tensor[])[0]!, recurrentKernel: recurrentKernel!, gates: gates!, cells: cells! }
      const [slopes] = runKernel('LstmSequenceGrad', given, attrs) as [tf.Tensor]
      const gradient = (name: string, inputs: Record<string, tf.Tensor>, attributes: tf.NamedAttrMap) => () =>
        runKernel(name, { slopes, ...inputs }, attributes)[0]!
      const { backwards } = attrs as { readonly backwards: boolean }
      return {
        x: gradient('SequenceInputGrad', { kernel: kernel! }, { backwards }),
        kernel: gradient('SequenceKernelGrad', { x: x! }, { backwards, delay: 0 }),
        recurrentKernel: gradient('SequenceKernelGrad', { x: out! }, { backwards: false, delay: 1 }),
        bias: () => tf.sum(slopes, [0, 1]),
      }
    },
  })
}

function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, attributes) as tf.Tensor[]
}
