/** `shapewright train`: from a spec to a saved run. */
import { resolve } from 'node:path'
import type { Analysis } from '../compile.ts'
import { checkMeaning } from '../graph/meaning/checkMeaning.ts'
import { missingForTraining, lowerGraph } from '../program/lowerGraph.ts'
import type { EngineChoice, EngineInfo } from '../backends/trainRun.ts'
import type { Spec } from '../spec/spec.ts'
import { checkedSpec } from './checkedSpec.ts'
import { exitCodes, UsageError } from './exitCodes.ts'
import { dataOfRun, findRun, readResumeOption, resumeSpec, type ResumeOption } from './resume.ts'
import { readSpecFile } from './specFiles.ts'

export interface TrainOptions {
  readonly backend: EngineChoice
  readonly epochs?: number
  readonly batchSize?: number
  readonly learningRate?: number
  readonly seed?: number
  readonly threads?: number | 'auto'
  readonly data?: string
  readonly out: string
  /** The run to go on with; `true` for the newest of the spec. */
  readonly resume?: ResumeOption
  readonly quiet?: boolean
}

export async function trainCommand(given: string | undefined, options: TrainOptions): Promise<number> {
  const { spec: path, file = path, resume } = readResumeOption(given, options.resume)
  const text = readSpecFile(path)
  const run = resume === undefined ? undefined : findRun(resume, text, file, options.out)
  const data = options.data === undefined ? run && dataOfRun(run) : resolve(options.data)
  const analysis = checkedSpec(path, { quiet: options.quiet, data, file, text })
  if (analysis === undefined) return exitCodes.problems
  const present = { text, file, spec: analysis.spec }
  const spec = run === undefined ? override(analysis.spec, options) : resumeSpec(run, present, { ...options })
  checkOverrides(spec, analysis)
  const missing = missingForTraining(spec)
  if (missing.length > 0) {
    const examples = { dataset: 'dataset: mnist', optimizer: 'optimizer: sgd', loss: 'loss: categoricalCrossentropy' }
    const lines = missing.map((key) => `\`${examples[key as keyof typeof examples]}\``)
    throw new UsageError(
      `${path} says nothing of ${missing.join(' and ')}, which training needs`,
      `add ${lines.join(' and ')}`,
    )
  }
  const program = lowerGraph(spec, analysis.shaped)
  const { trainRun, listenForInterruption } = await import('../backends/trainRun.ts')
  const { createTrainingProgress } = await import('./trainingProgress.ts')
  const say = (line: string) => (options.quiet === true ? undefined : process.stderr.write(line))
  const interruption = listenForInterruption()
  try {
    const outcome = await trainRun(
      program,
      {
        engine: options.backend,
        ...(data !== undefined && { data }),
        root: options.out,
        ...(run !== undefined && { resume: run }),
        specText: text,
        resolvedSpec: { ...spec, file: resolve(file), ...(data !== undefined && { data }) },
        signal: interruption.signal,
        onEngine: (engine) => say(describeEngine(engine)),
      },
      options.quiet === true ? {} : createTrainingProgress(process.stderr),
    )
    // All is saved: from now on, Ctrl-C ends the process at once.
    interruption.stop()
    const { formatLogs } = await import('../backends/trainRun.ts')
    if (outcome.test) process.stdout.write(`test  ${formatLogs(outcome.test)}\n`)
    process.stdout.write(`weights sha256: ${outcome.digest}\nsaved in ${outcome.folder}\n`)
    // Loaded now, so that training did not wait for it.
    const { finishRun } = await import('./finishRun.ts')
    say(`report: ${await finishRun(outcome.folder, program, text)}\n`)
    return outcome.interrupted ? exitCodes.interrupted : exitCodes.fine
  } finally {
    interruption.stop()
  }
}

export function describeEngine({ name, detail, faster }: EngineInfo): string {
  return `engine: ${name}, ${detail}${faster === undefined ? '' : ` (faster: ${faster})`}\n`
}

/** What the command line changes may be wrong where the spec is right: a batch beyond the data, or beyond the budget. */
function checkOverrides(spec: Spec, { shaped, source, diagnostics }: Analysis): void {
  const known = new Set(diagnostics.map(({ code }) => code))
  const added = checkMeaning(spec, shaped, source).find(
    ({ code, severity }) => severity === 'error' && !known.has(code),
  )
  if (added)
    throw new UsageError(`with these options, ${added.message}`, added.help ?? 'change the options, or the spec')
}

/** The spec with what the command line changes of it. */
function override(spec: Spec, options: TrainOptions): Spec {
  const { epochs, batchSize, seed, threads, learningRate } = options
  const stated = Object.fromEntries(
    Object.entries({ epochs, batchSize, seed, threads }).filter(([, value]) => value !== undefined),
  )
  const { optimizer } = spec
  return {
    ...spec,
    training: { ...spec.training, ...stated },
    ...(optimizer &&
      learningRate !== undefined && { optimizer: { ...optimizer, options: { ...optimizer.options, learningRate } } }),
  }
}
