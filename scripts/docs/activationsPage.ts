/** Prints docs/reference/activations.md: the activation functions with their formulas. */
import { activationTable } from '../../src/language/activations.ts'
import { describeAliases } from './optionTable.ts'
import { code, sections, table, yamlBlock } from './markdown.ts'
import { generatedNote } from './partPage.ts'

const about =
  'The options `activation` and `recurrentActivation` of layers, and the layer [`activation`](layers.md#activation): the function that is applied to each value of the output.'

export function activationsPage(): string {
  const rows = Object.entries(activationTable).map(([name, facts]) => [
    code(name),
    facts.formula,
    describeAliases(facts).replace('In other libraries: ', ''),
  ])
  return sections(
    '# Activations',
    generatedNote,
    about,
    table(['name', 'value for x', 'in other libraries'], rows),
    yamlBlock('layers:\n  - dense: { units: 10, activation: relu }\n'),
  )
}
