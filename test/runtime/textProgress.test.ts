import { describe, expect, it } from 'vitest'
import { formatDuration, formatLogs, textProgress } from '../../src/runtime/training/textProgress.ts'

describe('formatting', () => {
  it.each([
    [0, '0:00'],
    [12.4, '0:12'],
    [59.6, '1:00'],
    [754, '12:34'],
    [3723, '1:02:03'],
  ])('shows %d s as %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

  it.each([
    [{ loss: 0.43211, accuracy: 0.8765 }, 'loss: 0.4321  accuracy: 0.8765'],
    [{ loss: 0 }, 'loss: 0.0000'],
    [{ loss: 1.5e-7 }, 'loss: 1.5000e-7'],
    [{ loss: 123456 }, 'loss: 1.2346e+5'],
  ])('shows %j', (logs, text) => expect(formatLogs(logs)).toBe(text))
})

function show(isTTY: boolean): string {
  let text = ''
  const listener = textProgress({ isTTY, columns: 60, write: (more) => void (text += more) })
  listener.onTrainBegin?.({
    name: 'mnist-cnn',
    parameters: 50186,
    samples: 48000,
    validationSamples: 12000,
    epochs: 5,
    steps: 1500,
    threads: 1,
    batchSize: 32,
    form: 'one TensorFlow graph',
  })
  listener.onEpochBegin?.(1, 5)
  listener.onProgress?.(512, 1500, { loss: 0.4321, accuracy: 0.8765 }, 1234, 12)
  void listener.onEpochEnd?.(1, { epoch: 1, loss: 0.3, seconds: 38, imagesPerSecond: 1250, val_loss: 0.2 })
  listener.onTrainEnd?.([], true)
  return text
}

describe('textProgress', () => {
  it('adds lines to a file, and no control characters', () => {
    expect(show(false)).toBe(
      `mnist-cnn: 50,186 parameters, training on 48,000 samples, validating on 12,000; step: one TensorFlow graph
Epoch 1/5
  loss: 0.3000  val_loss: 0.2000  1,250 samples/s  0:38
Interrupted.
`,
    )
  })

  it('rewrites one line of a terminal, cut to its width', () => {
    expect(show(true)).toContain(
      'Epoch 1/5\n\r\u001b[K   512/1500  loss: 0.4321  accuracy: 0.8765  1,234 samples/\r\u001b[K  loss: 0.3000',
    )
  })
})
