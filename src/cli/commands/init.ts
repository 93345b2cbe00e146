import { listWords } from '../../diagnostics/didYouMean.ts'
import { declareCommand, on, text, withDefault } from './declareCommand.ts'

/** The file of each template, in the folder of the package. */
export const templates: Readonly<Record<string, string>> = {
  'mnist-cnn': 'configs/mnist-cnn.yaml',
  'cifar10-cnn': 'configs/cifar10-cnn.yaml',
  csv: 'templates/csv.yaml',
  'image-folder': 'templates/image-folder.yaml',
}

export const init = declareCommand({
  name: 'init',
  help: 'write a first spec with comments',
  arguments: [['[name]', 'the name of the experiment', 'my-model']],
  options: {
    template: withDefault(text('<template>', listWords(Object.keys(templates), 'or')), 'mnist-cnn'),
    force: on('replace an existing file'),
  },
  examples: [
    ['init digits', 'writes digits.yaml, a network for MNIST'],
    ['init flowers --template image-folder', 'starts from folders of images'],
  ],
})
