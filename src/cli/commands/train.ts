import {
  declareCommand,
  number,
  positiveNumber,
  text,
  textOrTrue,
  wholeNumber,
  withDefault,
  type Option,
} from './declareCommand.ts'
import { backend, data, quiet, settings, trial } from './sharedOptions.ts'

const threads: Option<number | 'auto'> = {
  help: 'the number of threads that share each step on the wasm engine, or auto',
  value: '<n>',
  parse: (written) => (written === 'auto' ? written : wholeNumber(1)(written)),
}

export const train = declareCommand({
  name: 'train',
  help: 'train a spec, evaluate it on the test samples, and save the run',
  arguments: [['[spec]', 'a YAML file; with --resume RUN, the default is the spec of the run']],
  options: {
    backend,
    epochs: number('<n>', 'the number of passes over the training samples', wholeNumber(1)),
    stopAfter: number('<epoch>', 'pause after this epoch; --resume continues the run', wholeNumber(1)),
    batchSize: number('<n>', 'the number of samples per step', wholeNumber(1)),
    learningRate: number('<rate>', 'the learning rate of the optimizer', positiveNumber),
    seed: number('<n>', 'the seed of all random numbers', wholeNumber(0)),
    threads,
    data,
    out: withDefault(text('<folder>', 'the folder in which to save runs'), 'runs'),
    run: text('<folder>', 'train in this run folder, or resume the run in it'),
    resume: textOrTrue('[run]', 'resume a run from its newest checkpoint; the default is the newest run of the spec'),
    name: text('<name>', 'the name of the run; overrides the name in the spec'),
    set: settings,
    trial,
    quiet,
  },
  examples: [
    ['train model.yaml', 'trains, and saves the run in the folder runs'],
    ['train model.yaml --epochs 1 --backend wasm', 'trains one epoch on the wasm engine'],
    ['train model.yaml --resume', 'resumes the newest run of the spec'],
  ],
})
