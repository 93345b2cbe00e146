/** Implements `shapewright train`: trains a spec and saves the run, or resumes a run. */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { noOtherTexts } from '../diagnostics/diagnostic.ts'
import { parseTrial } from '../sweep/parseTrial.ts'
import { SpecParser } from '../sweep/specParser.ts'
import { analyze, checkText, type Analysis } from '../analyze.ts'
import { renderPretty } from '../diagnostics/renderPretty.ts'
import { printExpanded } from '../compose/expandedSpec.ts'
import { minBytesOf } from '../graph/cost.ts'
import { nodeHost } from '../system/nodeHost.ts'
import { quoteForShell } from '../system/quoteForShell.ts'
import { checkMeaning } from '../rules/checkMeaning.ts'
import { abstractSpec, programOf } from '../compile.ts'
import type { EngineInfo } from '../tasks/train/trainRun.ts'
import type { Spec } from '../validation/spec.ts'
import type { train } from './commands/train.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { checkedSpec } from './checkedSpec.ts'
import { commandOfRun } from './commandOfRun.ts'
import { requireTrainable } from '../tasks/train/requireTrainable.ts'
import { claimFolder, findRun, readResumeOption, resumeSpec, type ClaimedFolder } from '../tasks/train/resume.ts'
import { ignoreLostReaders } from '../tasks/train/runFolders.ts'
import { countOf } from '../diagnostics/formatCount.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { paletteFor } from './palette.ts'
import { requireName } from './requireName.ts'
import { readSpecFile } from './specFiles.ts'

type TrainOptions = OptionsOf<typeof train>

export async function trainCommand(given: string | undefined, options: TrainOptions): Promise<number> {
  if (options.run !== undefined && options.resume !== undefined) {
    throw new KnownError('usage', '--run already resumes the run in its folder', 'remove --resume')
  }
  requireName(options.name, 'the run folder is')
  const { spec: path, file = path, resume } = await readResumeOption(given, options.run ?? options.resume)
  const written = readSpecFile(path)
  const text = plainSpec(written, file, options)
  if (text === undefined) return exitCodes.problems
  if (options.run !== undefined) await verifyTrial(options.run)
  const mayBegin = options.run !== undefined
  const folder = options.run ?? (resume && findRun(resume, options.name ?? analyze(text, file).spec.name, options.out))
  const say: Say = (line) => (options.quiet === true ? undefined : process.stderr.write(line))
  const onWait = (line: string) => say(`${line}\n`)
  const claimed = folder === undefined ? undefined : await claimFolder(folder, { mayBegin, specText: text, onWait })
  try {
    return await trainSpec({ path, file, text, written }, claimed, options, say)
  } finally {
    claimed?.release()
  }
}

/**
 * Checks the frozen spec and the data if a run folder is a trial of a sweep.
 *
 * @throws KnownError if one of them has changed.
 */
async function verifyTrial(folder: string): Promise<void> {
  if (!existsSync(join(folder, '..', '..', 'sweep.json'))) return
  const trial = await import('../tasks/sweep/dataRecords.ts')
  await trial.verifyTrial(folder)
}

/** Prints a line to stderr, unless the command is quiet. */
type Say = (line: string) => unknown

interface SpecFile {
  readonly path: string
  /** The original path of the spec; paths in the spec are relative to its folder. */
  readonly file: string
  /** The text that is saved with the run: with settings or parents, the plain spec that they lead to. */
  readonly text: string
  /** The text as it is in the file. */
  readonly written: string
}

/**
 * The text that is saved with the run. With settings, for a trial, or if the spec extends others, which may change, it is the
 * plain spec that they lead to.
 *
 * @returns undefined after reporting that the plain spec is unknown.
 * @throws KnownError if the spec is abstract.
 */
function plainSpec(written: string, file: string, { set: settings, trial }: TrainOptions): string | undefined {
  const parser = new SpecParser(file, settings ?? [], nodeHost)
  const texts = { text: written, otherTexts: noOtherTexts }
  const { source } = trial === undefined ? parser.parse(texts) : parseTrial(parser, texts, trial)
  if (source.completeness === 'abstract') throw abstractSpec(file, 'trained')
  if (settings === undefined && trial === undefined && source.parents.length === 0) return written
  if (source.unknown.length > 0) {
    const { diagnostics } = checkText(written, file, { host: nodeHost, settings, trial })
    process.stderr.write(`${renderPretty(diagnostics, written, file, paletteFor(process.stderr), source.otherTexts)}\n`)
    return undefined
  }
  return printExpanded(source, false)
}

/** Checks the spec, or compares it with that of the run to resume, and trains it. */
async function trainSpec(
  files: SpecFile,
  claimed: ClaimedFolder | undefined,
  options: TrainOptions,
  say: Say,
): Promise<number> {
  const { path, file, text, written } = files
  const run = claimed?.run
  const data = options.data === undefined ? run?.resolved.data : resolve(options.data)
  const analysis = checkedSpec(path, {
    quiet: options.quiet,
    data,
    file,
    text: written,
    settings: options.set,
    trial: options.trial,
    isTrained: run !== undefined,
  })
  if (analysis === undefined) return exitCodes.problems
  const present = { text, file, spec: analysis.spec }
  const spec = run === undefined ? override(analysis.spec, options) : resumeSpec(run, present, { ...options })
  checkOverrides(spec, analysis)
  requireTrainable(path, spec)
  if (options.run !== undefined && run?.isFinished && spec.training.epochs <= run.resolved.training.epochs) {
    const { epochs } = run.resolved.training
    say(`${run.folder} contains a finished run of ${countOf(epochs, 'epoch')}. To resume it, raise --epochs.\n`)
    process.stdout.write(`saved in ${run.folder}\n`)
    return exitCodes.fine
  }
  return await trainChecked({ files, claimed, data, analysis, spec }, options, say)
}

interface CheckedSpec {
  readonly files: SpecFile
  /** The run folder, if it is known before training: that of a trial, or of the run to resume. */
  readonly claimed: ClaimedFolder | undefined
  /** The folder of the data, if it is stated. */
  readonly data: string | undefined
  readonly analysis: Analysis
  /** The spec with the options of the command line or of the resumed run. */
  readonly spec: Spec
}

async function trainChecked(checked: CheckedSpec, options: TrainOptions, say: Say): Promise<number> {
  const { files, claimed, data, analysis, spec } = checked
  const { file, text } = files
  const program = programOf({ spec, shaped: analysis.shaped })
  const { weightsFacts: _facts, ...resolvedSpec } = spec
  const { trainRun, listenForInterruption, formatLogs } = await import('../tasks/train/trainRun.ts')
  const { createTrainingProgress } = await import('./trainingProgress.ts')
  ignoreLostReaders()
  const parent = process.send && (await import('../studio/server/trainingChannel.ts')).openTrainingChannel(process)
  const interruption = listenForInterruption()
  const progress = options.quiet === true || parent ? undefined : createTrainingProgress(process.stderr)
  try {
    const outcome = await trainRun(
      program,
      {
        engine: options.backend,
        ...(data !== undefined && { data }),
        root: options.out,
        ...(claimed && { resume: claimed.folder }),
        specText: text,
        resolvedSpec: { ...resolvedSpec, file: resolve(file), ...(data !== undefined && { data }) },
        commandOf: (conditions) =>
          commandOfRun(
            { file, stated: analysis.spec, trained: spec, data, settings: options.set, trial: options.trial },
            conditions,
          ),
        signal: parent ? AbortSignal.any([interruption.signal, parent.signal]) : interruption.signal,
        ...(parent && { observer: parent.observer }),
        ...(options.stopAfter !== undefined && { stopAfter: options.stopAfter }),
        leastBytes: minBytesOf(spec, analysis.shaped),
        onEngine: (engine) => {
          parent?.reportEngine(engine)
          say(describeEngine(engine))
        },
        async onSaved({ test, digest, folder, isComplete }) {
          // Everything is saved: from now on, Ctrl-C ends the process at once.
          interruption.stop()
          if (test) parent?.reportTest(test)
          if (test) process.stdout.write(`test  ${formatLogs(test)}\n`)
          process.stdout.write(`weights sha256: ${digest}\nsaved in ${folder}\n`)
          // Loaded only now, so training starts without waiting for it.
          const { finishRun } = await import('./finishRun.ts')
          say(`report: ${await finishRun(folder)}\n`)
          if (!isComplete) say(`continue: shapewright train --resume ${quoteForShell(folder)}\n`)
        },
      },
      parent?.listener ?? progress,
    )
    return outcome.interrupted ? exitCodes.interrupted : exitCodes.fine
  } finally {
    progress?.stop()
    interruption.stop()
    parent?.close()
  }
}

export function describeEngine({ name, detail, faster }: EngineInfo): string {
  return `engine: ${name}, ${detail}${faster === undefined ? '' : ` (faster: ${faster})`}\n`
}

/** @throws KnownError if the options of the command line cause an error, such as a batch that exceeds the data or the budget. */
function checkOverrides(spec: Spec, { shaped, source, diagnostics }: Analysis): void {
  const known = new Set(diagnostics.map(({ code }) => code))
  const added = checkMeaning(spec, shaped, source).find(
    ({ code, severity }) => severity === 'error' && !known.has(code),
  )
  if (added)
    throw new KnownError(
      'usage',
      `with these options, ${added.message}`,
      added.help ?? 'change the options or the spec',
    )
}

/** The spec with the options of the command line. */
function override(spec: Spec, options: TrainOptions): Spec {
  const { epochs, batchSize, seed, threads, learningRate, name } = options
  const stated = Object.fromEntries(
    Object.entries({ epochs, batchSize, seed, threads }).filter(([, value]) => value !== undefined),
  )
  const { optimizer } = spec
  return {
    ...spec,
    ...(name !== undefined && { name }),
    training: { ...spec.training, ...stated },
    ...(optimizer &&
      learningRate !== undefined && { optimizer: { ...optimizer, options: { ...optimizer.options, learningRate } } }),
  }
}
