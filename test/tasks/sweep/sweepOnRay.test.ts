/** A sweep on Ray whose submitter is killed: its results are those of this machine. Skipped, and said so, without Ray. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bin, runCli } from '../../cli/runCli.ts'
import { until } from './processes.ts'
import { missingForRay, startRay, type RayCluster } from './rayCluster.ts'
import { smallSweep } from './smallSweep.ts'
import { statesOf, tableOf } from './sweepTable.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

describe.skipIf(missingForRay() !== undefined)('sweep --executor ray', { timeout: 900_000 }, () => {
  const cwd = temporaryFolder({ 'digits.yaml': smallSweep })
  const args = ['sweep', 'digits.yaml', '--backend', 'wasm', '--parallel', '2']
  let cluster: RayCluster
  beforeAll(async () => {
    cluster = await startRay(2)
  }, 240_000)
  afterAll(() => cluster.stop(), 60_000)

  it('gives the table of this machine, also if its submitter is killed and resumed', async () => {
    expect(await runCli([...args, '--out', 'here'], { cwd })).toMatchObject({ code: 0 })
    const onRay = [...args, '--executor', 'ray', '--out', 'there']
    const submitter = spawn(process.execPath, [bin, ...onRay], {
      cwd,
      env: { ...process.env, ...cluster.env },
      stdio: 'ignore',
    })
    const folder = join(cwd, 'there', 'digits')
    await until('a running trial', async () => /running/.test(await statesOf(folder)))
    submitter.kill('SIGKILL')
    await once(submitter, 'exit')
    const resumed = await runCli([...onRay, '--resume'], { cwd, env: cluster.env })
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 })
    expect(await tableOf(folder)).toEqual(await tableOf(join(cwd, 'here', 'digits')))
  })

  it('stops its jobs at Ctrl-C, and resumes them', async () => {
    const onRay = [...args, '--executor', 'ray', '--out', 'stopped']
    const submitter = spawn(process.execPath, [bin, ...onRay], {
      cwd,
      env: { ...process.env, ...cluster.env },
      stdio: 'ignore',
    })
    const folder = join(cwd, 'stopped', 'digits')
    await until('a running trial', async () => /running/.test(await statesOf(folder)))
    submitter.kill('SIGINT')
    expect(await once(submitter, 'exit')).toEqual([130, null])
    expect(await statesOf(folder)).not.toMatch(/running/)
    const resumed = await runCli([...onRay, '--resume'], { cwd, env: cluster.env })
    expect(resumed, resumed.stderr).toMatchObject({ code: 0 })
    expect(await tableOf(folder)).toEqual(await tableOf(join(cwd, 'here', 'digits')))
  })
})
