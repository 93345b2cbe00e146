/** Prints the penalties on weights and outputs, and the constraints of weights, of a PyTorch script. */
import type { ChoiceValue } from '../../language/schema.ts'
import { quotePython } from '../python/printLiteral.ts'
import { printFloat } from './expression.ts'
import { rates, type NetworkLayer } from './network.ts'
import { printConstraint } from './optimizers.ts'
import { optionsOfWeight, weightedLayers } from './printWeights.ts'

/** An option of a weight, such as its regularizer, with the place of the weight in `weights_of` its layer. */
interface Ruled {
  readonly attribute: string
  readonly index: number
  readonly value: ChoiceValue
}

function findRuled(
  layers: readonly NetworkLayer[],
  attributes: ReadonlyMap<string, string>,
  ending: 'Regularizer' | 'Constraint',
): readonly Ruled[] {
  return weightedLayers(layers).flatMap(({ name, node }) =>
    node.weights.flatMap((weight, index): Ruled[] => {
      if (!weight.trainable) return []
      const base = weight.name.split('/').at(-1)!
      const options = optionsOfWeight(node.layer.options, weight.name)
      const option = Object.keys(options).find(
        (key) => key.endsWith(ending) && key !== `activity${ending}` && base.startsWith(key.slice(0, -ending.length)),
      )
      const value = option === undefined ? undefined : options[option]
      return value === undefined ? [] : [{ attribute: attributes.get(name)!, index, value: value as ChoiceValue }]
    }),
  )
}

/** Groups equal statements about weights: a loop over the layers that share them. */
function groupByStatement(ruled: readonly Ruled[], statementOf: (value: ChoiceValue) => string): string[] {
  const groups = new Map<string, { index: number; statement: string; names: string[] }>()
  for (const { attribute, index, value } of ruled) {
    const statement = statementOf(value)
    const key = `${index} ${statement}`
    const group = groups.get(key) ?? { index, statement, names: [] }
    group.names.push(quotePython(attribute))
    groups.set(key, group)
  }
  return [...groups.values()].flatMap(({ index, statement, names }) => [
    `    for name in ${names.length === 1 ? `(${names[0]},)` : `(${names.join(', ')})`}:`,
    `        weight = weights_of(model.get_submodule(name))[${index}]`,
    `        ${statement}`,
  ])
}

/** Prints `penalty_of`; undefined if no weight or output has one. */
export function printPenalty(
  layers: readonly NetworkLayer[],
  attributes: ReadonlyMap<string, string>,
): string | undefined {
  const ruled = findRuled(layers, attributes, 'Regularizer')
  const hasActivity = layers.some(({ stages }) => stages.some(({ modules }) => modules?.some(isActivityPenalty)))
  if (ruled.length === 0 && !hasActivity) return undefined
  return [
    'def penalty_of(model: nn.Module) -> torch.Tensor:',
    `    """The penalties on ${ruled.length === 0 ? 'outputs' : hasActivity ? 'weights and outputs' : 'weights'} that are added to the loss."""`,
    '    total = torch.zeros((), device=next(model.parameters()).device)',
    ...groupByStatement(ruled, (value) => {
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
  attributes: ReadonlyMap<string, string>,
): string | undefined {
  const ruled = findRuled(layers, attributes, 'Constraint')
  if (ruled.length === 0) return undefined
  return [
    '@torch.no_grad()',
    'def constrain(model: nn.Module) -> None:',
    '    """Projects weights onto their constraints after a step."""',
    ...groupByStatement(ruled, (value) => printConstraint(value, 'weight')),
  ].join('\n')
}
