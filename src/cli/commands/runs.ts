import { choice, declareCommand, withDefault } from './declareCommand.ts'

export const runs = declareCommand({
  name: 'runs',
  help: 'list the runs of a folder: results, times, and what each changed against the one before',
  arguments: [['[folder]', 'the folder that holds them', 'runs']],
  options: {
    format: withDefault(choice('<format>', 'how to print', ['table', 'json']), 'table'),
    sort: withDefault(
      choice('<order>', 'what to go by; best puts the best first', ['date', 'name', 'best', 'time']),
      'date',
    ),
  },
  examples: [['runs --sort best', 'puts the best run first']],
})
