import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, it } from 'vitest'
import * as yauzl from 'yauzl'
import { nodeHost } from '../../../src/system/nodeHost.ts'
import { readZipDirectory, readZipMember } from '../../../src/runtime/formats/zip.ts'
import { writeZip } from './zipFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const folder = temporaryFolder()

const files = new Map([
  ['one.npy', Buffer.from('first')],
  ['two.npy', Buffer.from('second '.repeat(5000))],
  ['empty.npy', Buffer.alloc(0)],
])

function write(content: Uint8Array): string {
  const path = join(folder, 'archive.npz')
  writeFileSync(path, content)
  return path
}

function readAll(path: string): string[] {
  return readZipDirectory(nodeHost, path).map((member) => Buffer.from(readZipMember(nodeHost, path, member)).toString())
}

describe('a zip archive', () => {
  it.each([
    ['stored', false],
    ['deflated', true],
  ])('reads %s members as yauzl does, and their beginnings', async (_name, isDeflated) => {
    const path = write(writeZip(files, isDeflated))
    const zip = await yauzl.openPromise(path, { lazyEntries: true, autoClose: false })
    const expected: string[] = []
    for await (const entry of zip.eachEntry()) expected.push(await text(await zip.openReadStreamPromise(entry)))
    zip.close()
    expect(readAll(path)).toEqual(expected)
    expect(expected).toEqual([...files.values()].map(String))
    const [, second] = readZipDirectory(nodeHost, path)
    expect(Buffer.from(readZipMember(nodeHost, path, second!, 9)).toString()).toBe('second se')
  })

  const good = writeZip(files, true)
  it.each([
    ['something else', Buffer.from('no archive at all'), 'its directory is missing'],
    ['an empty file', Buffer.alloc(0), 'its directory is missing'],
    ['an archive without its end', good.subarray(0, good.length - 30), 'its directory is missing'],
    ['a changed byte', Buffer.from(good).fill(0x55, 60, 62), 'damaged'],
  ])('refuses %s', (_name, content, message) => {
    expect(() => readAll(write(content))).toThrow(
      expect.objectContaining({ code: expect.stringMatching(/^data\//), message: expect.stringContaining(message) }),
    )
  })

  it('refuses a wrong checksum', () => {
    const changed = writeZip(files)
    changed[changed.indexOf('first')] = 0x46
    expect(() => readAll(write(changed))).toThrow('the checksum of one.npy is wrong')
  })
})
