/** The progress of scripts: one line on a terminal, else a line now and then. */
import { afterEach, expect, it, vi } from 'vitest'
import { showProgress } from '../../src/script/progress.ts'

afterEach(() => vi.restoreAllMocks())

/** What the lines of these times, in seconds, give; the last is that of an epoch. */
function written(isTTY: boolean, seconds: readonly number[]): string {
  let text = ''
  process.stderr.isTTY = isTTY
  vi.spyOn(process.stderr, 'write').mockImplementation((part) => (text += String(part)) !== '')
  for (const [index, at] of seconds.entries()) {
    vi.spyOn(performance, 'now').mockReturnValue(at * 1000)
    showProgress(`at ${at}`, index === seconds.length - 1)
  }
  return text
}

it.each<[string, boolean, number[], string]>([
  [
    'a line in five seconds',
    false,
    [1000, 1001, 1004.9, 1005, 1009, 1010.5, 1011],
    'at 1000\nat 1005\nat 1010.5\nat 1011\n',
  ],
  ['one line on a terminal', true, [2000, 2001, 2002], '\r\u001b[Kat 2000\r\u001b[Kat 2001\r\u001b[Kat 2002\n'],
])('%s', (_, isTTY, seconds, wanted) => {
  expect(written(isTTY, seconds)).toBe(wanted)
})
