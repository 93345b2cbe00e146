/** The arguments of development programs: what is given, and what is read or refused. */
import { describe, expect, it } from 'vitest'
import { createParser } from '../scripts/options.ts'

const options = {
  specs: { kind: 'number', value: 'N', default: 300, help: '' },
  seed: { kind: 'number', help: '' },
  only: { kind: 'text', choices: ['configs', 'package'], help: '' },
  write: { kind: 'flag', help: '' },
} as const

const cases: readonly { readonly given: string; readonly want: unknown }[] = [
  { given: '', want: { specs: 300 } },
  { given: '--specs 20 --seed=0 --write', want: { specs: 20, seed: 0, write: true } },
  { given: '--only package', want: { specs: 300, only: 'package' } },
  {
    given: '--specs many',
    want: expect.stringMatching(/'--specs <N>' argument 'many' is invalid. It must be a number/),
  },
  { given: '--specs=', want: expect.stringMatching(/'--specs <N>' argument '' is invalid/) },
  { given: '--only all', want: expect.stringMatching(/'all' is invalid. Allowed choices are configs, package/) },
  { given: '--spec 20', want: expect.stringMatching(/unknown option '--spec'/) },
  { given: '--write=yes', want: expect.stringMatching(/unknown option '--write=yes'/) },
]

describe('createParser', () => {
  it.each(cases)('reads "$given"', ({ given, want }) => {
    expect(read(given.split(' ').filter(Boolean))).toEqual(want)
  })
})

/** Returns the values, or the message of the error. */
function read(args: readonly string[]): unknown {
  const parser = createParser({ command: 'parity', about: '', options }).exitOverride()
  parser.configureOutput({ writeErr: () => undefined })
  try {
    return parser.parse(args, { from: 'user' }).opts()
  } catch (error) {
    return (error as Error).message
  }
}
