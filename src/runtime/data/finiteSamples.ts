/** Refuses samples with NaN or infinite values before the first step. */
import { KnownError } from '../../system/knownError.ts'
import { type DatasetSplits, type Samples } from './samples.ts'
import { isStreamed } from './sampleStream.ts'

/**
 * Returns the same data if every number is finite: a single NaN or infinite one makes every weight NaN. Images that are
 * decoded on demand are bytes and need no check.
 *
 * @throws KnownError with the file, the position and the value of the first that is not finite.
 */
export function requireFinite(data: DatasetSplits): DatasetSplits {
  for (const samples of [data.train, data.validation, data.test]) if (samples) requireFiniteSamples(samples)
  return data
}

function requireFiniteSamples(samples: Samples): void {
  const { inputs, labels, count } = samples
  for (let sample = 0; sample < count; sample++) {
    if (!Number.isFinite(labels[sample]!)) throw notFinite(samples, sample, -1, labels[sample]!)
  }
  if (inputs instanceof Uint8Array) return
  if (!isStreamed(inputs)) {
    const place = inputs.findIndex((value) => !Number.isFinite(value))
    const size = inputs.length / count
    if (place >= 0) throw notFinite(samples, Math.floor(place / size), place % size, inputs[place]!)
    return
  }
  if (inputs.everySample === undefined) return
  for (let sample = 0; sample < count; sample++) {
    const values = inputs.sample(sample)
    const place = values.findIndex((value) => !Number.isFinite(value))
    if (place >= 0) throw notFinite(samples, sample, place, values[place]!)
  }
}

function notFinite(
  { origin, inputNames, sampleShape }: Samples,
  sample: number,
  place: number,
  value: number,
): KnownError {
  const { file = 'the dataset', line, number = sample, written } = origin?.(sample) ?? {}
  const text = written?.get(place)
  const where = line === undefined ? `${file}, sample ${number}` : `${file}, line ${line}`
  const what =
    place < 0 ? 'the label' : inputNames ? `\`${inputNames[place]}\`` : `value ${placeInSample(place, sampleShape)}`
  return new KnownError(
    'data/not-finite',
    `${where}: ${what} is ${text ?? value}, ${text === undefined ? 'which is not a finite number' : 'which exceeds the range of float32, 3.4e38'}.`,
    'Fix the value or remove the sample; `check --data` lists all such values.',
  )
}

/** Formats an index into a sample by axes: `[3, 0, 1]`. */
function placeInSample(place: number, shape: readonly number[]): string {
  let rest = place
  const places = shape.toReversed().map((length) => {
    const along = rest % length
    rest = Math.floor(rest / length)
    return along
  })
  return places.length === 1 ? String(place) : `[${places.toReversed().join(', ')}]`
}
