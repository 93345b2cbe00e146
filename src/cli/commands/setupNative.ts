import { declareCommand, on, text } from './declareCommand.ts'
import { quiet } from './sharedOptions.ts'

export const setupNative = declareCommand({
  name: 'setup native',
  help: 'build the native part of tfjs-node',
  arguments: [],
  options: {
    from: text('<path>', 'a tensorflow wheel, or a folder that contains libtensorflow'),
    remove: on('remove it, also from other projects, which share its libraries'),
    force: on('build it again even if it works'),
    verbose: on('show the output of the build tools'),
    quiet,
  },
  examples: [['setup native', 'builds it from the official library']],
})
