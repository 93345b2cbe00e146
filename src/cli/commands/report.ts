import { declareCommand, text } from './declareCommand.ts'
import { backend, force, quiet } from './sharedOptions.ts'

export const report = declareCommand({
  name: 'report',
  help: 'write an HTML report of a saved run or sweep: curves, mistakes and network, or trials and the importance of parameters',
  arguments: [['<run>', 'a run folder or a sweep folder, such as runs/mnist-cnn']],
  options: {
    out: text('<file>', 'the file to write; the default is report.html in the run folder', 'o'),
    force,
    backend,
    data: text('<folder>', 'the folder of the dataset, for a run that was stopped before its evaluation'),
    quiet,
  },
  examples: [
    ['report runs/mnist-cnn', 'writes runs/mnist-cnn/report.html'],
    ['report runs/mnist-sweep', 'writes the page of a sweep'],
  ],
})
