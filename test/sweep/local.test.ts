/** The local executor with small scripts instead of trainings. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { lockRun, unlockRun } from '../../src/runtime/runs/runLock.ts'
import { LocalExecutor } from '../../src/tasks/sweep/executors/local.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

async function run(script: string, prepare: (folder: string) => void = () => undefined) {
  const folder = temporaryFolder({ 'script.cjs': script })
  const executor = new LocalExecutor()
  prepare(folder)
  const log = join(folder, 'log.txt')
  await executor.submit([{ unit: 0, command: [process.execPath, join(folder, 'script.cjs')], folder, log }], 1)
  for (;;) {
    const status = (await executor.status()).get(0)!
    if (status.state === 'ended') return { status, log: readFileSync(log, 'utf8') }
    await new Promise((done) => setTimeout(done, 20))
  }
}

/** Ends with 2 at the first attempts, as `train` does if it cannot begin. */
const failing = (attempts: number) => `const fs = require('node:fs')
console.log('attempt')
const done = fs.readFileSync(__dirname + '/log.txt', 'utf8').split('attempt').length - 1
process.exitCode = done <= ${attempts} ? 2 : 0
`

describe('the local executor', { timeout: 60_000 }, () => {
  it.each([
    { title: 'succeeds', script: failing(0), want: { exitCode: 0 }, attempts: 1 },
    { title: 'cannot begin once', script: failing(1), want: { exitCode: 0 }, attempts: 2 },
    { title: 'cannot begin at all', script: failing(9), want: { exitCode: 2 }, attempts: 2 },
    { title: 'fails', script: "console.log('attempt'); process.exitCode = 3", want: { exitCode: 3 }, attempts: 1 },
    {
      title: 'is killed',
      script: "console.log('attempt'); process.kill(process.pid, 'SIGKILL')",
      want: { signal: 'SIGKILL' },
      attempts: 1,
    },
  ])('reports how a unit ends that $title', async ({ script, want, attempts }) => {
    const { status, log } = await run(script)
    expect(status).toMatchObject(want)
    expect(log.split('attempt')).toHaveLength(attempts + 1)
  })

  it('waits for the process of an earlier session that has the folder', async () => {
    let locked = ''
    const begun = performance.now()
    const { status } = await run(failing(0), (folder) => {
      locked = folder
      void lockRun(folder)
      setTimeout(() => unlockRun(locked), 1500)
    })
    expect(status).toMatchObject({ exitCode: 0 })
    expect(performance.now() - begun).toBeGreaterThan(1400)
  })
})
