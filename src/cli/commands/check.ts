import { choice, declareCommand, number, on, textOrTrue, wholeNumber, withDefault } from './declareCommand.ts'
import { quiet, specsHelp } from './sharedOptions.ts'

export const check = declareCommand({
  name: 'check',
  help: 'find every mistake in specs; - is standard input',
  arguments: [['[specs...]', specsHelp]],
  options: {
    fix: choice(
      '[kinds]',
      'apply the fixes that keep the meaning, or with --fix=all the suggestions too; comments and layout stay',
      ['rewrites', 'all'],
    ),
    format: withDefault(choice('<format>', 'how to print', ['pretty', 'json', 'sarif', 'github']), 'pretty'),
    data: textOrTrue('[folder]', 'look at every sample of the dataset, too: where the spec says, or in this folder'),
    maxWarnings: number('<n>', 'exit with 1 beyond so many warnings', wholeNumber(0)),
    watch: on('check again whenever a file changes'),
    quiet,
  },
  examples: [
    ['check configs', 'checks every spec of a folder'],
    ['check model.yaml --fix', 'applies the fixes that keep the meaning'],
    ['check model.yaml --data', 'reads every sample of the dataset, too'],
  ],
})
