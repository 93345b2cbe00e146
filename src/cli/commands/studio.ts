import { declareCommand, number, on, wholeNumber } from './declareCommand.ts'

export const studio = declareCommand({
  name: 'studio',
  help: 'edit, train and compare the specs of a folder in the browser',
  arguments: [['[folder]', 'the folder of the specs', '.']],
  options: {
    port: number(
      '<n>',
      'the port of 127.0.0.1 to listen on; the default is 4580, or a free one',
      wholeNumber(1, 65_535),
    ),
    noOpen: on('do not open the browser, only print the address'),
  },
  examples: [
    ['studio', 'opens the specs of this folder in the browser'],
    ['studio configs --no-open', 'prints the address of the studio for the folder configs'],
  ],
})
