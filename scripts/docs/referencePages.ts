/** Composes the pages of docs/reference that are generated from definitions, by file name. */
import { commands } from '../../src/cli/commands/table.ts'
import { allCodes } from '../../src/diagnostics/codes.ts'
import { activationTable } from '../../src/language/activations.ts'
import { layerTable } from '../../src/parts/layers/table.ts'
import { activationsPage } from './activationsPage.ts'
import { layersPage } from './layersPage.ts'
import { sections, table } from './markdown.ts'
import { partKinds } from './partKinds.ts'
import { generatedNote, partPage } from './partPage.ts'
import { specPage } from './specPage.ts'
import type { LinkedChoices } from './typeText.ts'

export function referencePages(): Readonly<Record<string, string>> {
  const choices: LinkedChoices = new Map(
    partKinds.map(({ page, table: parts }) => [
      Object.keys(parts).join(),
      `[${page.replace('losses', 'loss').replace(/s$/, '')}](${page}.md)`,
    ]),
  )
  return {
    'README.md': indexPage(),
    'spec.md': specPage(choices),
    'layers.md': layersPage(layerTable, choices),
    'activations.md': activationsPage(),
    ...Object.fromEntries(partKinds.map((kind) => [`${kind.page}.md`, partPage(kind, choices)])),
  }
}

function indexPage(): string {
  const count = (parts: object) => `${Object.keys(parts).length}`
  const rows = [
    ['[Keys of a spec](spec.md)', '', 'Every key, and the options of `training`, `budget`, `normalize` and `input`.'],
    ['[Layers](layers.md)', count(layerTable), 'The parts of a network, with the shapes of their inputs and outputs.'],
    ...partKinds.map(({ page, title, table: parts, summary }) => [`[${title}](${page}.md)`, count(parts), summary]),
    ['[Activations](activations.md)', count(activationTable), 'The functions that layers apply to their outputs.'],
    ['[Commands](commands.md)', count(commands), 'The command line: arguments, options and examples.'],
    [
      '[Diagnostics](../diagnostics/README.md)',
      count(allCodes),
      'What `check` reports, each with a wrong spec and the right one.',
    ],
  ]
  return sections('# Reference', generatedNote, table(['page', 'entries', 'content'], rows))
}
