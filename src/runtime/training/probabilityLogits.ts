/** Finds the logits that an output activation turned into probabilities, so that losses can be computed from them. */
import * as tf from '@tensorflow/tfjs'
import { replaceCall } from '../../patches/replaceCall.ts'

/** An activation that makes probabilities of logits. */
export type ProbabilityActivation = 'softmax' | 'sigmoid'

/** What a network gave at an output before its last activation made probabilities of it. */
export interface OutputLogits {
  readonly activation: ProbabilityActivation
  /** Their shape is that of the probabilities. */
  readonly values: tf.Tensor
}

/** What one form of judging takes in place of probabilities, by the activation that made them. */
export type OfLogits<Judge> = Readonly<Partial<Record<ProbabilityActivation, Judge>>>

/** What judges an output, and by which of its answers: by logits where there are some that it can take. */
export function chooseJudge<Judge extends { readonly ofLogits?: OfLogits<Judge> }>(
  judge: Judge,
  predictions: tf.Tensor,
  logits: OutputLogits | undefined,
): { readonly judge: Judge; readonly answers: tf.Tensor } {
  const ofLogits = logits && judge.ofLogits?.[logits.activation]
  return ofLogits ? { judge: ofLogits, answers: logits.values } : { judge, answers: predictions }
}

/** The same of each that `change` makes another of. */
export function mapLogits<Judge, Changed>(
  { softmax, sigmoid }: OfLogits<Judge>,
  change: (judge: Judge) => Changed,
): OfLogits<Changed> {
  return { ...(softmax && { softmax: change(softmax) }), ...(sigmoid && { sigmoid: change(sigmoid) }) }
}

/** The layer whose probabilities reach an output, and the layers between, which only change their shape. */
interface ProbabilitySource {
  readonly layer: tf.layers.Layer
  readonly activation: ProbabilityActivation
  readonly views: readonly tf.layers.Layer[]
}

interface AppliedActivation {
  apply(values: tf.Tensor): tf.Tensor
  getClassName(): string
}

/** What is read of the layers. */
interface ActivatedLayer {
  activation?: AppliedActivation | null
  readonly layer?: tf.layers.Layer
  readonly axis?: number | readonly number[]
  readonly dataFormat?: string
}

/**
 * Runs a network, and gives the logits of its outputs as well, where the last layer makes probabilities of them. Float32
 * has no number between 1 - 6e-8 and 1, so that a logarithm of probabilities, and its gradient, are wrong where they
 * come near 0 or 1; those of logits are right everywhere. The network computes what it always does: while it runs,
 * activations remember what they were given.
 *
 * @param wanted Says for each output, given the activation, whether somebody asks for its logits.
 * @returns The logits are kept; whoever takes them disposes them.
 */
export function withLogits(
  model: tf.LayersModel,
  wanted: (output: number, activation: ProbabilityActivation) => boolean,
  run: () => tf.Tensor[],
): { readonly predictions: tf.Tensor[]; readonly logits: (OutputLogits | undefined)[] } {
  const sources = model.outputs.map((output, index) => {
    const source = findProbabilities(output)
    return source && wanted(index, source.activation) ? source : undefined
  })
  const found = sources.filter((source) => source !== undefined)
  const logitsOf = new Map<number, tf.Tensor>()
  // A layer may reach several outputs, and is changed once.
  const restore = [
    ...Array.from(new Set(found.map(({ layer }) => layer)), (layer) => watchProbabilities(layer, logitsOf)),
    ...Array.from(new Set(found.flatMap(({ views }) => views)), (view) => watchView(view, logitsOf)),
  ]
  try {
    const predictions = run()
    const logits = predictions.map(({ id }, index) => {
      const values = logitsOf.get(id)
      const source = sources[index]
      if (values === undefined || source === undefined) return undefined
      logitsOf.delete(id)
      return { activation: source.activation, values }
    })
    return { predictions, logits }
  } finally {
    tf.dispose([...logitsOf.values()])
    for (const undo of restore) undo()
  }
}

function findProbabilities(output: tf.SymbolicTensor): ProbabilitySource | undefined {
  const views: tf.layers.Layer[] = []
  for (let tensor = output; ;) {
    const layer = tensor.sourceLayer
    const activation = activationOfLayer(layer, tensor.rank)
    const units = tensor.shape.at(-1)
    if (activation === 'softmax' && (units === 1 || units !== output.shape.at(-1))) return undefined
    if (activation) return { layer, activation, views }
    const [before] = layer.inboundNodes[tensor.nodeIndex]?.inputTensors ?? []
    if (before === undefined || !['Flatten', 'Reshape'].includes(layer.getClassName())) return undefined
    views.push(layer)
    tensor = before
  }
}

/** The activation of a layer, or of the layer that it applies to each time step. Softmax has to be along the last axis. */
function activationOfLayer(layer: tf.layers.Layer, rank: number): ProbabilityActivation | undefined {
  const { activation, layer: inner, axis } = layer as ActivatedLayer
  const className = layer.getClassName()
  if (className === 'Softmax') {
    const [only, ...others] = [axis ?? 1].flat()
    return others.length === 0 && (only === -1 || only === rank - 1) ? 'softmax' : undefined
  }
  if (className === 'TimeDistributed') return canActLater(inner) ? activationOfLayer(inner!, rank - 1) : undefined
  // Recurrent cells have an activation too, which is not the last thing that they do.
  if ('cell' in layer) return undefined
  const name = activation?.getClassName()
  return name === 'softmax' || name === 'sigmoid' ? name : undefined
}

/** Whether a layer of time steps may leave its activation to the whole: nothing in it sees what comes of that. */
function canActLater(inner: tf.layers.Layer | undefined): boolean {
  if (inner === undefined) return false
  const { activation, dataFormat } = inner as ActivatedLayer
  return !!activation && dataFormat !== 'channelsFirst' && !Object.hasOwn(inner, 'call')
}

/** @returns What makes the layer as it was. */
function watchProbabilities(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  if (layer.getClassName() === 'Softmax') return watchSoftmax(layer, logitsOf)
  if (layer.getClassName() === 'TimeDistributed') return watchTimeSteps(layer, logitsOf)
  const activated = layer as ActivatedLayer
  const activation = activated.activation!
  // The layer `activation` is given its input, which others may dispose.
  const isInput = layer.getClassName() === 'Activation'
  const remember = (logits: tf.Tensor): tf.Tensor => {
    const probabilities = activation.apply(logits)
    logitsOf.set(probabilities.id, tf.keep(isInput ? tf.clone(logits) : logits))
    return probabilities
  }
  activated.activation = { apply: remember, getClassName: () => activation.getClassName() }
  return () => {
    activated.activation = activation
  }
}

function watchSoftmax(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  return replaceCall(layer, (call, inputs, settings) => {
    const probabilities = call(inputs, settings) as tf.Tensor
    // A mask changes the logits first.
    if (settings?.['mask'] == null) logitsOf.set(probabilities.id, tf.keep(tf.clone([inputs].flat()[0]!)))
    return probabilities
  })
}

/** All steps at once, without the activation of the inner layer, and then that of all steps. */
function watchTimeSteps(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  const inner = (layer as ActivatedLayer).layer as ActivatedLayer
  return replaceCall(layer, (call, inputs, settings) => {
    const activation = inner.activation!
    inner.activation = { apply: (values) => values, getClassName: () => activation.getClassName() }
    try {
      const logits = [call(inputs, settings)].flat()[0]!
      const probabilities = activation.apply(logits)
      logitsOf.set(probabilities.id, tf.keep(logits))
      return probabilities
    } finally {
      inner.activation = activation
    }
  })
}

function watchView(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  return replaceCall(layer, (call, inputs, settings) => {
    const shaped = call(inputs, settings) as tf.Tensor
    const logits = logitsOf.get([inputs].flat()[0]!.id)
    if (logits) logitsOf.set(shaped.id, tf.keep(tf.reshape(logits, shaped.shape)))
    return shaped
  })
}
