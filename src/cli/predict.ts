/** Implements `shapewright predict`: predicts images, table rows and samples in .npy files with a saved run. */
import { KnownError } from '../system/knownError.ts'
import { lookUp } from '../language/schema.ts'
import { datasetTable } from '../parts/datasets/table.ts'
import type { Prediction, PredictedOutput } from '../tasks/predict/prediction.ts'
import { programOf } from '../compile.ts'
import { formatPercent, formatValue } from '../report/run/numbers.ts'
import { escapeInLine } from '../system/controlCharacters.ts'
import type { predict } from './commands/predict.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { findInputs } from './inputFiles.ts'
import { checkedNetwork, openTrainedRun, readMetadata } from './openRun.ts'
import { describeEngine } from './train.ts'

type PredictOptions = OptionsOf<typeof predict>

/** Exits with 2 if a file could not be read; the other files are still predicted. */
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
  const { spec } = analysis
  const { table: encoding } = metadata.preprocessing
  const dataset = spec.dataset && lookUp(datasetTable, spec.dataset.type)
  if (dataset?.isTable === true && encoding === undefined) {
    throw new KnownError(
      'usage',
      `${folder} does not contain the encoding of its table columns, because an older version saved it`,
      'train it again',
    )
  }
  const { networkOf, predictRun } = await import('../tasks/predict/predictRun.ts')
  const { fit = 'contain', ...form } = dataset?.newSamples?.(spec.dataset?.options ?? {}) ?? {}
  let unread = 0
  const predictions = predictRun(networkOf(programOf(analysis)), folder, {
    engine: options.backend,
    inputs,
    metadata,
    fit,
    invert: options.invert === true,
    ...(encoding && { table: { encoding, ...form } }),
    top: options.top,
    ...(options.checkpoint !== undefined && { checkpoint: options.checkpoint }),
    onEngine: (engine) => options.quiet !== true && process.stderr.write(describeEngine(engine)),
  })
  for await (const prediction of predictions) {
    if ('problem' in prediction) {
      unread += 1
      process.stderr.write(`error: ${placeOf(prediction)} cannot be read: ${escapeInLine(prediction.problem)}\n`)
    } else
      process.stdout.write(options.format === 'json' ? `${JSON.stringify(prediction)}\n` : formatPrediction(prediction))
  }
  return unread > 0 ? exitCodes.usage : exitCodes.fine
}

/** A line for each output: `seven.png  7 99.8%  1 0.1%`. */
function formatPrediction(prediction: Prediction): string {
  const { outputs } = prediction
  const place = placeOf(prediction)
  const lines = outputs.map((output) => {
    const name = outputs.length > 1 ? `  ${escapeInLine(output.output)}:` : ''
    return `${place}${name}  ${formatOutput(output)}\n`
  })
  return lines.join('')
}

function placeOf({ input, row }: { readonly input: string; readonly row?: number }): string {
  const name = escapeInLine(input)
  return row === undefined ? name : `${name}:${row}`
}

function formatOutput(output: PredictedOutput): string {
  if ('values' in output) return output.values.map(formatValue).join('  ')
  const confidence = (value: number) => (output.isProbability ? formatPercent(value, 1) : formatValue(value))
  return output.top.map((one) => `${escapeInLine(one.name)} ${confidence(one.confidence)}`).join('  ')
}
