/** The optimizers of the language in Keras 3. */
import { lookUp } from '../../language/schema.ts'
import type { Training } from '../../validation/spec.ts'
import { printLiteral, snakeCase, type PythonValue } from '../python/printLiteral.ts'

type Options = Readonly<Record<string, PythonValue>>

interface OptimizerForm {
  /** The class; Keras's own if it computes the same. */
  of(options: Options, hasSchedule: boolean): string
  /** Options with another name in Keras. */
  readonly renamed?: Readonly<Record<string, string>>
  /** What Keras presets, by its names; equal options are left out. */
  readonly presets?: Options
}

export const kerasOptimizers: Readonly<Record<string, OptimizerForm>> = {
  sgd: { of: () => 'keras.optimizers.SGD' },
  momentum: {
    // The velocity in Keras includes the learning rate, which makes no difference as long as the rate stays the same.
    of: (_options, hasSchedule) => (hasSchedule ? 'Momentum' : 'keras.optimizers.SGD'),
    renamed: { useNesterov: 'nesterov' },
    presets: { nesterov: false },
  },
  adam: {
    of: () => 'Adam',
    renamed: { beta1: 'beta_1', beta2: 'beta_2' },
    presets: { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7 },
  },
  adamax: {
    of: ({ decay }) => (decay === 0 || decay === undefined ? 'keras.optimizers.Adamax' : 'DecayingAdamax'),
    renamed: { beta1: 'beta_1', beta2: 'beta_2' },
    presets: { beta_1: 0.9, beta_2: 0.999, epsilon: 1e-7, decay: 0 },
  },
  adagrad: { of: () => 'keras.optimizers.Adagrad', presets: { initial_accumulator_value: 0.1 } },
  adadelta: { of: () => 'keras.optimizers.Adadelta', presets: { rho: 0.95, epsilon: 1e-7 } },
  rmsprop: {
    of: () => 'keras.optimizers.RMSprop',
    renamed: { decay: 'rho' },
    presets: { rho: 0.9, momentum: 0, epsilon: 1e-7, centered: false },
  },
}

export interface OptimizerUse {
  readonly options: Options
  readonly training: Training
  /** Whether the learning rate changes during the run. */
  readonly hasSchedule: boolean
  /** Whether a callback lowers the rates of a schedule. */
  readonly isReduced: boolean
  /** Factors of the learning rate by the name of the layer in Keras. */
  readonly rates: Readonly<Record<string, number>>
}

interface PrintedOptimizer {
  /** The class of the optimizer, if it is one that Keras lacks. */
  readonly definition?: string
  /** Lines before `optimizer`. */
  readonly before: readonly string[]
  /** The expression for the optimizer, which takes `rate`. */
  readonly optimizer: string
}

/** Prints the optimizer of `network`. */
export function printOptimizer(type: string, use: OptimizerUse): PrintedOptimizer {
  const { options, training, hasSchedule } = use
  const { renamed = {}, presets = {}, of } = lookUp(kerasOptimizers, type)
  const { clipValue, clipNorm, weightDecay } = training
  const given = Object.entries(options).flatMap(([key, value]) => {
    const name = renamed[key] ?? snakeCase(key)
    if (key === 'learningRate' || value === undefined || presets[name] === value) return []
    return [`${name}=${printLiteral(value)}`]
  })
  const changes = [
    ...(clipNorm === undefined ? [] : [`global_clipnorm=${printLiteral(clipNorm)}`]),
    ...(clipValue === undefined || clipsTwice(training) ? [] : [`clipvalue=${printLiteral(clipValue)}`]),
    ...(weightDecay === undefined ? [] : [`weight_decay=${printLiteral(weightDecay)}`]),
  ]
  const base = of(options, hasSchedule)
  const additions = additionsOf(use)
  const made = `${additions.length === 0 ? base : 'Optimizer'}(${['rate', ...given, ...changes].join(', ')})`
  const settings = [
    ...(weightDecay === undefined
      ? []
      : [
          '# Biases and the weights of normalization are not decayed.',
          'optimizer.exclude_from_weight_decay(var_names=["^(?!.*(kernel|embeddings)(:0)?$)"])',
        ]),
    ...additions.flatMap(({ setting }) => setting),
  ]
  const printed =
    settings.length === 0
      ? { before: [], optimizer: made }
      : { before: [`optimizer = ${made}`, ...settings], optimizer: 'optimizer' }
  return additions.length === 0 ? printed : { ...printed, definition: printClass(base, additions) }
}

/** What a script adds to an optimizer: a class of the library, and the lines that set its attributes. */
interface Addition {
  readonly mixin: string
  /** A clause that ends the docstring. */
  readonly does: string
  readonly setting: readonly string[]
}

/** The additions, the outer ones first. */
function additionsOf({ rates, training, isReduced }: OptimizerUse): readonly Addition[] {
  const { gradientAccumulation = 1, clipValue } = training
  const all: readonly (Addition & { readonly isUsed: boolean })[] = [
    {
      isUsed: gradientAccumulation > 1,
      mixin: 'StepsOfBatches',
      does: `takes a step after ${gradientAccumulation} batches`,
      setting: [],
    },
    {
      isUsed: clipsTwice(training),
      mixin: 'ClippedValues',
      does: 'clips values and the norm of gradients',
      setting: [`optimizer.limit = ${printLiteral(clipValue)}`],
    },
    {
      isUsed: isReduced,
      mixin: 'ReducibleSchedule',
      does: 'has a schedule and a callback that lowers its rates',
      setting: [],
    },
    {
      isUsed: Object.keys(rates).length > 0,
      mixin: 'LayerRates',
      does: 'trains some layers at a multiple of the learning rate',
      setting: [`optimizer.factors = factors_of(network, ${printLiteral(rates)})`],
    },
  ]
  return all.filter(({ isUsed }) => isUsed)
}

/** Whether both values and the norm of gradients are clipped. */
function clipsTwice({ clipNorm, clipValue }: Training): boolean {
  return clipNorm !== undefined && clipValue !== undefined
}

function printClass(base: string, additions: readonly Addition[]): string {
  const name = base.slice(base.lastIndexOf('.') + 1)
  return [
    `class Optimizer(${[...additions.map(({ mixin }) => mixin), base].join(', ')}):`,
    `    """${name} that ${additions.map(({ does }) => does).join(', and ')}."""`,
  ].join('\n')
}
