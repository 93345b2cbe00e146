import { declareCommand, on, text } from './declareCommand.ts'
import { quiet } from './sharedOptions.ts'

export const setupNative = declareCommand({
  name: 'setup native',
  help: "build tfjs-node's native part",
  arguments: [],
  options: {
    from: text('<path>', 'a wheel of tensorflow, or a folder that holds libtensorflow'),
    remove: on('undo it'),
    force: on('build anew even where it works'),
    verbose: on('show what the tools print'),
    quiet,
  },
  examples: [['setup native', 'builds it from the official library']],
})
