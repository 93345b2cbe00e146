import { choice, declareCommand, withDefault } from './declareCommand.ts'

export const runs = declareCommand({
  name: 'runs',
  help: 'list the runs in a folder with their results, times, and changes from the previous run',
  arguments: [['[folder]', 'the folder that contains the runs', 'runs']],
  options: {
    format: withDefault(choice('<format>', 'the output format', ['table', 'json']), 'table'),
    sort: withDefault(
      choice('<order>', 'the order; best lists the best run first', ['date', 'name', 'best', 'time']),
      'date',
    ),
  },
  examples: [['runs --sort best', 'lists the best run first']],
})
