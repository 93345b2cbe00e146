/** Implements `shapewright evaluate`: evaluates a saved run on the test samples of its dataset. */
import { KnownError } from '../system/knownError.ts'
import { programOf } from '../compile.ts'
import { listWorstSamples, reportScoresJson } from '../report/run/evaluationOutput.ts'
import type { evaluate } from './commands/evaluate.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { checkedRunSpec, openRun, openTrainedRun } from './openRun.ts'
import { describeEngine } from './train.ts'

type EvaluateOptions = OptionsOf<typeof evaluate>

export async function evaluateCommand(run: string, options: EvaluateOptions): Promise<number> {
  const { checkpoint } = options
  const record = await (checkpoint === undefined ? openTrainedRun(run) : openRun(run, 'network'))
  const data = options.data ?? record.resolved?.data
  const analysis = checkedRunSpec(record, data)
  if (analysis === undefined) return exitCodes.problems
  const { evaluateRun, formatLogs, nothingToTest } = await import('../tasks/train/trainRun.ts')
  const evaluation = await evaluateRun(programOf(analysis), run, {
    engine: options.backend,
    withPictures: false,
    ...(data !== undefined && { data }),
    ...(checkpoint !== undefined && { checkpoint }),
    onEngine: (engine) => process.stderr.write(describeEngine(engine)),
  })
  if (evaluation === undefined)
    throw new KnownError('data/unreadable', nothingToTest, 'To hold some out, set `testSplit: 0.2` in the dataset.')
  const { logs, inspection } = evaluation
  const text =
    options.format === 'json'
      ? JSON.stringify(reportScoresJson(logs, inspection))
      : [`test  ${formatLogs(logs)}`, ...listWorstSamples(inspection)].join('\n')
  process.stdout.write(`${text}\n`)
  return exitCodes.fine
}
