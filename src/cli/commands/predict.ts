import { declareCommand, number, on, wholeNumber, withDefault } from './declareCommand.ts'
import { backend, checkpoint, prettyOrJson, quiet, runArgument } from './sharedOptions.ts'

export const predict = declareCommand({
  name: 'predict',
  help: 'what the network of a saved run says of images, or of rows of a table',
  arguments: [runArgument, ['<inputs...>', 'images, folders of them, csv tables, or .npy files of samples']],
  options: {
    top: withDefault(number('<n>', 'how many classes are told', wholeNumber(1)), 5),
    checkpoint,
    invert: on('exchange dark and light: for black ink where the network was trained on white'),
    backend,
    format: prettyOrJson,
    quiet,
  },
  examples: [['predict runs/mnist-cnn digit.png --invert', 'classifies a photographed digit']],
})
