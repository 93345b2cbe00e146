/** Starts Ray on this machine for tests: a head and more nodes as child processes, all files below one folder, and a token that requests need. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findRay, listJobs } from '../../../src/tasks/sweep/executors/rayJobs.ts'
import { descendantsOf, endProcess, freePorts, killProcess, readProcess, until } from './processes.ts'

/** The reason why Ray cannot be started; undefined if it can be. */
export function missingForRay(): string | undefined {
  const isThere = spawnSync('ray', ['--version']).status === 0
  return isThere ? undefined : 'ray: not installed (`pip install "ray[default]"`)'
}

export interface RayCluster {
  /** The environment in which a client reaches this cluster. */
  readonly env: Readonly<Record<string, string>>
  /** Adds a node. */
  addNode(cpus: number): Promise<ChildProcess>
  /** Kills a node and all that runs on it. */
  loseNode(node: ChildProcess): void
  /** Ends all that was started. */
  stop(): Promise<void>
}

export async function startRay(cpus: number): Promise<RayCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'sw-ray-'))
  const [port = 0, clientPort = 0, dashboard = 0] = await freePorts(3)
  const token = join(folder, 'token')
  writeFileSync(token, randomBytes(32).toString('hex'), { mode: 0o600 })
  const daemonEnv = {
    ...process.env,
    RAY_AUTH_MODE: 'token',
    RAY_AUTH_TOKEN_PATH: token,
    RAY_USAGE_STATS_ENABLED: '0',
    // How long a trial has to save its checkpoint.
    RAY_JOB_STOP_WAIT_TIME_S: '30',
  }
  const log = openSync(join(folder, 'ray.log'), 'a')
  const nodes: ChildProcess[] = []
  const start = (...args: readonly string[]) => {
    // `ray stop` would end every Ray of this machine. With --block, Ray ends what it has started when it is ended itself.
    const all = ['--pdeathsig', 'TERM', 'ray', 'start', '--block', '--disable-usage-stats', ...args]
    const node = spawn('setpriv', all, { env: daemonEnv, stdio: ['ignore', log, log] })
    nodes.push(node)
    return node
  }
  const env = { RAY_ADDRESS: `http://127.0.0.1:${dashboard}`, RAY_AUTH_TOKEN_PATH: token }

  const stop = async () => {
    const started = nodes.flatMap((node) => descendantsOf(node.pid!))
    await Promise.all(nodes.toReversed().map((node) => endProcess(node, 'SIGTERM', 30)))
    for (const one of started) killProcess(one)
    rmSync(folder, { recursive: true, force: true })
  }
  start(
    '--head',
    `--num-cpus=${cpus}`,
    '--node-ip-address=127.0.0.1',
    `--port=${port}`,
    `--ray-client-server-port=${clientPort}`,
    '--dashboard-host=127.0.0.1',
    `--dashboard-port=${dashboard}`,
    '--object-store-memory=100000000',
    `--temp-dir=${join(folder, 'tmp')}`,
  )
  try {
    await until('the dashboard of Ray', async () => (await listJobs(findRay(undefined, env))).length === 0, 120)
  } catch (error) {
    const text = readFileSync(join(folder, 'ray.log'), 'utf8').slice(-4000)
    await stop()
    throw new Error(`Ray did not start.\n${text}`, { cause: error })
  }
  return {
    env,
    stop,
    async addNode(nodeCpus) {
      const node = start(`--address=127.0.0.1:${port}`, `--num-cpus=${nodeCpus}`)
      await until('the second node', () =>
        descendantsOf(node.pid!).some(({ pid }) => readProcess(pid, 'cmdline').includes('raylet')),
      )
      return node
    },
    loseNode(node) {
      const lost = descendantsOf(node.pid!)
      node.kill('SIGKILL')
      for (const one of lost) killProcess(one)
    },
  }
}
