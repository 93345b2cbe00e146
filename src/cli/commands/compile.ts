import { choice, declareCommand, on, text, withDefault } from './declareCommand.ts'
import { force, quiet, specsHelp } from './sharedOptions.ts'

export const compile = declareCommand({
  name: 'compile',
  help: 'write specs as standalone training scripts',
  arguments: [['<specs...>', specsHelp]],
  options: {
    outDir: withDefault(text('<folder>', 'where scripts go', 'o'), 'generated'),
    backend: withDefault(choice('<engine>', 'what the script computes with', ['auto', 'node', 'wasm']), 'auto'),
    format: withDefault(choice('<language>', 'TypeScript or JavaScript', ['ts', 'js']), 'ts'),
    runtime: withDefault(
      choice('<kind>', 'a standalone script, or one that imports shapewright/train', ['standalone', 'package']),
      'standalone',
    ),
    singleFile: on('put the WebAssembly kernels into the script, and not beside it'),
    project: on('make the folder a project: package.json, tsconfig.json, README.md'),
    watch: on('compile again whenever a file changes'),
    check: on('write nothing; exit with 1 if a script is missing or stale'),
    force,
    quiet,
  },
  examples: [
    ['compile model.yaml', 'writes generated/model.ts'],
    ['compile model.yaml --runtime package', 'a short script with threads, checkpoints and --resume'],
    ['compile configs --check', 'says in CI whether the scripts are up to date'],
  ],
})
