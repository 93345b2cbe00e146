import { choice, declareCommand, withDefault } from './declareCommand.ts'
import { settings, trial } from './sharedOptions.ts'

export const summary = declareCommand({
  name: 'summary',
  help: 'print a table of the network: layers, shapes, parameters, memory, operations',
  arguments: [['<spec>', 'a YAML file']],
  options: {
    format: withDefault(choice('<format>', 'the output format', ['table', 'json', 'mermaid', 'dot', 'svg']), 'table'),
    set: settings,
    trial,
  },
  examples: [
    ['summary model.yaml', 'prints a table'],
    ['summary model.yaml --format svg > model.svg', 'draws the network'],
  ],
})
