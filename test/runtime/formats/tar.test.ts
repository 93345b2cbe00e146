import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTarMembers, type TarMember } from '../../../src/runtime/formats/tar.ts'
import { writeTar } from './tarFixture.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

/** In pieces that end anywhere. */
async function* inPieces(archive: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < archive.length; start += 700) yield archive.subarray(start, start + 700)
}

async function readTar(archive: Uint8Array, isWanted: (name: string) => boolean = () => true): Promise<TarMember[]> {
  const members: TarMember[] = []
  for await (const member of readTarMembers(inPieces(archive), isWanted)) members.push(member)
  return members
}

const text = (content: string): Uint8Array => new TextEncoder().encode(content)

describe('readTar', () => {
  it('reads files and skips folders', async () => {
    const archive = writeTar(
      new Map([
        ['folder/', text('')],
        ['folder/one', text('first')],
        ['folder/two', text('x'.repeat(600))],
        ['empty', text('')],
      ]),
    )
    const entries = (await readTar(archive)).map(({ name, data }) => [name, new TextDecoder().decode(data)])
    expect(entries).toEqual([
      ['folder/one', 'first'],
      ['folder/two', 'x'.repeat(600)],
      ['empty', ''],
    ])
  })

  it('reads what the tar command writes', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'one'), 'first')
    writeFileSync(join(folder, 'two'), 'second')
    const archive = execFileSync('tar', ['-cf', '-', 'one', 'two'], { cwd: folder })
    expect((await readTar(archive)).map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
      ['one', 'first'],
      ['two', 'second'],
    ])
  })

  it('gives what is wanted, and reads past the rest', async () => {
    const archive = writeTar(new Map([...'abc'].map((name) => [name, text(name.repeat(1000))])))
    const members = await readTar(archive, (name) => name === 'b')
    expect(members.map(({ name, data }) => [name, data.length, data[0]])).toEqual([['b', 1000, 98]])
  })

  const good = writeTar(new Map([['file', text('content')]]))
  it.each([
    ['an archive cut within a file', good.subarray(0, 515), 'truncated'],
    ['an archive without its end', good.subarray(0, 1024), 'truncated'],
    ['a changed header', Buffer.concat([text('F'), good.subarray(1)]), 'header at byte 0 is damaged'],
    ['something else', Buffer.alloc(2048, 'x'), 'instead of an octal number'],
  ])('refuses %s', async (_name, archive, message) => {
    await expect(readTar(archive)).rejects.toThrow(message)
  })
})
