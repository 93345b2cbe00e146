import { choice, declareCommand, number, on, text, wholeNumber, withDefault } from './declareCommand.ts'
import { backend, prettyOrJson, quiet, settings } from './sharedOptions.ts'

export const sweep = declareCommand({
  name: 'sweep',
  help: 'train all trials of the sweep in a spec, and compare them',
  arguments: [['<spec>', 'a YAML file with a section `sweep`; with --resume or --unit also a sweep folder']],
  options: {
    parallel: withDefault(number('<n>', 'the number of trials to train at once', wholeNumber(1)), 1),
    executor: withDefault(choice('<name>', 'what runs the trials', ['local']), 'local'),
    resume: on('continue the newest sweep of the spec; after an edit of the spec, add its new trials'),
    backend,
    threads: number('<n>', 'the number of threads of each trial on the wasm engine', wholeNumber(1)),
    out: withDefault(text('<folder>', 'the folder in which to save the sweep'), 'runs'),
    name: text('<name>', 'the name of the sweep folder; overrides the name in the spec'),
    set: settings,
    unit: number('<n>', 'train only this unit of the work of a sweep folder, as schedulers call it', wholeNumber(0)),
    format: prettyOrJson,
    quiet,
  },
  examples: [
    ['sweep model.yaml --parallel 2', 'trains the trials, two at once'],
    ['sweep model.yaml --parallel 2 --resume', 'continues the sweep'],
  ],
})
