/** Fields that several layers share. */
import { activationNames } from './activations.ts'
import * as Type from 'typebox'
import { withDefault, type ChoiceValue } from './schema.ts'

/** A field that takes one of a list of words: a plain JSON Schema enum, which editors complete. */
export function oneOf<const T extends readonly string[]>(
  words: T,
  options: { description: string; examples?: unknown[] },
) {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...options })
}

export function count(description: string, example: number) {
  return Type.Integer({ description, minimum: 1, examples: [example] })
}

export function flag(description: string, value: boolean) {
  return withDefault(Type.Boolean({ description, examples: [!value] }), value)
}

/** A field that takes a whole number for all axes, or one for each: `3` or `[3, 5]`. */
export function perAxis(description: string, axes: number, example: number) {
  const size = Type.Integer({ minimum: 1 })
  return Type.Unsafe<number | readonly number[]>({
    description,
    examples: [example, Array.from({ length: axes }, () => example)],
    anyOf: [size, { type: 'array', items: size, minItems: axes, maxItems: axes }],
  })
}

/** `3` → [3, 3]. */
export function eachAxis(value: number | readonly number[], axes: number): readonly number[] {
  return typeof value === 'number' ? Array<number>(axes).fill(value) : value
}

export const filters = count('The number of filters, which is the number of output channels.', 32)
export const activation = withDefault(
  oneOf(activationNames, { description: 'The activation function of the output.', examples: ['relu'] }),
  'linear',
)
export const paddingField = withDefault(
  oneOf(['valid', 'same'] as const, {
    description:
      '`valid` uses only positions where the window fits: ⌊(size - window) / stride⌋ + 1. `same` pads with zeros to get ⌈size / stride⌉ positions.',
    examples: ['same'],
  }),
  'valid',
)
export const causalPaddingField = withDefault(
  oneOf(['valid', 'same', 'causal'] as const, {
    description: `${(paddingField as { description?: string }).description} \`causal\` pads only at the start, so that no output depends on a later step.`,
    examples: ['same'],
  }),
  'valid',
)
export const dataFormat = withDefault(
  oneOf(['channelsLast', 'channelsFirst'] as const, {
    description: 'Whether the channels are the last axis of the input (the default of tf.layers) or the first.',
    examples: ['channelsLast'],
  }),
  'channelsLast',
)
export const useBias = flag('Whether to add a bias vector.', true)

/** A field that takes a part of one of the tables in `sharedDefinitions`. */
function chosen(table: string, description: string, example: unknown) {
  return Type.Unsafe<ChoiceValue>({ $ref: `#/definitions/${table}`, description, examples: [example] })
}

const initializer = (what: string) => chosen('initializer', `The initializer of the ${what}.`, 'heNormal')
const regularizer = (what: string) => chosen('regularizer', `The penalty on the ${what}, added to the loss.`, 'l2')
const constraint = (what: string) => chosen('constraint', `The constraint on the ${what} after each step.`, 'maxNorm')

/** The options of the weights of most layers: initializer, regularizer, constraint. */
export const kernelFields = {
  kernelInitializer: withDefault(initializer('kernel'), 'glorotNormal'),
  kernelRegularizer: Type.Optional(regularizer('kernel')),
  kernelConstraint: Type.Optional(constraint('kernel')),
}
export const biasFields = {
  useBias,
  biasInitializer: withDefault(initializer('bias'), 'zeros'),
  biasRegularizer: Type.Optional(regularizer('bias')),
  biasConstraint: Type.Optional(constraint('bias')),
}
export const activityRegularizer = Type.Optional(regularizer('output'))
export const depthMultiplier = withDefault(count('The number of filters per input channel.', 2), 1)
/** For an initializer without a default of its own. */
export const optionalInitializerField = (what: string) => Type.Optional(initializer(what))
export const initializerField = (what: string, byDefault: string) => withDefault(initializer(what), byDefault)
export const regularizerField = (what: string) => Type.Optional(regularizer(what))
export const constraintField = (what: string) => Type.Optional(constraint(what))
