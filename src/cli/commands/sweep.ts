import { clusterOptions } from './clusterOptions.ts'
import { declareCommand, number, on, text, wholeNumber, withDefault } from './declareCommand.ts'
import { backend, prettyOrJson, quiet, settings } from './sharedOptions.ts'

export const sweep = declareCommand({
  name: 'sweep',
  help: 'train all trials of the sweep in a spec, and compare them',
  arguments: [['<spec>', 'a YAML file with a section `sweep`; with --resume or --unit also a sweep folder']],
  options: {
    plan: on('list the trials with their parameters, memory and epochs, and train nothing'),
    parallel: number(
      '<n>',
      'the number of trials to train at once; the default is 1, and on Slurm no limit',
      wholeNumber(1),
    ),
    resume: on('continue the newest sweep of the spec; after an edit of the spec, add its new trials'),
    backend,
    threads: number('<n>', 'the number of threads of each trial on the wasm engine', wholeNumber(1)),
    out: withDefault(text('<folder>', 'the folder in which to save the sweep'), 'runs'),
    name: text('<name>', 'the name of the sweep folder; overrides the name in the spec'),
    set: settings,
    unit: number('<n>', 'train only this unit of the work of a sweep folder, as schedulers call it', wholeNumber(0)),
    freeze: on('write the sweep folder and print it, and train nothing'),
    ...clusterOptions,
    format: prettyOrJson,
    quiet,
  },
  examples: [
    ['sweep model.yaml --plan', 'lists the trials'],
    ['sweep model.yaml --parallel 2', 'trains the trials, two at once'],
    ['sweep model.yaml --parallel 2 --resume', 'continues the sweep'],
    ['sweep model.yaml --executor slurm --sbatch partition=cpu', 'submits it to Slurm'],
  ],
})
