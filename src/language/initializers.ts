/** The initializers of weights: tf.initializers by name. Each one that draws random numbers gets its own seed. */
import * as Type from 'typebox'
import { initializerMisfit, uniformBounds } from '../diagnostics/shapeMessages.ts'
import { formatShape } from './dims.ts'
import { call, unnumberedSeed, type Call } from './expression.ts'
import type { LayerProblem, Weight } from './layerDef.ts'
import { fieldsOf, lookUp, readChoice, resolveOptions, withDefault, type ChoiceValue, type PartDef } from './schema.ts'

interface InitializerDef extends PartDef {
  /** Whether it draws random numbers. */
  readonly random: boolean
  /** The value of every element, if all have the same. */
  constant?(options: Readonly<Record<string, unknown>>): number
}

const real = (description: string, value: number) => withDefault(Type.Number({ description, examples: [value] }), value)
const stddev = withDefault(Type.Number({ description: 'The standard deviation.', minimum: 0, examples: [0.05] }), 0.05)
const seed = Type.Optional(
  Type.Integer({
    description: 'The seed of this weight. The default follows from the seed of the training.',
    examples: [1],
  }),
)
const fixed = (value: number, description: string): InitializerDef => ({
  random: false,
  constant: () => value,
  schema: fieldsOf({}, description),
})
const drawn = (description: string): InitializerDef => ({
  random: true,
  example: {},
  schema: fieldsOf({ seed }, description),
})

export const initializers = {
  zeros: fixed(0, 'Zeros.'),
  ones: fixed(1, 'Ones.'),
  constant: {
    random: false,
    constant: ({ value }) => value as number,
    schema: fieldsOf(
      { value: Type.Number({ description: 'The value of every element.', examples: [0.1] }) },
      'A constant.',
    ),
  },
  identity: {
    random: false,
    schema: fieldsOf(
      { gain: real('The factor of the identity matrix.', 1) },
      'The identity matrix, for square kernels.',
    ),
  },
  randomUniform: {
    random: true,
    schema: fieldsOf(
      { minval: real('The lower bound.', -0.05), maxval: real('The upper bound.', 0.05), seed },
      'Uniform between two bounds.',
    ),
  },
  randomNormal: {
    random: true,
    schema: fieldsOf({ mean: real('The mean.', 0), stddev, seed }, 'Normal.'),
  },
  truncatedNormal: {
    random: true,
    schema: fieldsOf(
      { mean: real('The mean.', 0), stddev, seed },
      'Normal; values more than two standard deviations from the mean are drawn again.',
    ),
  },
  varianceScaling: {
    random: true,
    schema: fieldsOf(
      {
        scale: withDefault(
          Type.Number({ description: 'The variance is scale / fan.', exclusiveMinimum: 0, examples: [2] }),
          1,
        ),
        mode: withDefault(
          Type.Unsafe<'fanIn' | 'fanOut' | 'fanAvg'>({
            type: 'string',
            enum: ['fanIn', 'fanOut', 'fanAvg'],
            description: 'Which fan to divide by.',
            examples: ['fanIn'],
          }),
          'fanIn',
        ),
        distribution: withDefault(
          Type.Unsafe<'normal' | 'uniform' | 'truncatedNormal'>({
            type: 'string',
            enum: ['normal', 'uniform', 'truncatedNormal'],
            description: 'The distribution to draw from.',
            examples: ['uniform'],
          }),
          'normal',
        ),
        seed,
      },
      'Variance scaled by the number of inputs and outputs of the weight.',
    ),
  },
  glorotUniform: drawn('Glorot (Xavier) uniform: limit √(6 / (fanIn + fanOut)).'),
  glorotNormal: drawn('Glorot (Xavier) normal: deviation √(2 / (fanIn + fanOut)).'),
  heUniform: drawn('He uniform: limit √(6 / fanIn).'),
  heNormal: drawn('He normal: deviation √(2 / fanIn).'),
  leCunUniform: drawn('LeCun uniform: limit √(3 / fanIn).'),
  leCunNormal: drawn('LeCun normal: deviation √(1 / fanIn).'),
  orthogonal: {
    random: true,
    schema: fieldsOf({ gain: real('The factor of the orthogonal matrix.', 1), seed }, 'A random orthogonal matrix.'),
  },
} satisfies Partial<Record<keyof typeof import('@tensorflow/tfjs').initializers, InitializerDef>>

/** Replaces seed 0: for normal numbers TensorFlow.js ignores a seed of 0 (rand_util.js: `seed ? seed : Math.random()`). */
const seedForZero = 2 ** 32

/** `glorotNormal` → tf.initializers.glorotNormal({ seed: seed + n }). */
export function lowerInitializer(value: ChoiceValue): Call {
  const { type, options } = readChoice(value)
  const { schema, random } = lookUp<InitializerDef>(initializers, type)
  const resolved = resolveOptions(schema, options) as Record<string, number | string | undefined>
  const seeded = resolved['seed'] === 0 ? seedForZero : (resolved['seed'] ?? unnumberedSeed)
  const fields = random ? { ...resolved, seed: seeded } : resolved
  return Object.keys(fields).length === 0 ? call(`tf.initializers.${type}`) : call(`tf.initializers.${type}`, fields)
}

/** The value of every element, for initializers that set all to the same value. */
export function constantValueOf(value: ChoiceValue): number | undefined {
  const { type, options } = readChoice(value)
  return lookUp<InitializerDef>(initializers, type).constant?.(options)
}

/** Whether the engine can initialize a weight of `shape`: `identity` and `orthogonal` throw otherwise (tfjs-layers, initializers.js). */
function canMake(initializer: string, shape: readonly number[]): boolean {
  if (initializer === 'identity') return shape.length === 2 && shape[0] === shape[1]
  return initializer !== 'orthogonal' || shape.length >= 2
}

/**
 * Finds an initializer among `options` that cannot create its weight: `kernelInitializer` belongs to the weight whose name
 * begins with `kernel`.
 */
export function findInitializerMisfit(
  options: Readonly<Record<string, unknown>>,
  weights: readonly Weight[],
): LayerProblem | undefined {
  for (const option of Object.keys(options)) {
    if (!option.endsWith('Initializer')) continue
    const { type: initializer, options: stated } = readChoice(options[option] as ChoiceValue)
    const prefix = option.slice(0, -'Initializer'.length)
    const weight = weights.find(({ name }) => name.startsWith(prefix))
    if (weight === undefined) continue
    if (initializer === 'randomUniform') {
      const { minval, maxval } = resolveOptions(initializers.randomUniform.schema, stated)
      if (minval > maxval) {
        const swapped = { randomUniform: { ...stated, minval: maxval, maxval: minval } }
        const suggestions = [{ kind: 'set' as const, option, value: swapped }]
        return { ...uniformBounds({ minval, maxval }), option, suggestions }
      }
    }
    if (canMake(initializer, weight.shape)) continue
    const facts = { initializer, weight: weight.name, shape: formatShape(weight.shape) }
    return { ...initializerMisfit(facts), option, suggestions: [{ kind: 'remove', option }] }
  }
  return undefined
}
