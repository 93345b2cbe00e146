/** Reads the epochs of a run from its `metrics.jsonl`. */
import { parseRecordLines } from '../../system/parseRecord.ts'

/** A line of `metrics.jsonl`: `epoch`, `loss`, the metrics, the same of the validation prefixed with `val_`, and `seconds`. */
export type EpochRecord = Readonly<Record<string, number>>

/** Parses one epoch per line. The last line of an epoch counts, since a resumed run may repeat it. Incomplete lines are skipped. */
export function parseHistory(text: string): EpochRecord[] {
  const records = parseRecordLines<EpochRecord>(text, { epoch: 'number' })
  const epochs = new Map(records.map((record) => [record['epoch']!, record]))
  return [...epochs.values()].toSorted((a, b) => a['epoch']! - b['epoch']!)
}
