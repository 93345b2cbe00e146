import { appendMetrics, writeMetrics } from '../runs/runFolder.ts'
import { type Callback } from './callback.ts'

/**
 * Keeps `metrics.jsonl` in the run folder. A resumed run begins with the lines of the epochs before its checkpoint: the
 * epochs after it are trained, and written, again.
 */
export function metricsFile(): Callback {
  return {
    name: 'metricsFile',
    async onTrainBegin({ folder, history }) {
      if (folder !== undefined) await writeMetrics(folder, history)
    },
    async onEpochEnd(logs, { folder }) {
      if (folder !== undefined) await appendMetrics(folder, logs)
    },
  }
}
