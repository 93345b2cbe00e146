import { declareCommand } from './declareCommand.ts'
import { prettyOrJson } from './sharedOptions.ts'

export const diff = declareCommand({
  name: 'diff',
  help: 'compare two specs or runs, in terms of the model; exits with 1 where they differ',
  arguments: [
    ['<before>', 'a YAML file, or the folder of a run'],
    ['<after>', 'another one'],
  ],
  options: { format: prettyOrJson },
  examples: [['diff runs/mnist-cnn model.yaml', 'compares a run with the spec as it is now']],
})
