import { declareCommand } from './declareCommand.ts'
import { prettyOrJson, settings } from './sharedOptions.ts'

export const diff = declareCommand({
  name: 'diff',
  help: 'compare two specs or runs, or two sweeps; exits with 1 if they differ',
  arguments: [
    ['<before>', 'a YAML file, a run folder or a sweep folder'],
    ['<after>', 'the YAML file or folder to compare it with'],
  ],
  options: { format: prettyOrJson, set: settings },
  examples: [
    ['diff runs/mnist-cnn model.yaml', 'compares a run with the current spec'],
    ['diff runs/mnist-cnn model.yaml --set vars.width=64', 'compares a run with the spec for another width'],
    ['diff runs/mnist-sweep/trials/0003 runs/mnist-sweep/trials/0007', 'compares two trials of a sweep'],
  ],
})
