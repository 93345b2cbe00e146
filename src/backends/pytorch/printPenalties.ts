/** Prints the penalties on weights and outputs, and the constraints of weights, of a PyTorch script. */
import type { ChoiceValue } from '../../language/schema.ts'
import { printFloat, quotePython } from '../python/printLiteral.ts'
import { rates, type NetworkLayer } from './network.ts'
import { printConstraint } from './optimizers.ts'
import { optionsOfWeight, stateOfLayer, weightedLayers } from './printWeights.ts'
import type { StateEntry } from './layers/state.ts'

/** An option of a weight, such as its regularizer, with the name of its parameter. */
interface Ruled {
  readonly parameter: string
  readonly value: ChoiceValue
  readonly entry: StateEntry
  /** The shape of the weight in TensorFlow. */
  readonly shape: readonly number[]
}

function findRuled(
  layers: readonly NetworkLayer[],
  paths: ReadonlyMap<string, string>,
  ending: 'Regularizer' | 'Constraint',
): readonly Ruled[] {
  return weightedLayers(layers).flatMap((layer) =>
    layer.node.weights.flatMap((weight, index): Ruled[] => {
      if (!weight.trainable) return []
      const base = weight.name.split('/').at(-1)!
      const options = optionsOfWeight(layer.node.layer.options, weight.name)
      const option = Object.keys(options).find(
        (key) => key.endsWith(ending) && key !== `activity${ending}` && base.startsWith(key.slice(0, -ending.length)),
      )
      const value = option === undefined ? undefined : options[option]
      const entry = stateOfLayer(layer)[index]!
      const parameter = `${paths.get(layer.name)!}.${entry.name}`
      return value === undefined ? [] : [{ parameter, entry, shape: weight.shape, value: value as ChoiceValue }]
    }),
  )
}

/** Groups equal statements about parameters: a loop over those that share them. */
function groupByStatement(ruled: readonly Ruled[], statementOf: (rule: Ruled) => string): string[] {
  const groups = new Map<string, string[]>()
  for (const rule of ruled) {
    const statement = statementOf(rule)
    groups.set(statement, [...(groups.get(statement) ?? []), quotePython(rule.parameter)])
  }
  return [...groups].flatMap(([statement, names]) =>
    names.length === 1
      ? [`    weight = model.get_parameter(${names[0]})`, `    ${statement}`]
      : [
          `    for name in (${names.join(', ')}):`,
          '        weight = model.get_parameter(name)',
          `        ${statement}`,
        ],
  )
}

/** The parameter with the axes of TensorFlow, by which constraints are stated. */
function inSpecOrder({ axes }: StateEntry, shape: readonly number[]): string {
  if (axes === 'same') return 'weight'
  if (axes === 'kernel') return 'weight.movedim((0, 1), (-1, -2))'
  return `weight.unflatten(0, (${shape.at(-2)}, -1)).squeeze(2).movedim((0, 1), (-2, -1))`
}

/** Prints `penalty_of`; undefined if no weight or output has one. */
export function printPenalty(layers: readonly NetworkLayer[], paths: ReadonlyMap<string, string>): string | undefined {
  const ruled = findRuled(layers, paths, 'Regularizer')
  const hasActivity = layers.some(({ stages }) => stages.some(({ modules }) => modules?.some(isActivityPenalty)))
  if (ruled.length === 0 && !hasActivity) return undefined
  return [
    'def penalty_of(model: nn.Module) -> torch.Tensor:',
    `    """The penalties on ${ruled.length === 0 ? 'outputs' : hasActivity ? 'weights and outputs' : 'weights'} that are added to the loss."""`,
    '    total = torch.zeros((), device=next(model.parameters()).device)',
    ...groupByStatement(ruled, ({ value }) => {
      const { l1, l2 } = rates(value)
      const terms = [
        ...(l1 > 0 ? [`${printFloat(l1)} * weight.abs().sum()`] : []),
        ...(l2 > 0 ? [`${printFloat(l2)} * weight.square().sum()`] : []),
      ]
      return `total = total + ${terms.length === 0 ? '0.0' : terms.join(' + ')}`
    }),
    ...(hasActivity
      ? [
          '    for module in model.modules():',
          '        if isinstance(module, ActivityPenalty):',
          '            total = total + module.take()',
        ]
      : []),
    '    return total',
  ].join('\n')
}

function isActivityPenalty(module: string): boolean {
  return module.startsWith('ActivityPenalty(')
}

/** Prints `constrain`; undefined if no weight has a constraint. */
export function printConstrain(
  layers: readonly NetworkLayer[],
  paths: ReadonlyMap<string, string>,
): string | undefined {
  const ruled = findRuled(layers, paths, 'Constraint')
  if (ruled.length === 0) return undefined
  return [
    '@torch.no_grad()',
    'def constrain(model: nn.Module) -> None:',
    '    """Projects weights onto their constraints after a step."""',
    ...groupByStatement(ruled, ({ value, entry, shape }) => printConstraint(value, inSpecOrder(entry, shape))),
  ].join('\n')
}
