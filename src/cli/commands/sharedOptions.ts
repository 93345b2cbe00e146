/** Options and arguments that several commands have. */
import { engineChoices } from '../../system/engineNames.ts'
import { choice, list, number, on, text, wholeNumber, withDefault } from './declareCommand.ts'

export const specsHelp = "YAML files, folders of them, or patterns such as 'configs/**/*.yaml'"
export const runArgument = ['<run>', 'a run folder, such as runs/mnist-cnn'] as const

export const backend = withDefault(choice('<engine>', 'the engine to use', engineChoices), 'auto')
export const checkpoint = text(
  '<name>',
  'use the weights of this checkpoint, such as best, instead of the final weights',
)
export const data = text('<folder>', 'the folder of the dataset')
export const force = on('replace files that shapewright did not write')
export const quiet = on('print only results and errors', 'q')
export const prettyOrJson = withDefault(choice('<format>', 'the output format', ['pretty', 'json']), 'pretty')
/** For commands that use one spec: a spec with a sweep is otherwise used as it is without the sweep. */
export const trial = number('<n>', 'use the values of this trial of the sweep', wholeNumber(1))
export const settings = list('<key=value>', 'override a value of the spec, such as vars.width=64; may be repeated')
