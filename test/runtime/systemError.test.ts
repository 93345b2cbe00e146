import { createWriteStream, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createFolder } from '../../src/system/createFolder.ts'
import { exitCodeOf } from '../../src/system/exitCodes.ts'
import { KnownError, isKnownError } from '../../src/system/knownError.ts'
import { asKnownError, failedInTraining } from '../../src/system/systemError.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const folder = temporaryFolder()
const at = (...names: readonly string[]) => join(folder, ...names)
writeFileSync(at('file'), 'x')
symlinkSync(at('loop'), at('loop'))

const failureOf = async (run: () => unknown): Promise<unknown> => {
  try {
    await run()
  } catch (error) {
    return error
  }
  throw new Error('it did not fail')
}

describe('asKnownError', () => {
  it.each([
    ['a missing file', () => readFile(at('no')), 'no cannot be opened: no such file or folder.'],
    ['a folder as file', () => readFile(folder), 'A file cannot be read: it is a folder.'],
    ['a file as folder', () => readdir(at('file')), 'file cannot be listed: a part of its path is a file.'],
    ['a file within a file', () => open(at('file', 'x'), 'w'), 'x cannot be opened: a part of its path is a file.'],
    ['a folder that is there', () => mkdir(folder), 'cannot be created: it already exists.'],
    ['a loop of links', () => readFile(at('loop')), 'its symbolic links form a cycle.'],
    ['a long name', () => writeFile(at('x'.repeat(300)), ''), 'the name is too long.'],
    ['a missing target', () => rename(at('file'), at('no', 'x')), 'x cannot be written: no such file or folder'],
    ['a NUL', () => readFile(`${folder}\0`), 'cannot be used: its path is not valid.'],
    [
      'a stream',
      () => new Promise((_, fail) => createWriteStream(at('no', 'x')).on('error', fail)),
      'x cannot be opened: no such file or folder.',
    ],
  ])('puts %s into words', async (_what, run, message) => {
    const known = asKnownError(await failureOf(run))
    expect(known?.message).toContain(message)
    expect(known?.help).toMatch(/^[A-Z].*\.$/)
    expect(exitCodeOf(known!)).toBe(2)
  })

  it.runIf(process.platform === 'linux')('puts a full disk and a system folder into words', async () => {
    const full = await failureOf(() => writeFile('/dev/full', 'x'))
    expect(asKnownError(full)?.message).toBe('A file cannot be written: the disk is full.')
    expect(asKnownError(await failureOf(() => createFolder('/proc/x/y')))?.message).toContain(
      '/proc/x cannot be created',
    )
  })

  it('does not know bugs', async () => {
    const bugs = [
      new TypeError('x is undefined'),
      Object.assign(new TypeError('The "path" argument must be of type string'), { code: 'ERR_INVALID_ARG_TYPE' }),
      await failureOf(() => JSON.parse('{')),
      'text',
      undefined,
    ]
    expect(bugs.map((bug) => asKnownError(bug))).toEqual(bugs.map(() => undefined))
    expect(failedInTraining(bugs[0])).toBe(bugs[0])
  })

  it('leaves a known failure as it is, and takes other help for those of the system', async () => {
    const known = new KnownError('data/unreadable', 'It is damaged.', 'Get it again.')
    expect(asKnownError(known, 'another')).toBe(known)
    expect(asKnownError(await failureOf(() => readFile(at('no'))), 'another')?.help).toBe('another')
  })
})

describe('known failures', () => {
  it('are of one kind, and exit with 3 from the first training step on', () => {
    const known = new KnownError('data/unreadable', 'It is damaged.', 'Get it again.')
    expect([known instanceof KnownError, isKnownError(known), known.code]).toEqual([true, true, 'data/unreadable'])
    expect(exitCodeOf(known)).toBe(2)
    expect(failedInTraining(known)).toBe(known)
    expect(exitCodeOf(known)).toBe(3)
  })
})
