import { choice, declareCommand, on, text, withDefault } from './declareCommand.ts'
import { targetNames } from '../../backends/targetNames.ts'
import { force, quiet, settings, specsHelp, trial } from './sharedOptions.ts'

export const compile = declareCommand({
  name: 'compile',
  help: 'write specs as standalone training scripts',
  arguments: [['<specs...>', specsHelp]],
  options: {
    target: withDefault(
      choice(
        '<target>',
        'the language and library of the script: TypeScript, or Python with Keras 3 or PyTorch',
        targetNames,
      ),
      'ts',
    ),
    outDir: withDefault(text('<folder>', 'the folder for the scripts', 'o'), 'generated'),
    backend: withDefault(choice('<engine>', 'the library that the script uses', ['auto', 'node', 'wasm']), 'auto'),
    format: withDefault(choice('<language>', 'TypeScript or JavaScript', ['ts', 'js']), 'ts'),
    runtime: withDefault(
      choice('<kind>', 'a standalone script, or one that imports shapewright/train', ['standalone', 'package']),
      'standalone',
    ),
    singleFile: on('embed the WebAssembly kernels in the script instead of a file next to it'),
    project: on('make the folder a project with package.json, tsconfig.json and README.md'),
    set: settings,
    trial,
    watch: on('compile again when a file changes'),
    check: on('write nothing; exit with 1 if a script is missing or stale'),
    force,
    quiet,
  },
  examples: [
    ['compile model.yaml', 'writes generated/model.ts'],
    ['compile model.yaml --runtime package', 'writes a short script with threads, checkpoints and --resume'],
    ['compile model.yaml --target keras', 'writes generated/model_keras.py, a Python script'],
    ['compile configs --check', 'checks in CI that the scripts are up to date'],
  ],
})
