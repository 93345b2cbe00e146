/** Finds the logits that an output activation turned into probabilities, so that losses can be computed from them. */
import * as tf from '@tensorflow/tfjs'
import { replaceCall } from '../../patches/replaceCall.ts'

/** An activation that turns logits into probabilities. */
export type ProbabilityActivation = 'softmax' | 'sigmoid'

/** The logits of an output, before its last activation turned them into probabilities. */
export interface OutputLogits {
  readonly activation: ProbabilityActivation
  /** Have the shape of the probabilities. */
  readonly values: tf.Tensor
}

/**
 * The variants of a loss or metric that take logits instead of probabilities, by the activation that follows the
 * logits.
 */
export type OfLogits<Judge> = Readonly<Partial<Record<ProbabilityActivation, Judge>>>

/**
 * Chooses the variant of a loss or metric for an output and its argument: logits if they were recorded and a variant
 * takes them, otherwise the predictions.
 */
export function chooseForLogits<Judge extends { readonly ofLogits?: OfLogits<Judge> }>(
  judge: Judge,
  predictions: tf.Tensor,
  logits: OutputLogits | undefined,
): { readonly judge: Judge; readonly answers: tf.Tensor } {
  const ofLogits = logits && judge.ofLogits?.[logits.activation]
  return ofLogits ? { judge: ofLogits, answers: logits.values } : { judge, answers: predictions }
}

/** Applies `change` to each variant. */
export function mapLogits<Judge, Changed>(
  { softmax, sigmoid }: OfLogits<Judge>,
  change: (judge: Judge) => Changed,
): OfLogits<Changed> {
  return { ...(softmax && { softmax: change(softmax) }), ...(sigmoid && { sigmoid: change(sigmoid) }) }
}

/** The layer that computes the probabilities of an output, and the layers after it, which only change their shape. */
interface ProbabilitySource {
  readonly layer: tf.layers.Layer
  readonly activation: ProbabilityActivation
  readonly views: readonly tf.layers.Layer[]
}

interface AppliedActivation {
  apply(values: tf.Tensor): tf.Tensor
  getClassName(): string
}

/** The fields of tf.layers layers that are read here. */
interface ActivatedLayer {
  activation?: AppliedActivation | null
  readonly layer?: tf.layers.Layer
  readonly axis?: number | readonly number[]
  readonly dataFormat?: string
}

/**
 * Runs a network and also returns the logits of the outputs whose last activation turns them into probabilities.
 * Float32 has no number between 1 - 6e-8 and 1, so the logarithm of a probability near 0 or 1, and its gradient, are
 * wrong; those of logits are accurate everywhere. The network computes what it always does: activations only record
 * their inputs while it runs.
 *
 * @param wanted Whether the logits of an output are needed, given its activation.
 * @returns The logits are kept; the caller disposes them.
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
  // A layer may feed several outputs but is changed once.
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

/**
 * The activation of a layer, or of the layer that it applies to each time step. Softmax must be along the last axis.
 */
function activationOfLayer(layer: tf.layers.Layer, rank: number): ProbabilityActivation | undefined {
  const { activation, layer: inner, axis } = layer as ActivatedLayer
  const className = layer.getClassName()
  if (className === 'Softmax') {
    const [only, ...others] = [axis ?? 1].flat()
    return others.length === 0 && (only === -1 || only === rank - 1) ? 'softmax' : undefined
  }
  if (className === 'TimeDistributed') return canActLater(inner) ? activationOfLayer(inner!, rank - 1) : undefined
  // Recurrent cells have an activation too, but it is not their last operation.
  if ('cell' in layer) return undefined
  const name = activation?.getClassName()
  return name === 'softmax' || name === 'sigmoid' ? name : undefined
}

/**
 * Whether the activation of a time-distributed layer can be applied to all time steps at once: nothing else in the
 * layer uses its result.
 */
function canActLater(inner: tf.layers.Layer | undefined): boolean {
  if (inner === undefined) return false
  const { activation, dataFormat } = inner as ActivatedLayer
  return !!activation && dataFormat !== 'channelsFirst' && !Object.hasOwn(inner, 'call')
}

/**
 * Records the logits of a layer by the id of its probabilities.
 *
 * @returns A function that restores the layer.
 */
function watchProbabilities(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): () => void {
  if (layer.getClassName() === 'Softmax') return watchSoftmax(layer, logitsOf)
  if (layer.getClassName() === 'TimeDistributed') return watchTimeSteps(layer, logitsOf)
  const activated = layer as ActivatedLayer
  const activation = activated.activation!
  // An Activation layer receives the logits as its input, which others may dispose.
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
    // With a mask, the layer changes the logits first.
    if (settings?.['mask'] == null) logitsOf.set(probabilities.id, tf.keep(tf.clone([inputs].flat()[0]!)))
    return probabilities
  })
}

/** Runs all time steps without the activation of the inner layer, then applies it to all of them at once. */
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
