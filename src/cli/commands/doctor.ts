import { declareCommand } from './declareCommand.ts'
import { prettyOrJson } from './sharedOptions.ts'

export const doctor = declareCommand({
  name: 'doctor',
  help: 'show which engines work on this machine and how to enable the others',
  arguments: [],
  options: { format: prettyOrJson },
  examples: [['doctor', 'tries each engine']],
})
