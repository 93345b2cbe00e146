/**
 * Runs a recurrent layer over all steps of a sequence by one kernel, and differentiates it by a few, on backends that have
 * them. The stock layer takes about 20 operations for each step, and twice as many for its gradient.
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

/** The kernels of whole sequences, by the classes of their cells. */
const kernelNames: Readonly<Record<string, string>> = { LSTMCell: 'LstmSequence', GRUCell: 'GruSequence' }

/** Replaces `call` of the class of all recurrent layers, and registers the gradients. Idempotent. */
export function fuseRecurrentSequences(): void {
  if (tf.getGradient('LstmSequence')) return
  registerLstmGradient()
  registerGruGradient()
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
  const kernelName = kernelNames[cell.getClassName()]
  if (!isPlain || kernelName === undefined || !tf.getKernel(kernelName, tf.getBackend())) return false
  // A GRU that applies its reset gate after the product has its own `call`.
  if (Object.hasOwn(cell, 'call')) return false
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
  const kernelName = kernelNames[cell.getClassName()]!
  const [sequence] = runKernel(kernelName, { x, ...weights }, attributes) as [tf.Tensor3D]
  if (returnSequences) return sequence
  const [batch, steps, units] = sequence.shape
  return tf.reshape(tf.slice(sequence, [0, steps - 1, 0], [batch, 1, units]), [batch, units])
}

/** The LSTM returns the outputs, its gates and its cells, and multiplies the state before each step by its recurrent kernel. */
function registerLstmGradient(): void {
  tf.registerGradient({
    kernelName: 'LstmSequence',
    inputsToSave: ['x', 'kernel', 'recurrentKernel'],
    outputsToSave: [true, true, true],
    gradFunc: (dys, [x, kernel, recurrentKernel, out, gates, cells], attrs) => {
      const given = { dy: (dys as tf.Tensor[])[0]!, recurrentKernel: recurrentKernel!, gates: gates!, cells: cells! }
      const [slopes] = runKernel('LstmSequenceGrad', given, attrs) as [tf.Tensor3D]
      return {
        ...inputGradients(slopes, x!, kernel!, attrs),
        recurrentKernel: () => kernelGradient(slopes, out!, { delay: 1 }),
      }
    },
  })
}

/**
 * The GRU returns the outputs, its gates z, r and p and its reset states. It multiplies the state before each step by the first
 * two parts of its recurrent kernel, and the reset state by the third.
 */
function registerGruGradient(): void {
  tf.registerGradient({
    kernelName: 'GruSequence',
    inputsToSave: ['x', 'kernel', 'recurrentKernel'],
    outputsToSave: [true, true, true],
    gradFunc: (dys, [x, kernel, recurrentKernel, out, gates, resets], attrs) => {
      const given = { dy: (dys as tf.Tensor[])[0]!, recurrentKernel: recurrentKernel!, out: out!, gates: gates! }
      const [slopes] = runKernel('GruSequenceGrad', given, attrs) as [tf.Tensor3D]
      const units = out!.shape[2]!
      return {
        ...inputGradients(slopes, x!, kernel!, attrs),
        recurrentKernel: () =>
          tf.concat(
            [
              kernelGradient(slopes, out!, { delay: 1, columns: [0, 2 * units] }),
              kernelGradient(slopes, resets!, { columns: [2 * units, 3 * units] }),
            ],
            1,
          ),
      }
    },
  })
}

/** The gradients of the input, its kernel and the bias, by those of the sums of the gates, `slopes`. */
function inputGradients(slopes: tf.Tensor3D, x: tf.Tensor, kernel: tf.Tensor, attrs: tf.NamedAttrMap) {
  const { backwards } = attrs as { readonly backwards: boolean }
  return {
    x: () => runKernel('SequenceInputGrad', { slopes, kernel }, { backwards })[0]!,
    kernel: () => kernelGradient(slopes, x, { backwards }),
    bias: () => tf.sum(slopes, [0, 1]),
  }
}

/**
 * The gradient of a kernel that multiplies each step of a sequence.
 *
 * @param columns The range of the sums' columns that it gives; all by default.
 * @param delay The number of steps after which a step is multiplied.
 */
function kernelGradient(
  slopes: tf.Tensor3D,
  x: tf.Tensor,
  {
    backwards = false,
    delay = 0,
    columns = [0, slopes.shape[2]],
  }: { readonly backwards?: boolean; readonly delay?: number; readonly columns?: number[] },
): tf.Tensor {
  return runKernel('SequenceKernelGrad', { slopes, x }, { backwards, delay, columns })[0]!
}

function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: tf.NamedAttrMap): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, attributes) as tf.Tensor[]
}
