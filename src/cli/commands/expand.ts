import { declareCommand } from './declareCommand.ts'
import { settings, trial } from './sharedOptions.ts'

export const expand = declareCommand({
  name: 'expand',
  help: 'print the plain spec that a spec with variables and expressions stands for',
  arguments: [['<spec>', 'a YAML file; - reads standard input']],
  options: { set: settings, trial },
  examples: [
    ['expand model.yaml', 'prints the spec without variables, with the lines of their values as comments'],
    ['expand model.yaml --set vars.width=64', 'prints it for another width'],
  ],
})
