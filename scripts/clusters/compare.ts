/** `npm run sweep:clusters`: runs a sweep on this machine and on a cluster that it starts, and compares the tables. */
import { existsSync, mkdtempSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { readOptions, refuseArguments } from '../options.ts'
import { readSweep } from '../../src/tasks/sweep/readSweep.ts'
import { runCli } from '../../test/cli/runCli.ts'
import { missingForRay, startRay } from '../../test/tasks/sweep/rayCluster.ts'
import { missingForSlurm, startSlurm } from '../../test/tasks/sweep/slurmCluster.ts'
import { tableOf } from '../../test/tasks/sweep/sweepTable.ts'

const command = 'sweep:clusters -- EXECUTOR'
const { values, positionals } = readOptions({
  command,
  about:
    'Runs a sweep on this machine, and on a cluster that it starts here, and compares the tables. EXECUTOR is slurm or ray.',
  options: {
    spec: { kind: 'text', value: 'FILE', default: 'configs/sweeps/sweep-mnist.yaml', help: 'the sweep' },
    out: { kind: 'text', value: 'FOLDER', help: 'keeps the results' },
    parallel: { kind: 'number', value: 'N', default: 2, help: 'the number of trials at a time' },
  },
})
const [executor = 'slurm'] = positionals
if (!['slurm', 'ray'].includes(executor)) refuseArguments(command, `'${executor}' is neither slurm nor ray.`)
const out = resolve(values.out ?? mkdtempSync(join(tmpdir(), 'shapewright-sweep-')))
const missing = executor === 'ray' ? missingForRay() : missingForSlurm()
if (missing !== undefined) throw new Error(missing)

const here = join(out, 'local')
if (!existsSync(here)) await sweep(here, 'local', {})
const there = join(out, executor)
const cluster = executor === 'ray' ? await startRay(2) : await startSlurm({ nodes: 2, cpus: 1 })
try {
  await sweep(there, executor, cluster.env)
} finally {
  await cluster.stop()
}
const [mine, other] = await Promise.all([tableOf(await folderIn(here)), tableOf(await folderIn(there))])
console.log(other.join('\n'))
const different = mine.filter((line, index) => line !== other[index])
console.log(
  different.length === 0
    ? `equal: ${mine.length} trials, local and ${executor}`
    : `different:\n${different.join('\n')}`,
)
process.exitCode = different.length === 0 && mine.length === other.length ? 0 : 1

/** Runs the sweep and waits until it has ended: Slurm only queues it. */
async function sweep(root: string, name: string, env: Readonly<Record<string, string>>): Promise<void> {
  const args = [
    'sweep',
    values.spec,
    '--executor',
    name,
    '--parallel',
    String(values.parallel),
    '--backend',
    'wasm',
    '--out',
    root,
  ]
  const { code, stderr } = await runCli(args, { env })
  console.log(`${name}: exit code ${code}\n${stderr.split('\n').slice(-8).join('\n')}`)
  if (code !== 0) throw new Error(`The sweep on ${name} failed.`)
  const folder = await folderIn(root)
  for (let before = ''; ; await sleep(2000)) {
    const states = (await readSweep(folder)).trials.map(({ state }) => state)
    const isDone = !states.some((state) => ['pending', 'running', 'interrupted'].includes(state))
    const done = `${states.filter((state) => state === 'done').length} done`
    if (done !== before) console.log(`${new Date().toISOString()} ${name}: ${done}`)
    before = done
    if (isDone) return
  }
}

/** The only folder in the folder of runs. */
async function folderIn(root: string): Promise<string> {
  const [name = ''] = await readdir(root)
  return join(root, name)
}
