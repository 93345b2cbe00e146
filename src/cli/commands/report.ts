import { declareCommand, text } from './declareCommand.ts'
import { backend, force, quiet, runArgument } from './sharedOptions.ts'

export const report = declareCommand({
  name: 'report',
  help: 'write the page about a saved run: curves, confusion, mistakes, network, machine',
  arguments: [runArgument],
  options: {
    out: text('<file>', 'where the page goes; by default report.html in the folder', 'o'),
    force,
    backend,
    data: text('<folder>', 'where the dataset is, for a run that was stopped before it was evaluated'),
    quiet,
  },
  examples: [['report runs/mnist-cnn', 'writes runs/mnist-cnn/report.html']],
})
