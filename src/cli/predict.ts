/** `shapewright predict`: what the network of a saved run says of images, and of samples in .npy files. */
import type { Prediction, PredictedOutput } from '../backends/prediction/prediction.ts'
import type { EngineChoice } from '../backends/trainRun.ts'
import { lowerGraph } from '../program/lowerGraph.ts'
import { formatPercent, formatValue } from '../report/run/numbers.ts'
import { exitCodes, UsageError } from './exitCodes.ts'
import { findInputs } from './inputFiles.ts'
import { checkedNetwork, openTrainedRun, readMetadata } from './openRun.ts'
import { tellFailure } from './tellFailure.ts'
import { describeEngine } from './train.ts'

export interface PredictOptions {
  readonly backend: EngineChoice
  readonly top: number
  readonly invert?: boolean
  readonly format: 'pretty' | 'json'
  readonly quiet?: boolean
}

/** Exits with 2 where a file could not be read; the others are answered all the same. */
export async function predictCommand(
  folder: string,
  paths: readonly string[],
  options: PredictOptions,
): Promise<number> {
  const run = await openTrainedRun(folder)
  const inputs = findInputs(paths)
  const metadata = readMetadata(run)
  const analysis = checkedNetwork(run)
  if (analysis === undefined) return exitCodes.problems
  const { spec, shaped } = analysis
  if (spec.dataset?.type === 'csv') {
    throw new UsageError(
      `${folder} was trained on a csv table, and how its columns are encoded and normalized is not saved with the model`,
      '`shapewright evaluate RUN --data TABLE` judges it on other rows of such a table',
    )
  }
  const { knownFailure } = await import('../backends/trainRun.ts')
  const { predictRun } = await import('../backends/prediction/predictRun.ts')
  const { fit = 'contain' } = (spec.dataset?.options ?? {}) as { fit?: 'cover' | 'contain' | 'fill' }
  let unread = 0
  try {
    const predictions = predictRun(lowerGraph(spec, shaped), folder, {
      engine: options.backend,
      inputs,
      metadata,
      fit,
      invert: options.invert === true,
      top: options.top,
      onEngine: (engine) => options.quiet !== true && process.stderr.write(describeEngine(engine)),
    })
    for await (const prediction of predictions) {
      if ('problem' in prediction) {
        unread += 1
        process.stderr.write(`error: ${prediction.input} cannot be read: ${prediction.problem}\n`)
      } else process.stdout.write(options.format === 'json' ? `${JSON.stringify(prediction)}\n` : tell(prediction))
    }
  } catch (error) {
    return tellFailure(error, knownFailure)
  }
  return unread > 0 ? exitCodes.usage : exitCodes.fine
}

/** A line for each output: `seven.png  7 99.8%  1 0.1%`. */
function tell({ input, row, outputs }: Prediction): string {
  const place = row === undefined ? input : `${input}:${row}`
  const lines = outputs.map((output) => {
    const name = outputs.length > 1 ? `  ${output.output}:` : ''
    return `${place}${name}  ${tellOutput(output)}\n`
  })
  return lines.join('')
}

function tellOutput(output: PredictedOutput): string {
  if ('values' in output) return output.values.map(formatValue).join('  ')
  const confidence = (value: number) => (output.isProbability ? formatPercent(value, 1) : formatValue(value))
  return output.top.map((one) => `${one.name} ${confidence(one.confidence)}`).join('  ')
}
