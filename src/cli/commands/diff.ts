import { declareCommand } from './declareCommand.ts'
import { prettyOrJson } from './sharedOptions.ts'

export const diff = declareCommand({
  name: 'diff',
  help: 'compare two specs or runs; exits with 1 if they differ',
  arguments: [
    ['<before>', 'a YAML file or a run folder'],
    ['<after>', 'the YAML file or run folder to compare it with'],
  ],
  options: { format: prettyOrJson },
  examples: [['diff runs/mnist-cnn model.yaml', 'compares a run with the current spec']],
})
