/** Options and arguments that several commands have. */
import { choice, on, text, withDefault } from './declareCommand.ts'

export const specsHelp = "YAML files, folders of them, or patterns such as 'configs/**/*.yaml'"
export const runArgument = ['<run>', 'the folder of a run, such as runs/mnist-cnn'] as const

export const backend = withDefault(choice('<engine>', 'what computes', ['auto', 'node', 'wasm', 'cpu']), 'auto')
export const checkpoint = text(
  '<name>',
  'the weights of one of its checkpoints, such as best, in place of those of the end',
)
export const data = text('<folder>', 'where the dataset is')
export const force = on('replace files that shapewright did not write')
export const quiet = on('print results and errors only', 'q')
export const prettyOrJson = withDefault(choice('<format>', 'how to print', ['pretty', 'json']), 'pretty')
