import { declareCommand, number, on, wholeNumber, withDefault } from './declareCommand.ts'
import { backend, checkpoint, prettyOrJson, quiet, runArgument } from './sharedOptions.ts'

export const predict = declareCommand({
  name: 'predict',
  help: 'predict images or table rows with the network of a saved run',
  arguments: [runArgument, ['<inputs...>', 'images, folders of images, csv tables, or .npy files of samples']],
  options: {
    top: withDefault(number('<n>', 'the number of classes to show', wholeNumber(1)), 5),
    checkpoint,
    invert: on('invert images, for black ink if the network was trained on white'),
    backend,
    format: prettyOrJson,
    quiet,
  },
  examples: [['predict runs/mnist-cnn digit.png --invert', 'classifies a photographed digit']],
})
