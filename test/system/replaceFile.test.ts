import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { KnownError } from '../../src/system/knownError.ts'
import { replaceFile, writeBeside } from '../../src/system/replaceFile.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

let folder = ''
const at = (...names: readonly string[]) => join(folder, ...names)
const read = (...names: readonly string[]) => readFileSync(at(...names), 'utf8')
const failureOf = (path: string): unknown => {
  try {
    replaceFile(path, ['new'])
  } catch (error) {
    return error
  }
  return undefined
}

beforeEach(() => {
  folder = temporaryFolder()
  writeFileSync(at('file'), 'old')
})

describe('replaceFile', () => {
  it('writes pieces, with nothing left beside', () => {
    replaceFile(at('file'), ['ne', Buffer.from('w')])
    replaceFile(at('other'), ['x'])
    expect([read('file'), read('other'), readdirSync(folder).toSorted()]).toEqual(['new', 'x', ['file', 'other']])
  })

  it('keeps symbolic links, over several and relative ones, and where they lead nowhere yet', () => {
    mkdirSync(at('links'))
    symlinkSync('../file', at('links', 'relative'))
    symlinkSync(at('links', 'relative'), at('second'))
    symlinkSync('later', at('dangling'))
    replaceFile(at('second'), ['new'])
    replaceFile(at('dangling'), ['new'])
    expect([read('file'), read('later'), readlinkSync(at('second')), readlinkSync(at('links', 'relative'))]).toEqual([
      'new',
      'new',
      at('links', 'relative'),
      '../file',
    ])
    expect(lstatSync(at('dangling')).isSymbolicLink()).toBe(true)
  })

  it.each([0o600, 0o640, 0o755, 0o664])('keeps the mode %o', (mode) => {
    chmodSync(at('file'), mode)
    replaceFile(at('file'), ['new'])
    expect([statSync(at('file')).mode & 0o7777, read('file')]).toEqual([mode, 'new'])
  })

  it.runIf(process.getuid?.() === 0)('keeps the owner', async () => {
    const { chownSync } = await import('node:fs')
    chownSync(at('file'), 1234, 1235)
    replaceFile(at('file'), ['new'])
    expect(statSync(at('file'))).toMatchObject({ uid: 1234, gid: 1235 })
  })

  it('gives the other names of a file the new content, which writeBeside does not unless asked', () => {
    linkSync(at('file'), at('twin'))
    replaceFile(at('file'), ['now longer than before'])
    expect([read('twin'), statSync(at('twin')).ino === statSync(at('file')).ino]).toEqual([
      'now longer than before',
      true,
    ])
    writeBeside(at('file'), ['short']).place()
    expect([read('file'), read('twin'), readdirSync(folder).length]).toEqual(['short', 'now longer than before', 2])
  })

  it('takes the longest name that the system takes', () => {
    replaceFile(at('x'.repeat(255)), ['new'])
    expect(read('x'.repeat(255))).toBe('new')
  })

  it.each<[string, () => string, RegExp]>([
    ['a folder', () => (mkdirSync(at('sub')), at('sub')), /sub cannot be written: it is a folder\.$/],
    [
      'a read-only file',
      () => (chmodSync(at('file'), 0o444), at('file')),
      /file cannot be written: it is read-only\.$/,
    ],
    ['a missing folder', () => at('no', 'x'), /x cannot be written: there is no folder .*no\.$/],
    ['a file as folder', () => at('file', 'x'), /x cannot be written: a part of its path is a file\.$/],
    ['a circle of links', () => (symlinkSync('loop', at('loop')), at('loop')), /form a cycle\.$/],
    ['a long name', () => at('x'.repeat(256)), /x cannot be written: the name is too long\.$/],
    ...(process.platform === 'linux'
      ? ([['a device', () => '/dev/null', /it is not a regular file\.$/]] as const).map(
          ([what, path, message]): [string, () => string, RegExp] => [what, path, message],
        )
      : []),
  ])('refuses %s, and leaves nothing', (_what, place, message) => {
    const path = place()
    const before = readdirSync(folder)
    const failure = failureOf(path) as KnownError
    expect(failure).toMatchObject({ code: 'output' })
    expect(failure.message).toMatch(message)
    expect(failure.help).toMatch(/^[A-Z].+\.$/)
    expect([readdirSync(folder), read('file')]).toEqual([before, 'old'])
  })

  it('leaves the file as it is until it is put in place', () => {
    const written = writeBeside(at('file'), ['new'])
    expect(read('file')).toBe('old')
    written.discard()
    expect([read('file'), readdirSync(folder)]).toEqual(['old', ['file']])
  })
})
