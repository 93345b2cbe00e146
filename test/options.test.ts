/** The arguments of development programs: what is given, and what is read or refused. */
import { describe, expect, it } from 'vitest'
import { parseOptions } from '../scripts/options.ts'

const options = {
  specs: { kind: 'number', default: 300, help: '' },
  seed: { kind: 'number', help: '' },
  only: { kind: 'text', choices: ['configs', 'package'], help: '' },
  write: { kind: 'flag', help: '' },
} as const

const byDefault = { specs: 300, seed: undefined, only: undefined, write: false }

const cases: readonly { readonly given: string; readonly want: unknown }[] = [
  { given: '', want: byDefault },
  { given: '--specs 20 --seed=0 --write', want: { ...byDefault, specs: 20, seed: 0, write: true } },
  { given: '--only package', want: { ...byDefault, only: 'package' } },
  { given: '--specs many', want: "--specs must be a number, not 'many'." },
  { given: '--specs=', want: "--specs must be a number, not ''." },
  { given: '--only all', want: "--only must be one of configs, package, not 'all'." },
  { given: '--spec 20', want: expect.stringMatching(/^Unknown option '--spec'/) },
  { given: '--write=yes', want: expect.stringMatching(/does not take an argument/) },
]

describe('parseOptions', () => {
  it.each(cases)('reads "$given"', ({ given, want }) => {
    expect(read(given.split(' ').filter(Boolean))).toEqual(want)
  })
})

/** Returns the values, or the message of the error. */
function read(args: readonly string[]): unknown {
  try {
    return parseOptions(options, args).values
  } catch (error) {
    return (error as Error).message
  }
}
