/** A sweep on Slurm, with a requeued task and a lost node: its results are those of this machine. Skipped, and said so, without Slurm. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runCli } from '../../cli/runCli.ts'
import { until } from './processes.ts'
import { missingForSlurm, startSlurm, type SlurmCluster } from './slurmCluster.ts'
import { smallSweep } from './smallSweep.ts'
import { statesOf, tableOf } from './sweepTable.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const missing = missingForSlurm()

describe.skipIf(missing !== undefined)('sweep --executor slurm', { timeout: 600_000 }, () => {
  const cwd = temporaryFolder({ 'digits.yaml': smallSweep })
  let cluster: SlurmCluster
  const sweep = (...args: readonly string[]) =>
    runCli(['sweep', ...args, '--backend', 'wasm'], { cwd, env: cluster.env })
  const onSlurm = ['--executor', 'slurm'] as const

  beforeAll(async () => {
    cluster = await startSlurm({ nodes: 2, cpus: 1 })
  })
  afterAll(() => cluster.stop())

  it('prints the job script, and writes nothing', async () => {
    const { code, stdout } = await sweep('digits.yaml', ...onSlurm, '--parallel', '2', '--dry-run')
    expect(code).toBe(0)
    expect(stdout).toMatch(/^#!\/bin\/bash\n#SBATCH --job-name=digits\n/)
    expect(stdout).toContain('# sbatch --parsable --array=0-2%2 slurm/job.sh 0\n')
    expect(readdirSync(cwd)).toEqual(['digits.yaml'])
  })

  it('gives the table of this machine', async () => {
    expect(await sweep('digits.yaml', '--out', 'here')).toMatchObject({ code: 0 })
    const submitted = await sweep('digits.yaml', ...onSlurm, '--parallel', '2', '--out', 'there')
    expect(submitted).toMatchObject({ code: 0, stdout: 'there/digits\n' })
    const folder = join(cwd, 'there', 'digits')
    const hasCheckpoint = (trial: string) => {
      const place = join(folder, 'trials', trial, 'checkpoints')
      return existsSync(place) && readdirSync(place).some((name) => name.endsWith('.safetensors'))
    }
    await until('checkpoints of two trials', () => hasCheckpoint('0001') && hasCheckpoint('0002'))
    const hosts = cluster.run('squeue', '-h', '--array', '-t', 'R', '-o', '%i %N').trim().split('\n')
    const [task = '', node = ''] = hosts.map((line) => line.split(' ')).find(([id]) => id?.endsWith('_1')) ?? []
    cluster.run('scontrol', 'requeue', task.replace(/_1$/, '_0'))
    await cluster.loseNode(node)
    await until('the end of the sweep', async () => !/pending|running|interrupted/.test(await statesOf(folder)), 400)
    expect(await tableOf(folder)).toEqual(await tableOf(join(cwd, 'here', 'digits')))
    const started = readFileSync(join(folder, 'ledger.jsonl'), 'utf8').match(/"started"/g)
    expect(started?.length).toBe(6)
  })

  it('reports that nothing is left', async () => {
    const { code, stderr } = await sweep('digits.yaml', ...onSlurm, '--out', 'there', '--resume')
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('All trials have ended.') as string,
    })
  })

  it('cancels tasks, which are resumed later', async () => {
    expect(await sweep('digits.yaml', ...onSlurm, '--out', 'stopped')).toMatchObject({ code: 0 })
    const folder = join(cwd, 'stopped', 'digits')
    await until('a running trial', async () => /running/.test(await statesOf(folder)))
    expect(await sweep('stopped/digits', ...onSlurm, '--cancel')).toMatchObject({ code: 0 })
    await until('the end of its task', () => cluster.run('squeue', '-h') === '')
    expect(await statesOf(folder)).toMatch(/interrupted|pending/)
    expect(await sweep('digits.yaml', ...onSlurm, '--out', 'stopped', '--resume')).toMatchObject({ code: 0 })
    await until('the end of the sweep', async () => !/pending|running|interrupted/.test(await statesOf(folder)), 400)
    expect(await tableOf(folder)).toEqual(await tableOf(join(cwd, 'here', 'digits')))
  })

  it('promotes by asha, whose decisions are in the ledger', async () => {
    const asha = smallSweep
      .replace('successiveHalving: { minEpochs: 6', 'asha: { minEpochs: 1')
      .replace('train: 5000', 'train: 500')
    writeFileSync(join(cwd, 'asha.yaml'), asha.replace('epochs: 12', 'epochs: 2'))
    expect(await sweep('asha.yaml', ...onSlurm, '--parallel', '2', '--out', 'asha')).toMatchObject({ code: 0 })
    const folder = join(cwd, 'asha', 'digits')
    await until('the end of the sweep', async () => !/pending|running|interrupted/.test(await statesOf(folder)), 400)
    expect((await statesOf(folder)).split(' ').toSorted().slice(0, 1)).toEqual(['done'])
    expect(readFileSync(join(folder, 'ledger.jsonl'), 'utf8').match(/"promoted"/g)).toHaveLength(1)
  })
})
