/** When texts are coloured. */
import { afterEach, expect, it, vi } from 'vitest'
import { paletteFor } from '../../src/cli/palette.ts'

afterEach(() => vi.unstubAllEnvs())

it.each<[environment: Readonly<Record<string, string>>, onTerminal: boolean, elsewhere: boolean]>([
  [{}, true, false],
  [{ NO_COLOR: '1' }, false, false],
  [{ NO_COLOR: '' }, true, false],
  [{ FORCE_COLOR: '1' }, true, true],
  [{ FORCE_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '0' }, false, false],
  [{ FORCE_COLOR: 'false' }, false, false],
  [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false, false],
  [{ TERM: 'dumb' }, false, false],
])('%o', (environment, onTerminal, elsewhere) => {
  for (const name of ['NO_COLOR', 'FORCE_COLOR', 'TERM']) vi.stubEnv(name, environment[name])
  const isColoured = (isTTY: boolean) => paletteFor({ isTTY }).bold('x') !== 'x'
  expect([isColoured(true), isColoured(false)]).toEqual([onTerminal, elsewhere])
})
