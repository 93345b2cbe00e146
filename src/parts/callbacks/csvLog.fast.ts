import { type CsvLogOptions } from './csvLog.run.ts'
import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileWhole } from '../../runtime/runs/writeWhole.ts'
import { writeRunFile } from '../../runtime/runs/runFileError.ts'
import { type EpochLogs } from '../../runtime/training/trainingListener.ts'
import { type Callback } from '../../runtime/training/callback.ts'

/**
 * Writes the logs of each epoch to `metrics.csv` in the run folder, with a header of their names, as Keras's CSVLogger does.
 * A resumed run first writes the lines of the earlier epochs.
 */
export function csvLog({ separator = ',' }: CsvLogOptions = {}): Callback {
  const line = (cells: readonly (string | number)[]) => `${cells.join(separator)}\n`
  const row = (logs: EpochLogs) => line(Object.values(logs))
  const header = (logs: EpochLogs) => line(Object.keys(logs))
  const pathIn = (folder: string) => join(folder, 'metrics.csv')
  return {
    name: 'csvLog',
    async onTrainBegin({ folder, history }) {
      if (folder === undefined) return
      const path = pathIn(folder)
      const [first] = history
      const lines = first ? [header(first), ...history.map(row)] : []
      await writeRunFile(path, () => writeFileWhole(path, lines))
    },
    async onEpochEnd(logs, { folder, history }) {
      if (folder === undefined) return
      const path = pathIn(folder)
      const text = history.length === 1 ? header(logs) + row(logs) : row(logs)
      await writeRunFile(path, () => appendFile(path, text))
    },
  }
}
