import { declareCommand } from './declareCommand.ts'
import { backend, checkpoint, data, prettyOrJson, runArgument } from './sharedOptions.ts'

export const evaluate = declareCommand({
  name: 'evaluate',
  help: 'evaluate a saved run on the test samples of its dataset',
  arguments: [runArgument],
  options: { backend, checkpoint, data, format: prettyOrJson },
  examples: [['evaluate runs/mnist-cnn --checkpoint best', 'evaluates the best weights instead of the last']],
})
