/** The metrics of the language in Keras 3. */
import { lookUp, type Choice } from '../../language/schema.ts'
import { lossTable } from '../../parts/losses/table.ts'
import { printLiteral, quotePython, type PythonValue } from '../python/printLiteral.ts'
import { kerasLosses, type LossUse } from './kerasLosses.ts'

export interface MetricUse extends LossUse {
  /** Whether the output has a single unit. */
  readonly isSingle: boolean
}

type Options = Readonly<Record<string, PythonValue>>

interface MetricForm {
  /** Whether it has a form for targets that are classes. */
  readonly hasSparse?: boolean
  /** Whether it takes the logits of an output as they are. */
  takesLogits?(use: MetricUse): boolean
  /** The call that creates the metric, without its name. */
  of(options: Options, use: MetricUse): { readonly object: string; readonly first?: string; readonly options?: Options }
}

const classes = (sparse: string, rows: string): MetricForm => ({
  hasSparse: true,
  takesLogits: () => true,
  of: ({ k }, { isSparse }) => ({
    object: `keras.metrics.${isSparse ? sparse : rows}`,
    ...(k !== undefined && { options: { k } }),
  }),
})
const ofClass = classes('SparseCategoricalAccuracy', 'CategoricalAccuracy')
const topK = classes('SparseTopKCategoricalAccuracy', 'TopKCategoricalAccuracy')
const withThreshold = (object: string, name: string): MetricForm => ({
  of: ({ threshold }) => ({
    object: `keras.metrics.${object}`,
    ...(threshold !== 0.5 && threshold !== undefined && { options: { [name]: threshold } }),
  }),
})

const own: Readonly<Record<string, MetricForm>> = {
  accuracy: {
    hasSparse: true,
    takesLogits: ({ isSingle }) => !isSingle,
    of: (options, use) => (use.isSingle ? { object: 'keras.metrics.BinaryAccuracy' } : ofClass.of(options, use)),
  },
  binaryAccuracy: withThreshold('BinaryAccuracy', 'threshold'),
  categoricalAccuracy: ofClass,
  sparseCategoricalAccuracy: ofClass,
  topKCategoricalAccuracy: topK,
  sparseTopKCategoricalAccuracy: topK,
  precision: withThreshold('Precision', 'thresholds'),
  recall: withThreshold('Recall', 'thresholds'),
  r2Score: { of: () => ({ object: 'R2' }) },
}

/** The form of a metric, or of a loss as a metric; undefined if it has none. */
export function kerasMetric(type: string, stated: Choice['options']): MetricForm | undefined {
  const loss = kerasLosses[type]
  if (Object.hasOwn(own, type) || loss === undefined) return own[type]
  const options = stated as Options
  return {
    hasSparse: loss.hasSparse?.(options) ?? false,
    takesLogits: ({ logits }) =>
      lookUp(lossTable, type)
        .ofLogits?.(stated)
        .some((one) => one === logits) === true,
    of(_options, use) {
      const form = loss.of(options, use)
      return { object: 'keras.metrics.MeanMetricWrapper', first: form.function, options: form.options ?? {} }
    },
  }
}

/** Prints the call that creates a metric with the name that the logs have in `train`. */
export function printMetric({ type, options }: Choice, use: MetricUse): string {
  const form = kerasMetric(type, options)!
  const needsProbabilities = use.logits !== undefined && form.takesLogits?.(use) !== true
  // A loss that has no form for the logits is computed from probabilities.
  const made = form.of(options as Options, needsProbabilities ? { ...use, logits: undefined } : use)
  const given = Object.entries(made.options ?? {}).map(([key, value]) => `${key}=${printLiteral(value)}`)
  const first = made.first === undefined ? [] : [made.first]
  const code = `${made.object}(${[...first, `name=${quotePython(type)}`, ...given].join(', ')})`
  return needsProbabilities ? `OfLogits(${code}, keras.activations.${use.logits})` : code
}
