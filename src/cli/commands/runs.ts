import { choice, declareCommand, on, withDefault } from './declareCommand.ts'

export const runs = declareCommand({
  name: 'runs',
  help: 'list the runs and sweeps in a folder with their results, times, and changes from the previous run',
  arguments: [['[folder]', 'the folder that contains the runs, or a sweep folder to list its trials', 'runs']],
  options: {
    format: withDefault(choice('<format>', 'the output format', ['table', 'json']), 'table'),
    sort: withDefault(
      choice('<order>', 'the order; best lists the best run first', ['date', 'name', 'best', 'time']),
      'date',
    ),
    all: on('list the trials of each sweep, too'),
  },
  examples: [
    ['runs --sort best', 'lists the best run first'],
    ['runs runs/mnist-sweep --sort best', 'lists the trials of a sweep, the best first'],
  ],
})
