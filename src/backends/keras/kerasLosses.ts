/** The losses of the language in Keras 3, and the functions with which they are metrics. */
import { acrossUnits, type ProbabilityActivation } from '../../language/scriptForms.ts'
import { printLiteral, type PythonValue } from '../python/printLiteral.ts'

/** A loss as Keras has it. */
export interface KerasLoss {
  /** The class for `loss=`; without it, the function is passed. */
  readonly object?: string
  /** The function of targets and predictions that returns a value for each sample. */
  readonly function: string
  /** The arguments of the class, or those that the function takes after targets and predictions. */
  readonly options?: Readonly<Record<string, PythonValue>>
  /** Whether the targets are classes instead of rows. */
  readonly isSparse?: boolean
}

export interface LossUse {
  /** The activation that the network leaves out; undefined if its outputs are predictions. */
  readonly logits: ProbabilityActivation | undefined
  /** Whether the targets are classes. */
  readonly isSparse: boolean
}

type Options = Readonly<Record<string, PythonValue>>

interface LossForm {
  /** Whether it has a form for targets that are classes. */
  hasSparse?(options: Options): boolean
  of(options: Options, use: LossUse): KerasLoss
}

const keras = (object: string, fn: string, options: Options = {}): KerasLoss => ({
  object: `keras.losses.${object}`,
  function: `keras.losses.${fn}`,
  options,
})
const plain = (object: string, fn: string): LossForm => ({ of: () => keras(object, fn) })
const own = (fn: string): LossForm => ({ of: () => ({ function: fn }) })

const smoothing = ({ labelSmoothing }: Options) =>
  labelSmoothing === 0 || labelSmoothing === undefined ? {} : { label_smoothing: labelSmoothing }
/** Outputs are logits if training leaves their activation out, or if the loss says so. */
const fromLogits = (options: Options, { logits }: LossUse) =>
  logits !== undefined || options['fromLogits'] === true ? { from_logits: true } : {}

const crossentropy: LossForm = {
  hasSparse: (options) => Object.keys(smoothing(options)).length === 0,
  of: (options, use) =>
    use.isSparse
      ? {
          ...keras('SparseCategoricalCrossentropy', 'sparse_categorical_crossentropy', fromLogits(options, use)),
          isSparse: true,
        }
      : keras('CategoricalCrossentropy', 'categorical_crossentropy', {
          ...fromLogits(options, use),
          ...smoothing(options),
        }),
}

export const kerasLosses: Readonly<Record<string, LossForm>> = {
  categoricalCrossentropy: crossentropy,
  sparseCategoricalCrossentropy: crossentropy,
  binaryCrossentropy: {
    of: (options, use) =>
      use.logits !== undefined && acrossUnits[use.logits]
        ? { function: 'binary_crossentropy_of_softmax', options: smoothing(options) }
        : keras('BinaryCrossentropy', 'binary_crossentropy', {
            ...fromLogits(options, use),
            ...smoothing(options),
          }),
  },
  meanSquaredError: plain('MeanSquaredError', 'mean_squared_error'),
  meanAbsoluteError: plain('MeanAbsoluteError', 'mean_absolute_error'),
  meanAbsolutePercentageError: plain('MeanAbsolutePercentageError', 'mean_absolute_percentage_error'),
  meanSquaredLogarithmicError: plain('MeanSquaredLogarithmicError', 'mean_squared_logarithmic_error'),
  huberLoss: { of: ({ delta }) => keras('Huber', 'huber', delta === 1 || delta === undefined ? {} : { delta }) },
  logcosh: plain('LogCosh', 'log_cosh'),
  categoricalHinge: plain('CategoricalHinge', 'categorical_hinge'),
  hinge: own('signed_hinge'),
  squaredHinge: own('signed_squared_hinge'),
  kullbackLeiblerDivergence: {
    of: (_options, { logits }) => ({
      function: `kullback_leibler_divergence${logits === undefined ? '' : `_of_${logits}`}`,
    }),
  },
  poisson: plain('Poisson', 'poisson'),
  cosineProximity: own('cosine_proximity'),
}

/** Prints the value of `loss=`. */
export function printLoss({ object, function: fn, options = {} }: KerasLoss): string {
  const given = Object.entries(options).map(([key, value]) => `${key}=${printLiteral(value)}`)
  if (object !== undefined) return `${object}(${given.join(', ')})`
  return given.length === 0 ? fn : `lambda y_true, y_pred: ${fn}(${['y_true', 'y_pred', ...given].join(', ')})`
}
