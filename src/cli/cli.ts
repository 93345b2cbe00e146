/**
 * The command line: arguments and exit codes. Each command is a file of src/cli, loaded when it is called; `check`, which
 * must start fast, is part of this file's bundle.
 */
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander'
import { checkCommand } from './check.ts'
import { exitCodes } from './exitCodes.ts'
import { reportFailure } from './reportFailure.ts'
import { guardStream } from './terminal.ts'
import { version } from '../system/version.ts'

const wholeNumber = (least: number) => (text: string) => {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
  if (value >= least && value <= 0x7fffffff) return value
  throw new InvalidArgumentError(`It is a whole number from ${least} on.`)
}

const threadCount = (text: string): number | 'auto' => (text === 'auto' ? text : wholeNumber(1)(text))

const positiveNumber = (text: string) => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value) && value > 0) return value
  throw new InvalidArgumentError('It is a number above 0.')
}

const engineOption = () =>
  new Option('--backend <engine>', 'what computes').choices(['auto', 'node', 'wasm', 'cpu']).default('auto')
const ofCheckpoint = [
  '--checkpoint <name>',
  'the weights of one of its checkpoints, such as best, in place of those of the end',
] as const
const force = ['--force', 'replace files that shapewright did not write'] as const
const quiet = ['-q, --quiet', 'print results and errors only'] as const

function createProgram(): Command {
  const program = new Command('shapewright')
    .description(
      'Compiles model specs: proves that every shape fits, trains the network, or writes its training script.',
    )
    .version(version, '-V, --version')
    .showHelpAfterError('(--help lists the options)')
    .exitOverride()

  program
    .command('init')
    .description('write a first spec, commented')
    .argument('[name]', 'the name of the experiment', 'my-model')
    .option('--template <template>', 'mnist-cnn, cifar10-cnn, csv or image-folder', 'mnist-cnn')
    .option('--force', 'replace a file of that name')
    .action(async (name, options) => exit(await (await import('./init.ts')).initCommand(name, options)))

  program
    .command('check')
    .description('find every mistake in specs; - is standard input')
    .argument('[specs...]', "YAML files, folders of them, or patterns such as 'configs/**/*.yaml'")
    .addOption(
      new Option(
        '--fix [kinds]',
        'apply the fixes that keep the meaning, or with --fix=all the suggestions too; comments and layout stay',
      ).choices(['rewrites', 'all']),
    )
    .addOption(
      new Option('--format <format>', 'how to print').choices(['pretty', 'json', 'sarif', 'github']).default('pretty'),
    )
    .option('--data [folder]', 'look at every sample of the dataset, too: where the spec says, or in this folder')
    .option('--max-warnings <n>', 'exit with 1 beyond so many warnings', wholeNumber(0))
    .option('--watch', 'check again whenever a file changes')
    .option(...quiet)
    .action(async (specs: string[], { data, ...options }) => {
      if (data !== undefined) {
        const { checkDataCommand } = await import('./checkData.ts')
        return exit(await checkDataCommand(specs, { ...options, data }))
      }
      exit(await checkCommand(specs, options))
    })

  program
    .command('summary')
    .description('print the network as a table: layers, shapes, parameters, memory, operations')
    .argument('<spec>', 'a YAML file')
    .addOption(
      new Option('--format <format>', 'how to print')
        .choices(['table', 'json', 'mermaid', 'dot', 'svg'])
        .default('table'),
    )
    .action(async (spec, options) => exit(await (await import('./summary.ts')).summaryCommand(spec, options)))

  program
    .command('train')
    .description('train a spec, evaluate it on the test samples, and save the run')
    .argument('[spec]', 'a YAML file; with --resume RUN, that of the run by default')
    .addOption(engineOption())
    .option('--epochs <n>', 'passes over the training samples', wholeNumber(1))
    .option('--batch-size <n>', 'samples a step', wholeNumber(1))
    .option('--learning-rate <rate>', "the optimizer's learning rate", positiveNumber)
    .option('--seed <n>', 'what all random numbers follow from', wholeNumber(0))
    .option('--threads <n>', 'threads that share each step on the wasm engine, or auto', threadCount)
    .option('--data <folder>', 'where the dataset is')
    .option('--out <folder>', 'where runs are saved', 'runs')
    .option('--run <folder>', 'train in this folder, or resume the run that is there')
    .option('--resume [run]', 'resume a run from its newest checkpoint; by default the newest run of the spec')
    .option('--name <name>', 'what the run is called, in place of the name in the spec')
    .option(...quiet)
    .action(async (spec, options) => exit(await (await import('./train.ts')).trainCommand(spec, options)))

  program
    .command('evaluate')
    .description('evaluate a saved run on the test samples of its dataset')
    .argument('<run>', 'the folder of a run, such as runs/mnist-cnn')
    .addOption(engineOption())
    .option(...ofCheckpoint)
    .option('--data <folder>', 'where the dataset is')
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .action(async (run, options) => exit(await (await import('./evaluate.ts')).evaluateCommand(run, options)))

  program
    .command('predict')
    .description('what the network of a saved run says of images, or of rows of a table')
    .argument('<run>', 'the folder of a run, such as runs/mnist-cnn')
    .argument('<inputs...>', 'images, folders of them, csv tables, or .npy files of samples')
    .option('--top <n>', 'how many classes are told', wholeNumber(1), 5)
    .option(...ofCheckpoint)
    .option('--invert', 'exchange dark and light: for black ink where the network was trained on white')
    .addOption(engineOption())
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .option(...quiet)
    .action(async (run, inputs, options) =>
      exit(await (await import('./predict.ts')).predictCommand(run, inputs, options)),
    )

  program
    .command('report')
    .description('write the page about a saved run: curves, confusion, mistakes, network, machine')
    .argument('<run>', 'the folder of a run, such as runs/mnist-cnn')
    .option('-o, --out <file>', 'where the page goes; by default report.html in the folder')
    .option(...force)
    .addOption(engineOption())
    .option('--data <folder>', 'where the dataset is, for a run that was stopped before it was evaluated')
    .option(...quiet)
    .action(async (run, options) => exit(await (await import('./report.ts')).reportCommand(run, options)))

  program
    .command('runs')
    .description('list the runs of a folder: results, times, and what each changed against the one before')
    .argument('[folder]', 'the folder that holds them', 'runs')
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'json']).default('table'))
    .addOption(
      new Option('--sort <order>', 'what to go by; best puts the best first')
        .choices(['date', 'name', 'best', 'time'])
        .default('date'),
    )
    .action(async (folder, options) => exit(await (await import('./runs.ts')).runsCommand(folder, options)))

  program
    .command('diff')
    .description('compare two specs or runs, in terms of the model; exits with 1 where they differ')
    .argument('<before>', 'a YAML file, or the folder of a run')
    .argument('<after>', 'another one')
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .action(async (before, after, options) =>
      exit(await (await import('./diff.ts')).diffCommand(before, after, options)),
    )

  program
    .command('export')
    .description('write the network of a saved run for TensorFlow.js or Keras')
    .argument('<run>', 'the folder of a run, such as runs/mnist-cnn')
    .addOption(
      new Option(
        '--format <format>',
        'a folder for tf.loadLayersModel, or a Python module for Keras 3 with its weights',
      )
        .choices(['tfjs', 'keras'])
        .default('tfjs'),
    )
    .option(...ofCheckpoint)
    .option('-o, --out <folder>', 'where it goes; by default export/<format> in the run')
    .option(...force)
    .action(async (run, options) => exit(await (await import('./export.ts')).exportCommand(run, options)))

  program
    .command('compile')
    .description('write specs as standalone training scripts')
    .argument('<specs...>', "YAML files, folders of them, or patterns such as 'configs/**/*.yaml'")
    .option('-o, --out-dir <folder>', 'where scripts go', 'generated')
    .addOption(
      new Option('--backend <engine>', 'what the script computes with')
        .choices(['auto', 'node', 'wasm'])
        .default('auto'),
    )
    .addOption(new Option('--format <language>', 'TypeScript or JavaScript').choices(['ts', 'js']).default('ts'))
    .option('--single-file', 'put the WebAssembly kernels into the script, and not beside it')
    .option('--project', 'make the folder a project: package.json, tsconfig.json, README.md')
    .option('--watch', 'compile again whenever a file changes')
    .option('--check', 'write nothing; exit with 1 if a script is missing or stale')
    .option(...force)
    .option(...quiet)
    .action(async (specs, options) => exit(await (await import('./compile.ts')).compileCommand(specs, options)))

  const data = program
    .command('data')
    .description('show what a dataset holds: classes, numbers and pictures')
    .argument('<dataset>', 'a spec, or the name of a dataset')
    .option('--view <n>', 'show so many pictures with their labels', wholeNumber(1))
    .addOption(
      new Option('--graphics <how>', 'how the terminal shows pictures')
        .choices(['auto', 'blocks', 'kitty', 'iterm2', 'sixel'])
        .default('auto'),
    )
    .option('-o, --output <file>', 'draw the pictures into a PNG file')
    .option(...force)
    .option('--stats', 'mean and standard deviation of each channel, as `normalize` takes them')
    .option('--augmented', 'show the pictures as `augment` changes them')
    .addOption(new Option('--split <split>', 'which samples').choices(['train', 'validation', 'test']).default('train'))
    .option('--data <folder>', 'where the dataset is')
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .action(async (dataset, options) => exit(await (await import('./data.ts')).dataCommand(dataset, options)))

  data
    .command('get')
    .description('download a published dataset to where training finds it; what was interrupted goes on')
    .argument('<dataset>', 'mnist, fashionMnist, cifar10 or cifar100')
    .option('--force', 'replace a file that is there and is not the published one')
    .option(...quiet)
    .action(async (name, options) => exit(await (await import('./dataGet.ts')).dataGetCommand(name, options)))

  program
    .command('explain')
    .description('say what a diagnostic means')
    .argument('[code]', 'such as shape/kernel-exceeds-input; without one, all are listed')
    .action(async (code) => exit(await (await import('./explain.ts')).explainCommand(code)))

  program
    .command('doctor')
    .description('show which engines work here, and what to do about the others')
    .addOption(new Option('--format <format>', 'how to print').choices(['pretty', 'json']).default('pretty'))
    .action(async (options) => exit(await (await import('./doctor.ts')).doctorCommand(options)))

  const setup = program.command('setup').description('install what is optional')
  setup
    .command('native')
    .description("build tfjs-node's native part")
    .option('--from <path>', 'a wheel of tensorflow, or a folder that holds libtensorflow')
    .option('--remove', 'undo it')
    .option('--force', 'build anew even where it works')
    .option('--verbose', 'show what the tools print')
    .option(...quiet)
    .action(async (options) => exit(await (await import('./setupNative.ts')).setupNativeCommand(options)))

  program
    .command('schema')
    .description('print the JSON Schema of specs')
    .action(async () => exit((await import('./schema.ts')).schemaCommand()))

  return program
}

function exit(code: number): void {
  process.exitCode = code
}

/** `check --fix SPEC`: without `=`, what follows `--fix` is a file. */
function withFixKinds(args: readonly string[]): string[] {
  const end = args.indexOf('--')
  const isFix = (arg: string, index: number) => arg === '--fix' && (end < 0 || index < end)
  return args[2] === 'check' ? args.map((arg, index) => (isFix(arg, index) ? '--fix=rewrites' : arg)) : [...args]
}

/** Runs the command that the arguments of the process name. */
export async function main(): Promise<void> {
  guardStream(process.stdout)
  guardStream(process.stderr)
  try {
    await createProgram().parseAsync(withFixKinds(process.argv))
  } catch (error) {
    // Commander has printed what is wrong with the arguments; --help and --version "fail" with 0.
    if (error instanceof CommanderError) exit(error.exitCode === 0 ? exitCodes.fine : exitCodes.usage)
    else exit(reportFailure(error))
  }
}
