/** Prints the losses and metrics of a PyTorch script. */
import { lookUp } from '../../language/schema.ts'
import { acrossUnits, type ProbabilityActivation } from '../../language/scriptForms.ts'
import { activationForms } from './layers/activations.ts'
import { printFloat } from '../python/printLiteral.ts'

type Options = Readonly<Record<string, unknown>>

/** An output, with the Python expressions of its values. */
export interface PrintedOutput {
  /** The output of the model: logits if `logits` is set. */
  readonly outputs: string
  /** Classes, values, or rows with the share of each class. */
  readonly labels: string
  /** The labels in the shape of the outputs. */
  readonly targets: string
  readonly units: number
  readonly hasRows: boolean
  readonly logits?: ProbabilityActivation
}

function isAcross(logits: ProbabilityActivation | undefined): boolean {
  return logits !== undefined && acrossUnits[logits]
}

/** The loss of each sample or unit, or the mean of them: `F.mse_loss(x, y)` if `each` is false. */
type LossForm = (output: PrintedOutput, options: Options, each: boolean) => string

const mean = (call: string, each: boolean) => (each ? call : `${call}.mean()`)

/** A loss of `torch.nn.functional`, with options. */
const functional =
  (name: string, options: (stated: Options) => readonly string[] = () => []): LossForm =>
  ({ outputs, targets }, stated, each) =>
    `F.${name}(${[outputs, targets, ...options(stated), ...(each ? ['reduction="none"'] : [])].join(', ')})`

const own =
  (name: string): LossForm =>
  (output, _options, each) =>
    mean(`${name}(${probabilities(output)}, ${output.targets})`, each)

const categories: LossForm = (output, options, each) => {
  const { outputs, labels, targets, units, logits } = output
  const smoothing = Number(options['labelSmoothing'] ?? 0)
  if (isAcross(logits) || (options['fromLogits'] === true && units > 1)) {
    const named = [...(smoothing > 0 ? [`label_smoothing=${smoothing}`] : []), ...(each ? ['reduction="none"'] : [])]
    return `F.cross_entropy(${[outputs, labels, ...named].join(', ')})`
  }
  const part = smoothing > 0 ? `, ${smoothing}` : ''
  const values = options['fromLogits'] === true ? `torch.softmax(${outputs}, -1)` : probabilities(output)
  return mean(`categorical_crossentropy(${values}, ${targets}${part})`, each)
}

const binary: LossForm = (output, options, each) => {
  const smoothing = Number(options['labelSmoothing'] ?? 0)
  const targets = smoothing > 0 ? `smooth_targets(${output.targets}, ${smoothing}, 0.5)` : output.targets
  if ((output.logits && !isAcross(output.logits)) || options['fromLogits'] === true)
    return `F.binary_cross_entropy_with_logits(${output.outputs}, ${targets}${each ? ', reduction="none"' : ''})`
  const callee = isAcross(output.logits) ? 'binary_crossentropy_of_softmax' : 'binary_crossentropy'
  return mean(`${callee}(${output.outputs}, ${targets})`, each)
}

const divergence: LossForm = ({ outputs, targets, logits }, _options, each) => {
  const logs = {
    softmax: `F.log_softmax(${outputs}, -1)`,
    sigmoid: `F.logsigmoid(${outputs})`,
    none: `${outputs}.clamp(1e-7, 1).log()`,
  }[logits ?? 'none']
  return mean(`kl_divergence(${logs}, ${targets})`, each)
}

const squared: LossForm = (output, _options, each) =>
  mean(`hinge(${probabilities(output)}, ${output.targets}).square()`, each)

/** The losses of the language. */
export const lossForms: Readonly<Record<string, LossForm>> = {
  categoricalCrossentropy: categories,
  sparseCategoricalCrossentropy: categories,
  binaryCrossentropy: binary,
  meanSquaredError: functional('mse_loss'),
  meanAbsoluteError: functional('l1_loss'),
  meanAbsolutePercentageError: own('percentage_error'),
  meanSquaredLogarithmicError: own('squared_logarithmic_error'),
  huberLoss: functional('huber_loss', ({ delta }) => (delta === 1 ? [] : [`delta=${printFloat(delta as number)}`])),
  logcosh: own('log_cosh'),
  categoricalHinge: own('categorical_hinge'),
  hinge: own('hinge'),
  squaredHinge: squared,
  kullbackLeiblerDivergence: divergence,
  poisson: own('poisson'),
  cosineProximity: own('cosine_proximity'),
}

/** The outputs as probabilities. */
export function probabilities({ outputs, logits }: PrintedOutput): string {
  return logits === undefined ? outputs : activationForms[logits]!.call(outputs)
}

/** A metric: the sums of a batch, and how its value follows from the sums of all batches; by default it is their mean. */
export interface MetricForm {
  readonly sums: string
  /** The number of sums, if there are several, and the function of the library that computes the metric from them. */
  readonly count?: number
  readonly result?: string
  /** Whether the sums need 64 bits. */
  readonly isExact?: true
  /** Whether it compares classes, for which there are no gradients. */
  readonly isOfClasses?: true
}

type PrintMetric = (output: PrintedOutput, options: Options) => MetricForm

const classesOf = ({ labels, hasRows }: PrintedOutput) => (hasRows ? `${labels}.argmax(-1)` : labels)

const classAccuracy: PrintMetric = (output) => ({
  sums: `(${output.outputs}.argmax(-1) == ${classesOf(output)}).sum()`,
  isOfClasses: true,
})

const unitAccuracy: PrintMetric = (output, { threshold = 0.5 }) => ({
  sums: `unit_accuracy(${[probabilities(output), output.targets, ...(threshold === 0.5 ? [] : [threshold as number])].join(', ')})`,
})

const largest: PrintMetric = (output, { k = 5 }) => ({
  sums: `in_top(${output.outputs}, ${classesOf(output)}, ${k as number}).sum()`,
  isOfClasses: true,
})

const counted =
  (name: string): PrintMetric =>
  (output, { threshold = 0.5 }) => ({
    sums: `${name}_counts(${probabilities(output)}, ${output.targets}, ${threshold as number})`,
    count: 2,
    result: 'ratio',
  })

/** The metrics of the language besides the losses. */
export const metricForms: Readonly<Record<string, PrintMetric>> = {
  accuracy: (output, options) => (output.units === 1 ? unitAccuracy(output, options) : classAccuracy(output, options)),
  binaryAccuracy: unitAccuracy,
  categoricalAccuracy: classAccuracy,
  sparseCategoricalAccuracy: classAccuracy,
  topKCategoricalAccuracy: largest,
  sparseTopKCategoricalAccuracy: largest,
  precision: counted('precision'),
  recall: counted('recall'),
  r2Score: (output) => ({
    sums: `r2_counts(${probabilities(output)}, ${output.targets})`,
    count: 4,
    result: 'r2_score',
    isExact: true,
  }),
}

/** Prints a metric, which may be a loss. */
export function printMetric(type: string, output: PrintedOutput, options: Options, takesLogits: boolean): MetricForm {
  const { logits: _logits, ...rest } = output
  const given = takesLogits ? output : { ...rest, outputs: probabilities(output) }
  const metric = metricForms[type]
  if (metric !== undefined) return metric(output, options)
  return { sums: `${lookUp(lossForms, type)(given, options, false)} * len(${output.labels})` }
}
