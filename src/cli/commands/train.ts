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
import { backend, data, quiet } from './sharedOptions.ts'

const threads: Option<number | 'auto'> = {
  help: 'threads that share each step on the wasm engine, or auto',
  value: '<n>',
  parse: (written) => (written === 'auto' ? written : wholeNumber(1)(written)),
}

export const train = declareCommand({
  name: 'train',
  help: 'train a spec, evaluate it on the test samples, and save the run',
  arguments: [['[spec]', 'a YAML file; with --resume RUN, that of the run by default']],
  options: {
    backend,
    epochs: number('<n>', 'passes over the training samples', wholeNumber(1)),
    batchSize: number('<n>', 'samples a step', wholeNumber(1)),
    learningRate: number('<rate>', "the optimizer's learning rate", positiveNumber),
    seed: number('<n>', 'what all random numbers follow from', wholeNumber(0)),
    threads,
    data,
    out: withDefault(text('<folder>', 'where runs are saved'), 'runs'),
    run: text('<folder>', 'train in this folder, or resume the run that is there'),
    resume: textOrTrue('[run]', 'resume a run from its newest checkpoint; by default the newest run of the spec'),
    name: text('<name>', 'what the run is called, in place of the name in the spec'),
    quiet,
  },
  examples: [
    ['train model.yaml', 'trains, and saves the run in runs'],
    ['train model.yaml --epochs 1 --backend wasm', 'one epoch on the WASM engine'],
    ['train model.yaml --resume', 'resumes the newest run of the spec'],
  ],
})
