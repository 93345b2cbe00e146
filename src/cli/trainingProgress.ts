/** Shows the progress of training: a bar for each epoch on a terminal, otherwise plain lines. */
import type { SingleBar } from 'cli-progress'
import { formatCount } from '../diagnostics/formatCount.ts'
import { formatDuration, formatLogs, textProgress, type TrainingListener } from '../tasks/train/trainRun.ts'
import { createBar } from './progressBar.ts'
import { canRewriteLines } from './terminal.ts'

export interface TrainingProgress extends TrainingListener {
  /** Removes the bar, which keeps the process running, after training has failed. */
  stop(): void
}

export function createTrainingProgress(stream: NodeJS.WriteStream): TrainingProgress {
  if (!canRewriteLines(stream))
    return { ...textProgress({ write: (text) => stream.write(text) }), stop: () => undefined }
  const lines = textProgress(stream)
  let bar: SingleBar | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    ...lines,
    stop,
    onProgress(step, steps, logs, imagesPerSecond, secondsLeft) {
      const values = {
        logs: formatLogs(logs),
        rate: formatCount(Math.round(imagesPerSecond)),
        left: formatDuration(secondsLeft),
      }
      if (bar === undefined) {
        bar = createBar(stream, '{value}/{total} {bar} {logs}  {rate} samples/s  {left} left')
        bar.start(steps, step, values)
      } else bar.update(step, values)
    },
    onEpochEnd(epoch, logs) {
      stop()
      return lines.onEpochEnd?.(epoch, logs)
    },
    onNote(text) {
      stop()
      lines.onNote?.(text)
    },
    onTrainEnd(history, interrupted) {
      stop()
      lines.onTrainEnd?.(history, interrupted)
    },
  }
}
