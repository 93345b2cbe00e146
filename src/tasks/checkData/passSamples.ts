/** Passes the samples of all splits to checks. Streamed samples take no more memory than in training. */
import type { Values } from '../../script/samples.ts'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { isKnownError } from '../../system/knownError.ts'
import { formatCount } from '../../diagnostics/formatCount.ts'
import { isStreamed, type SampleStream } from '../../runtime/data/sampleStream.ts'
import { sequentialIndices } from '../../script/random.ts'
import { Places, placeOf, type DataFinding, type SampleCheck, type Split } from './finding.ts'

export interface PassOptions {
  readonly signal?: AbortSignal | undefined
  /** Called every 50 ms or so with the number of samples that were read. */
  onProgress?(done: number, total: number): void
}

/**
 * Gives each sample to each check.
 *
 * @returns The samples that could not be read, and the findings of the checks.
 * @throws The reason of the signal if it is aborted.
 */
export async function passSamples(
  splits: readonly Split[],
  checks: readonly SampleCheck[],
  { signal, onProgress }: PassOptions,
): Promise<DataFinding[]> {
  const total = splits.reduce((sum, { samples }) => sum + samples.count, 0)
  const unreadable = new Places()
  let [done, pausedAt] = [0, performance.now()]
  for (const split of splits) {
    const { inputs, count } = split.samples
    const order = sequentialIndices(count)
    for (let sample = 0; sample < count; sample++) {
      const values = isStreamed(inputs)
        ? await readStreamed(inputs, split, order, sample, unreadable)
        : inputs.subarray((sample * inputs.length) / count, ((sample + 1) * inputs.length) / count)
      if (values !== undefined) for (const check of checks) check.take(split, sample, values)
      done++
      if (performance.now() - pausedAt < longestTurn) continue
      // Signals are only delivered between turns of the event loop.
      await nextTurn()
      signal?.throwIfAborted()
      onProgress?.(done, total)
      pausedAt = performance.now()
    }
    if (isStreamed(inputs)) inputs.release()
  }
  onProgress?.(total, total)
  const found = checks.flatMap((check) => check.findings())
  return unreadable.count === 0 ? found : [unreadableSamples(unreadable, total), ...found]
}

/** The longest time without a pause, in milliseconds. */
const longestTurn = 50

/** Reads one sample of a stream; returns undefined if it cannot be read. */
async function readStreamed(
  stream: SampleStream,
  split: Split,
  order: Int32Array,
  sample: number,
  unreadable: Places,
): Promise<Values | undefined> {
  try {
    await stream.prepare(order, sample, sample + 1)
    return stream.sample(sample)
  } catch (error) {
    if (!isKnownError(error, 'data')) throw error
    unreadable.add(() => placeOf(split, sample, withoutFile(error.message, split.samples.origin?.(sample).file)))
    return undefined
  }
}

function withoutFile(message: string, file: string | undefined): string {
  const sentence = message.replace(/\.$/, '')
  return file !== undefined && sentence.startsWith(`${file} `) ? sentence.slice(file.length + 1) : sentence
}

function unreadableSamples({ count, evidence }: Places, total: number): DataFinding {
  return {
    code: 'data/unreadable',
    message: `${formatCount(count)} of ${formatCount(total)} samples cannot be read, which would stop the training`,
    help: `fix or remove ${count === 1 ? 'it' : 'them'}`,
    evidence,
  }
}
