/** The progress bar of training, on terminals of several widths. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { createTrainingProgress } from '../../src/cli/trainingProgress.ts'

beforeEach(() => vi.stubEnv('TERM', 'xterm'))
afterEach(() => vi.unstubAllEnvs())

/** What is written during a part of an epoch, as by a process that is killed then. */
function show(columns: number, isTTY = true) {
  const chunks: string[] = []
  const write = (chunk: string) => chunks.push(chunk)
  const progress = createTrainingProgress({ isTTY, columns, write } as unknown as NodeJS.WriteStream)
  progress.onEpochBegin?.(1, 2)
  for (const step of [1, 20]) progress.onProgress?.(step, 1875, { loss: 0.5, accuracy: 0.25 }, 5000, 61)
  return { chunks, text: chunks.join(''), stop: () => progress.stop() }
}

it.each([
  [40, /^1\/1875 ╌{6} /],
  [80, /^1\/1875 ╌{10} loss: 0\.5000 {2}accuracy: 0\.2500 {2}5,000 samples\/s {2}1:01 left$/],
  [200, /^1\/1875 ╌{24} loss: 0\.5000 .* left$/],
])('fits into %i columns', (columns, line) => {
  const texts = show(columns).chunks.filter((chunk) => !chunk.startsWith('\u001b') && chunk.includes('╌'))
  expect(Math.max(...texts.map(({ length }) => length))).toBeLessThanOrEqual(columns)
  expect(texts.at(-1)).toMatch(line)
})

it('neither hides the cursor nor changes the terminal in another way that a killed process would leave', () => {
  expect(show(80).text).not.toMatch(/\[\?\d+[hl]/)
})

it.each([
  ['elsewhere', 'xterm', false],
  ['on a terminal without control sequences', 'dumb', true],
])('is plain lines %s', (_where, terminal, isTTY) => {
  vi.stubEnv('TERM', terminal)
  expect(show(80, isTTY).text).toBe('Epoch 1/2\n')
})

it('does not keep the process running once it is stopped, as after a failure within an epoch', () => {
  vi.useFakeTimers()
  const { stop } = show(80)
  expect(vi.getTimerCount()).toBe(1)
  stop()
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})
