/** Two processes never write into the folder of one run, wherever they run and however they ended. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { describeThisProcess, jobOf, type LockHolder } from '../../src/runtime/runs/lockHolder.ts'
import { lockRun, tryLockRun, unlockRun } from '../../src/runtime/runs/runLock.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

const canUnshare = (option: string) => spawnSync('unshare', [option, 'true']).status === 0
const script = fileURLToPath(new URL('lockingProcess.ts', import.meta.url))
/** The number of a process that has ended. */
const ended = spawnSync(process.execPath, ['-e', '0']).pid
const self = describeThisProcess('another', 10)

let folder = ''
const lock = () => join(folder, 'run.lock')
const readLock = () => JSON.parse(readFileSync(lock(), 'utf8')) as LockHolder
const children: ChildProcess[] = []

beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  unlockRun(folder)
})

/** Starts a process that locks the folder; `command` is put before it. */
async function startLocking(heartbeat: number, command: readonly string[] = [], env: Record<string, string> = {}) {
  const [program = '', ...args] = [...command, process.execPath, '--import', 'tsx', script, folder, `${heartbeat}`]
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...env } })
  children.push(child)
  let output = ''
  child.stdout.on('data', (chunk) => (output += chunk))
  const answer = async (): Promise<string> => {
    for (;;) {
      const end = output.indexOf('\n')
      if (end >= 0) {
        const line = output.slice(0, end)
        output = output.slice(end + 1)
        if (!line.startsWith('Waiting up to')) return line
      } else await Promise.race([once(child.stdout, 'data'), once(child, 'exit')])
    }
  }
  const ask = async (line: string) => {
    child.stdin.write(`${line}\n`)
    return await answer()
  }
  expect(await answer()).toBe('ready')
  return { child, ask }
}

const sleep = (milliseconds: number) =>
  new Promise((done) => {
    setTimeout(done, milliseconds)
  })

describe('a lock that was left', () => {
  const far = { ...self, machine: 'far', host: 'far' }
  const cases: readonly [title: string, text: () => string, age: number, refused?: RegExp][] = [
    ['by a process that was killed on this machine', () => JSON.stringify({ ...self, pid: ended }), 0],
    ['by an earlier process of the same number', () => JSON.stringify({ ...self, started: '1' }), 0],
    ['by a machine that is gone', () => JSON.stringify({ ...far, pid: 1 }), 31],
    ['by a machine whose clock is wrong', () => JSON.stringify({ ...far, pid: 1 }), 1e6],
    ['half written', () => '{"pid":', 31],
    ['of another form', () => '[]', 31],
    ['with a heartbeat that is no number', () => JSON.stringify({ ...self, heartbeat: '10' }), 31],
    ['by an earlier version', () => JSON.stringify({ pid: process.pid, host: self.host }), 31],
    [
      'by a process that lives',
      () => JSON.stringify({ ...self, pid: process.ppid, started: undefined }),
      0,
      /^Process \d+ on /,
    ],
    ['by another lock of this process', () => JSON.stringify(self), 29, /^Process \d+ on .* is training in /],
  ]
  it.each(cases)('%s', async (_title, text, age, refused) => {
    writeFileSync(lock(), text())
    const time = Date.now() / 1000 - age
    utimesSync(lock(), time, time)
    if (refused) {
      await expect(lockRun(folder)).rejects.toThrow(refused)
      await expect(lockRun(folder)).rejects.toThrow(expect.objectContaining({ code: 'run' }))
      expect(readFileSync(lock(), 'utf8')).toBe(text())
    } else {
      await lockRun(folder)
      expect(readLock()).toMatchObject({ pid: process.pid, host: self.host })
      expect(readLock().token).not.toBe(self.token)
    }
    expect(readdirSync(folder)).toEqual(['run.lock'])
  })

  it.each([
    ['with equal host and number', { ...far, host: self.host, pid: process.pid }],
    ['elsewhere', far],
  ])('%s, fresh, is waited for until three heartbeats are missing', async (_title, holder) => {
    writeFileSync(lock(), JSON.stringify({ ...holder, heartbeat: 0.3 }))
    const notes: string[] = []
    expect(tryLockRun(folder)).toBe(false)
    await lockRun(folder, { onWait: (text) => notes.push(text) })
    expect(notes).toEqual([expect.stringMatching(/^Waiting up to 1 s to see whether process \d+ on /)])
    expect(readLock().pid).toBe(process.pid)
  })

  it.each([
    ['the same job, restarted', { id: 'SLURM_JOB_ID=7', restarts: 1 }, true],
    ['another job', { id: 'SLURM_JOB_ID=8', restarts: 1 }, false],
    ['another task of the same start', { id: 'SLURM_JOB_ID=7', restarts: 2 }, false],
  ])('by %s', async (_title, job, isFree) => {
    writeFileSync(lock(), JSON.stringify({ ...far, job }))
    const before = { ...process.env }
    Object.assign(process.env, { SLURM_JOB_ID: '7', SLURM_RESTART_COUNT: '2' })
    expect(tryLockRun(folder)).toBe(isFree)
    process.env = before
  })
})

it.each([
  ['Slurm', { SLURM_JOB_ID: '7', SLURM_RESTART_COUNT: '2' }, { id: 'SLURM_JOB_ID=7', restarts: 2 }],
  ['Slurm, at first', { SLURM_JOB_ID: '7' }, { id: 'SLURM_JOB_ID=7', restarts: 0 }],
  ['AWS Batch', { AWS_BATCH_JOB_ID: 'a', AWS_BATCH_JOB_ATTEMPT: '3' }, { id: 'AWS_BATCH_JOB_ID=a', restarts: 3 }],
  ['Ray', { RAY_JOB_ID: '01' }, { id: 'RAY_JOB_ID=01', restarts: 0 }],
  ['Kubernetes', { KUBERNETES_SERVICE_HOST: '10.0.0.1', HOSTNAME: 'net-0' }, { id: 'pod net-0', restarts: 0 }],
  ['any other', { SHAPEWRIGHT_JOB: 'x', SHAPEWRIGHT_JOB_RESTARTS: '1' }, { id: 'SHAPEWRIGHT_JOB=x', restarts: 1 }],
  ['none', { HOSTNAME: 'desk' }, undefined],
])('the job of %s', (_scheduler, environment, job) => {
  expect(jobOf(environment)).toEqual(job)
})

describe('lockRun', { timeout: 120_000 }, () => {
  it('is gone when the run is unlocked, but not where another has it', async () => {
    await lockRun(folder)
    unlockRun(folder)
    expect(existsSync(lock())).toBe(false)
    await lockRun(folder)
    writeFileSync(lock(), JSON.stringify(self))
    unlockRun(folder)
    expect(existsSync(lock())).toBe(true)
  })

  it('is gone when the process ends', async () => {
    const { child, ask } = await startLocking(10)
    expect(await ask('lock')).toBe('locked')
    child.stdin.end()
    await once(child, 'exit')
    expect(readdirSync(folder)).toEqual([])
  })

  it('beats, so that a process that lives is never taken for one that is gone', async () => {
    const { ask } = await startLocking(0.2, canUnshare('-u') ? ['unshare', '-u'] : [])
    expect(await ask('lock')).toBe('locked')
    await sleep(1000)
    await expect(lockRun(folder)).rejects.toThrow(/is training in/)
  })

  it.skipIf(!canUnshare('-u'))('after kill -9 it is taken over under another host name', async () => {
    const first = await startLocking(0.3)
    expect(await first.ask('lock')).toBe('locked')
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    const second = await startLocking(0.3, ['unshare', '-u', 'sh', '-c', 'hostname elsewhere && exec "$0" "$@"'])
    expect(await second.ask('lock')).toBe('locked')
    expect(readLock().host).toBe('elsewhere')
  })

  it.skipIf(!canUnshare('-pf'))('containers with equal host names and numbers keep each other out', async () => {
    const container = ['unshare', '-pf', '--mount-proc', '--kill-child']
    const [first, second] = [await startLocking(0.3, container), await startLocking(0.3, container)]
    expect(await first.ask('lock')).toBe('locked')
    const { pid } = readLock()
    expect(await second.ask('lock')).toMatch(new RegExp(`^run: Process ${pid} on .* is training in`))
    first.child.kill('SIGKILL')
    const third = await startLocking(0.3, container)
    expect(await third.ask('lock')).toBe('locked')
    expect(readLock().pid).toBe(pid)
  })

  it('a process that was stopped writes nothing after another has taken over', async () => {
    const first = await startLocking(0.2)
    expect(await first.ask('lock')).toBe('locked')
    expect(await first.ask('write file')).toBe('written')
    first.child.kill('SIGSTOP')
    await sleep(1000)
    const second = await startLocking(0.2)
    expect(await second.ask('lock')).toBe('locked')
    expect(await second.ask('write file')).toBe('written')
    first.child.kill('SIGCONT')
    expect(await first.ask('write file')).toMatch(/^training: The run in .* was taken over by process \d+ on /)
    expect(readFileSync(join(folder, 'file'), 'utf8')).toBe(`${second.child.pid}`)
    first.child.stdin.end()
    await once(first.child, 'exit')
    expect(readLock().pid).toBe(second.child.pid)
    expect(readdirSync(folder).toSorted()).toEqual(['file', 'run.lock'])
  })

  it('of several processes that take over at the same time, one succeeds', async () => {
    const racers = await Promise.all(Array.from({ length: 4 }, () => startLocking(5)))
    for (let round = 0; round < 5; round++) {
      writeFileSync(lock(), JSON.stringify({ ...self, pid: ended, token: `round ${round}` }))
      const answers = await Promise.all(racers.map(({ ask }) => ask('lock')))
      expect(answers.filter((answer) => answer === 'locked')).toHaveLength(1)
      const winner = racers[answers.indexOf('locked')]!
      expect(readLock().pid).toBe(winner.child.pid)
      if (round < 4) {
        for (const { child } of racers) child.kill('SIGKILL')
        racers.splice(0, 4, ...(await Promise.all(Array.from({ length: 4 }, () => startLocking(5)))))
      }
    }
  })
})
