import { choice, declareCommand, number, on, textOrTrue, wholeNumber, withDefault } from './declareCommand.ts'
import { targetNames } from '../../backends/targetNames.ts'
import { quiet, settings, specsHelp } from './sharedOptions.ts'

export const check = declareCommand({
  name: 'check',
  help: 'check specs for mistakes; - reads standard input',
  arguments: [['[specs...]', specsHelp]],
  options: {
    fix: choice(
      '[kinds]',
      'apply the fixes that keep the meaning; --fix=all also applies suggestions; comments and layout are kept',
      ['rewrites', 'all'],
    ),
    format: withDefault(choice('<format>', 'the output format', ['pretty', 'json', 'sarif', 'github']), 'pretty'),
    data: textOrTrue(
      '[folder]',
      'also read every sample of the dataset, from the path in the spec or from this folder',
    ),
    target: choice('<target>', 'also report what a script for this target cannot contain', targetNames),
    maxWarnings: number('<n>', 'exit with 1 if there are more warnings than this', wholeNumber(0)),
    set: settings,
    watch: on('check again when a file changes'),
    quiet,
  },
  examples: [
    ['check configs', 'checks every spec in a folder'],
    ['check model.yaml --fix', 'applies the fixes that keep the meaning'],
    ['check model.yaml --data', 'also reads every sample of the dataset'],
  ],
})
