import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readTar } from '../../../src/runtime/datasets/tarArchive.ts'
import { writeTar } from './tarFixture.ts'

const text = (content: string): Uint8Array => new TextEncoder().encode(content)

describe('readTar', () => {
  it('reads files and skips folders', () => {
    const archive = writeTar(
      new Map([
        ['folder/', text('')],
        ['folder/one', text('first')],
        ['folder/two', text('x'.repeat(600))],
        ['empty', text('')],
      ]),
    )
    const entries = readTar(archive).map(({ name, data }) => [name, new TextDecoder().decode(data)])
    expect(entries).toEqual([
      ['folder/one', 'first'],
      ['folder/two', 'x'.repeat(600)],
      ['empty', ''],
    ])
  })

  it('reads what the tar command writes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'shapewright-tar-'))
    try {
      writeFileSync(join(folder, 'one'), 'first')
      writeFileSync(join(folder, 'two'), 'second')
      const archive = execFileSync('tar', ['-cf', '-', 'one', 'two'], { cwd: folder })
      expect(readTar(archive).map(({ name, data }) => [name, Buffer.from(data).toString()])).toEqual([
        ['one', 'first'],
        ['two', 'second'],
      ])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  const good = writeTar(new Map([['file', text('content')]]))
  it.each([
    ['an archive cut within a file', good.subarray(0, 515), 'cut short'],
    ['an archive without its end', good.subarray(0, 1024), 'cut short'],
    ['a changed header', Buffer.concat([text('F'), good.subarray(1)]), 'header at byte 0 is damaged'],
    ['something else', Buffer.alloc(2048, 'x'), 'where an octal number belongs'],
  ])('refuses %s', (_name, archive, message) => {
    expect(() => readTar(archive)).toThrow(message)
  })
})
