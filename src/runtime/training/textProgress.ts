/** Prints the progress of training as text. */
import { countOf, formatCount } from '../../diagnostics/formatCount.ts'
import { escapeInLine } from '../../system/controlCharacters.ts'
import { type Logs } from './runningLogs.ts'
import { type EpochLogs, type TrainingListener } from './trainingListener.ts'

/** A destination of lines: `process.stderr`, or anything that accepts text. */
export interface TextStream {
  /** Whether a line can be overwritten. */
  readonly isTTY?: boolean
  /** The width of a line in characters, if known. */
  readonly columns?: number
  write(text: string): unknown
}

/**
 * Shows training as lines of text in the manner of Keras. On a terminal one line is rewritten in place; elsewhere a
 * line is added every five seconds.
 */
export function textProgress(stream: TextStream): TrainingListener {
  const inPlace = stream.isTTY === true
  let shown = 0
  const eraseLine = () => (inPlace ? stream.write('\r\u001b[K') : undefined)
  return {
    onTrainBegin(plan) {
      const held = plan.validationSamples > 0 ? `, validating on ${formatCount(plan.validationSamples)}` : ''
      const together = plan.threads > 1 ? ` in ${plan.threads} threads` : ''
      const form = plan.form === undefined ? '' : `; step: ${plan.form}`
      stream.write(
        `${escapeInLine(plan.name)}: ${countOf(plan.parameters, 'parameter')}, training on ${countOf(plan.samples, 'sample')}${together}${held}${form}\n`,
      )
    },
    onEpochBegin(epoch, epochs) {
      stream.write(`Epoch ${epoch}/${epochs}\n`)
      shown = performance.now()
    },
    onProgress(step, steps, logs, imagesPerSecond, secondsLeft) {
      const line = `${formatStep(step, steps)}  ${formatLogs(logs)}  ${formatCount(Math.round(imagesPerSecond))} samples/s  ${formatDuration(secondsLeft)} left`
      if (inPlace) {
        eraseLine()
        stream.write(line.slice(0, (stream.columns ?? 120) - 1))
      } else if (step < steps && performance.now() - shown >= 5000) {
        shown = performance.now()
        stream.write(`${line}\n`)
      }
    },
    onEpochEnd(_epoch, logs) {
      const { seconds, imagesPerSecond } = logs
      const line = `  ${formatLogs(omitTimes(logs))}  ${formatCount(Math.round(imagesPerSecond))} samples/s  ${formatDuration(seconds)}`
      eraseLine()
      stream.write(`${line}\n`)
    },
    onNote(text) {
      eraseLine()
      stream.write(`${text}\n`)
    },
    onTrainEnd(_history, interrupted) {
      if (interrupted) stream.write(`${inPlace ? '\n' : ''}Interrupted.\n`)
    },
  }
}

/** `loss: 0.4321  accuracy: 0.8765`; very small and very large values in scientific notation. */
export function formatLogs(logs: Logs): string {
  return Object.entries(logs)
    .map(([name, value]) => {
      const size = Math.abs(value)
      const plain = size === 0 || (size >= 0.001 && size < 10000)
      return `${name}: ${plain ? value.toFixed(4) : value.toExponential(4)}`
    })
    .join('  ')
}

/** Seconds as `0:12`, `12:34` or `1:02:03`. */
export function formatDuration(seconds: number): string {
  const whole = Math.round(seconds)
  const parts = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  const shownParts = parts[0] === 0 ? parts.slice(1) : parts
  return shownParts.map((part, index) => (index === 0 ? `${part}` : `${part}`.padStart(2, '0'))).join(':')
}

function formatStep(step: number, steps: number): string {
  return `  ${`${step}`.padStart(`${steps}`.length)}/${steps}`
}

function omitTimes(logs: EpochLogs): Logs {
  const shownLogs = Object.entries(logs).filter(([name]) => !['epoch', 'seconds', 'imagesPerSecond'].includes(name))
  return Object.fromEntries(shownLogs)
}
