/** Runs a package script: reads the arguments, trains with messages, and returns the exit code. */
import type { EngineChoice } from '../../system/engineNames.ts'
import type { Experiment } from '../../runtime/training/experiment.ts'
import { listenForInterruption } from '../../runtime/training/interruption.ts'
import { formatLogs, textProgress } from '../../runtime/training/textProgress.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { exitCodeOf } from '../../system/exitCodes.ts'
import { ignoreLostReaders } from '../../system/lostReaders.ts'
import { asKnownError } from '../../system/systemError.ts'
import { describeScriptOptions, parseScriptOptions, type ScriptOptions } from './scriptOptions.ts'
import { train } from './train.ts'

/**
 * Trains an experiment with the options of the command line, evaluates it on the test samples and saves the run. Progress
 * goes to stderr, results to stdout. Ctrl-C ends training after the current step and saves; `--resume` continues from there.
 *
 * @param argv The arguments, without the program and the script.
 * @returns The exit code: 0 for success, 2 for wrong usage or a problem of the environment, 3 if training failed, 130 if
 *   it was interrupted.
 * @throws Any error that is not a KnownError: a bug.
 */
export async function runScript(
  experiment: Experiment,
  argv: readonly string[],
  engine: EngineChoice = 'auto',
): Promise<number> {
  ignoreLostReaders()
  try {
    const options = { engine, ...parseScriptOptions(argv) }
    if (!options.help) return await trainAndSave(experiment, options)
    process.stdout.write(describeScriptOptions(experiment.name, experiment.training))
    return 0
  } catch (error) {
    const known = asKnownError(error)
    if (known === undefined) throw error
    process.stderr.write(`\nerror: ${escapeInLine(known.message)}\nhelp: ${escapeInLine(known.help)}\n`)
    return exitCodeOf(known)
  }
}

async function trainAndSave(experiment: Experiment, { help: _help, ...options }: ScriptOptions): Promise<number> {
  const interruption = listenForInterruption()
  try {
    const { interrupted } = await train(experiment, {
      ...options,
      signal: interruption.signal,
      listener: textProgress(process.stderr),
      onEngine({ name, detail, faster }) {
        process.stderr.write(`engine: ${name}, ${detail}${faster === undefined ? '' : ` (faster: ${faster})`}\n`)
      },
      async onSaved({ test, digest, folder }) {
        if (test) process.stdout.write(`test  ${formatLogs(test)}\n`)
        process.stdout.write(`weights sha256: ${digest}\nsaved in ${folder}\n`)
      },
    })
    return interrupted ? 130 : 0
  } finally {
    interruption.stop()
  }
}
