import { appendMetrics, writeMetrics } from '../runs/runFolder.ts'
import { type Callback } from './callback.ts'

/**
 * Keeps `metrics.jsonl` in the run's folder. A run that goes on from a checkpoint begins with the lines of the epochs before
 * it: what was written after the checkpoint is trained, and written, once more.
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
