/** Two trainings never write into one folder. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { RunFolderError } from '../../src/runtime/runFolderError.ts'
import { lockRun, unlockRun } from '../../src/runtime/runLock.ts'

let other: ChildProcess
/** The number of a process that has ended. */
let ended = 0
let folder = ''
const lock = () => join(folder, 'run.lock')

beforeAll(() => {
  other = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'])
  ended = spawnSync(process.execPath, ['-e', '0']).pid
})
afterAll(() => other.kill())
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shapewright-lock-'))
  return () => rmSync(folder, { recursive: true })
})

const left: readonly [title: string, text: () => string, refused?: RegExp][] = [
  ['by a process that was killed', () => JSON.stringify({ pid: ended, host: hostname() })],
  ['half written', () => '{"pid":'],
  ['of another form', () => '[]'],
  ['by this process', () => JSON.stringify({ pid: process.pid, host: hostname() })],
  [
    'by a process that lives',
    () => JSON.stringify({ pid: other.pid, host: hostname() }),
    /^Process \d+ is training in /,
  ],
  ['on another machine', () => JSON.stringify({ pid: 1, host: 'far' }), /^Process 1 on far is training in /],
]

describe('lockRun', () => {
  it('marks the folder as this process’s', () => {
    lockRun(folder)
    expect(JSON.parse(readFileSync(lock(), 'utf8'))).toEqual({ pid: process.pid, host: hostname() })
  })

  it.each(left)('on a lock left %s', (_title, text, refused) => {
    writeFileSync(lock(), text())
    if (refused === undefined) {
      lockRun(folder)
      expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid })
    } else {
      expect(() => lockRun(folder)).toThrow(RunFolderError)
      expect(() => lockRun(folder)).toThrow(refused)
      expect(readFileSync(lock(), 'utf8')).toBe(text())
    }
  })

  it('is gone when the run is unlocked, but not where another has it', () => {
    lockRun(folder)
    unlockRun(folder)
    expect(existsSync(lock())).toBe(false)
    lockRun(folder)
    writeFileSync(lock(), JSON.stringify({ pid: other.pid, host: hostname() }))
    unlockRun(folder)
    expect(existsSync(lock())).toBe(true)
  })

  it('is gone when the process ends', () => {
    const module = JSON.stringify(new URL('../../src/runtime/runLock.ts', import.meta.url).href)
    const code = `import(${module}).then(({ lockRun }) => lockRun(${JSON.stringify(folder)}))`
    const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', '-e', code], { encoding: 'utf8' })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(existsSync(lock())).toBe(false)
  })
})
