/** Shows the progress of training: a bar for each epoch on a terminal, otherwise plain lines. */
import { SingleBar } from 'cli-progress'
import {
  formatCount,
  formatDuration,
  formatLogs,
  textProgress,
  type TrainingListener,
} from '../tasks/train/trainRun.ts'

export function createTrainingProgress(stream: NodeJS.WriteStream): TrainingListener {
  const lines = textProgress(stream)
  if (stream.isTTY !== true) return lines
  let bar: SingleBar | undefined
  const stop = () => {
    bar?.stop()
    bar = undefined
  }
  return {
    ...lines,
    onProgress(step, steps, logs, imagesPerSecond, secondsLeft) {
      if (bar === undefined) {
        const format = '{value}/{total} {bar} {logs}  {rate} samples/s  {left} left'
        bar = new SingleBar({
          format,
          stream,
          barsize: 24,
          hideCursor: true,
          clearOnComplete: true,
          barCompleteChar: '━',
          barIncompleteChar: '╌',
        })
        bar.start(steps, step, { logs: '', rate: '', left: '' })
      }
      bar.update(step, {
        logs: formatLogs(logs),
        rate: formatCount(imagesPerSecond),
        left: formatDuration(secondsLeft),
      })
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
