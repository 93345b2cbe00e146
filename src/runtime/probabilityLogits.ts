import * as tf from '@tensorflow/tfjs'

/** An activation that makes probabilities of logits. */
export type ProbabilityActivation = 'softmax' | 'sigmoid'

/** What a network gave at an output before its last activation made probabilities of it. */
export interface OutputLogits {
  readonly activation: ProbabilityActivation
  /** Of the shape of the probabilities. */
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

/** What is read of the layers. */
interface ActivatedLayer {
  readonly activation?: { apply(values: tf.Tensor): tf.Tensor; getClassName(): string } | null
  readonly layer?: tf.layers.Layer
  readonly axis?: number | readonly number[]
}

/**
 * Runs a network, and gives the logits of its outputs as well, where the last layer makes probabilities of them. Float32
 * has no number between 1 - 6e-8 and 1, so that a logarithm of probabilities, and its gradient, are wrong where they
 * come near 0 or 1; those of logits are right everywhere. While the network runs, such a layer computes its logits first
 * and its activation last, by the same kernels.
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
  // A layer may reach several outputs, and is changed once.
  const layers = new Map(found.map(({ layer, activation }) => [layer, activation]))
  const views = new Set(found.flatMap((source) => source.views))
  const logitsOf = new Map<number, tf.Tensor>()
  for (const [layer, activation] of layers) watchProbabilities(layer, activation, logitsOf)
  for (const view of views) watchView(view, logitsOf)
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
    for (const layer of [...layers.keys(), ...views]) Reflect.deleteProperty(layer, 'call')
  }
}

function findProbabilities(output: tf.SymbolicTensor): ProbabilitySource | undefined {
  const views: tf.layers.Layer[] = []
  for (let tensor = output; ;) {
    const layer = tensor.sourceLayer
    if (Object.hasOwn(layer, 'call')) return undefined
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
  if (className === 'TimeDistributed' && inner) return activationOfLayer(inner, rank - 1)
  // Recurrent cells have an activation too, which is not the last thing that they do.
  if ('cell' in layer) return undefined
  const name = activation?.getClassName()
  return name === 'softmax' || name === 'sigmoid' ? name : undefined
}

function watchProbabilities(
  layer: tf.layers.Layer,
  activation: ProbabilityActivation,
  logitsOf: Map<number, tf.Tensor>,
): void {
  const call = layer.call.bind(layer)
  if (layer.getClassName() === 'Softmax') {
    layer.call = (inputs, settings) => {
      const probabilities = call(inputs, settings) as tf.Tensor
      // A mask changes the logits first.
      const logits = [inputs].flat()[0]!
      if (settings?.['mask'] == null) logitsOf.set(probabilities.id, tf.keep(tf.clone(logits)))
      return probabilities
    }
    return
  }
  const callBare = layer.call.bind(withoutActivation(layer))
  const apply = activation === 'softmax' ? (x: tf.Tensor) => tf.softmax(x) : (x: tf.Tensor) => tf.sigmoid(x)
  layer.call = (inputs, settings) => {
    const result = [callBare(inputs, settings)].flat()[0]!
    // The layer `activation` has nothing to compute beside it, and gives back its input, which others may dispose.
    const logits = [inputs].flat().includes(result) ? tf.clone(result) : result
    const probabilities = apply(logits)
    logitsOf.set(probabilities.id, tf.keep(logits))
    return probabilities
  }
}

/** The layer, but for an activation that does nothing. Its name stays, by which the layer chooses its kernels. */
function withoutActivation(layer: tf.layers.Layer): tf.layers.Layer {
  const { activation, layer: inner } = layer as ActivatedLayer
  if (inner) return Object.create(layer, { layer: { value: withoutActivation(inner) } })
  const idle = { apply: (values: tf.Tensor) => values, getClassName: () => activation?.getClassName() }
  return Object.create(layer, { activation: { value: idle } })
}

function watchView(layer: tf.layers.Layer, logitsOf: Map<number, tf.Tensor>): void {
  const call = layer.call.bind(layer)
  layer.call = (inputs, settings) => {
    const shaped = call(inputs, settings) as tf.Tensor
    const logits = logitsOf.get([inputs].flat()[0]!.id)
    if (logits) logitsOf.set(shaped.id, tf.keep(tf.reshape(logits, shaped.shape)))
    return shaped
  }
}
