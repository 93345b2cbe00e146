/** The optimizers and constraints of the language in PyTorch. */
import {
  lookUp,
  readChoice,
  resolveOptions,
  type Choice,
  type ChoiceValue,
  type PartDef,
} from '../../language/schema.ts'
import { constraints } from '../../language/constraints.ts'
import { printFloat, quotePython } from '../python/printLiteral.ts'
import { printCall, type Options } from './expression.ts'

type Stated = Readonly<Record<string, number | boolean>>
/** The class of an optimizer with its arguments, and the decay of its learning rate by step. */
type OptimizerForm = (options: Stated) => readonly [callee: string, options: Options, decay?: number]

const float = (value: number | boolean | undefined) => printFloat(Number(value))
const pair = ({ beta1, beta2 }: Stated) => `(${float(beta1)}, ${float(beta2)})`

/** The optimizers. PyTorch adds epsilon to the root of RMSProp and Adagrad, so the library has forms that add it inside. */
export const optimizerForms: Readonly<Record<string, OptimizerForm>> = {
  sgd: () => ['optim.SGD', {}],
  momentum: ({ momentum, useNesterov }) => [
    'optim.SGD',
    { momentum: float(momentum), nesterov: useNesterov === true ? 'True' : undefined },
  ],
  adam: (options) => ['optim.Adam', { betas: pair(options), eps: float(options['epsilon']) }],
  adamax: (options) => [
    'optim.Adamax',
    { betas: pair(options), eps: float(options['epsilon']) },
    Number(options['decay']),
  ],
  rmsprop: ({ decay, momentum, epsilon, centered }) => [
    'RMSprop',
    {
      decay: float(decay),
      momentum: momentum === 0 ? undefined : float(momentum),
      eps: float(epsilon),
      centered: centered === true ? 'True' : undefined,
    },
  ],
  adagrad: ({ initialAccumulatorValue }) => ['Adagrad', { initial: float(initialAccumulatorValue) }],
  adadelta: ({ rho, epsilon }) => ['optim.Adadelta', { rho: float(rho), eps: float(epsilon) }],
}

/**
 * Prints the creation of an optimizer for the weights of `model`.
 *
 * @param factors The factors of the learning rates of layers, by their modules.
 */
export function printOptimizer(
  { type, options }: Choice,
  rate: string,
  factors: readonly (readonly [path: string, factor: number])[],
): string {
  const [callee, stated] = lookUp(optimizerForms, type)(options as Stated)
  const entries = factors.map(([path, factor]) => `${quotePython(path)}: ${printFloat(factor)}`)
  const weights = factors.length === 0 ? 'model.parameters()' : `rate_groups(model, ${rate}, {${entries.join(', ')}})`
  return printCall(callee, [weights], { lr: rate, ...stated })
}

/** The decay of the learning rate that an optimizer has itself: after n steps it is rate / (1 + decay · n). */
export function decayOf({ type, options }: Choice): number {
  return lookUp(optimizerForms, type)(options as Stated)[2] ?? 0
}

type ConstraintForm = (weight: string, options: Readonly<Record<string, number>>) => string

/** The constraints of the language, which change a weight in place. */
export const constraintForms: Readonly<Record<string, ConstraintForm>> = {
  maxNorm: (w, { maxValue, axis }) => `limit_norm(${w}, 0.0, ${float(maxValue)}, 1.0, ${axis})`,
  minMaxNorm: (w, { minValue, maxValue, rate, axis }) =>
    `limit_norm(${w}, ${float(minValue)}, ${float(maxValue)}, ${float(rate)}, ${axis})`,
  nonNeg: (w) => `${w}.clamp_(min=0)`,
  unitNorm: (w, { axis }) => `unit_norm(${w}, ${axis})`,
}

export function printConstraint(value: ChoiceValue, weight: string): string {
  const { type, options } = readChoice(value)
  const { schema } = lookUp<PartDef>(constraints, type)
  return lookUp(constraintForms, type)(weight, resolveOptions(schema, options) as Readonly<Record<string, number>>)
}
