/** Starts a Slurm cluster on this machine for tests: a controller and several nodes as child processes, all files below one folder. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { hostname, tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Where Debian has the daemons, which a user's PATH may lack. */
const path = `${process.env['PATH']}${delimiter}/usr/sbin`

/** The reason why no cluster can be started; undefined if one can be. */
export function missingForSlurm(): string | undefined {
  const folders = path.split(delimiter)
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'setpriv'].filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program))),
  )
  return missing.length === 0 ? undefined : `${missing.join(', ')}: not installed (\`apt-get install slurmctld slurmd slurm-client munge\`)`
}

export interface SlurmCluster {
  /** The environment in which sbatch, squeue and scontrol reach this cluster. */
  readonly env: Readonly<Record<string, string>>
  /** Runs a command of Slurm and returns its output. */
  run(program: string, ...args: readonly string[]): string
  /** Kills a node and all that runs on it, as a loss of power does. */
  loseNode(name: string): Promise<void>
  /** Ends all jobs, then all daemons. */
  stop(): Promise<void>
}

/** @param cpus The processors of each node; the nodes are called n1, n2 and so on. */
export async function startSlurm({ nodes, cpus }: { readonly nodes: number; readonly cpus: number }): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-slurm-'))
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name), { mode: 0o700 })
  writeFileSync(join(folder, 'munge.key'), randomBytes(128), { mode: 0o400 })
  const conf = join(folder, 'slurm.conf')
  writeFileSync(conf, configuration(folder, await freePorts(nodes + 1), cpus))
  const env = { PATH: path, SLURM_CONF: conf }
  const daemons = new Map<string, ChildProcess>()
  const start = (name: string, program: string, ...args: readonly string[]) => {
    // The daemons end with this process, however it ends.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...args], { env: { ...process.env, ...env }, stdio: 'ignore' })
    daemons.set(name, child)
  }
  const at = (name: string) => join(folder, name)
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, { env: { ...process.env, ...env }, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })

  start('munged', 'munged', '--foreground', '--force', `--socket=${at('munge.sock')}`, `--key-file=${at('munge.key')}`,
    `--pid-file=${at('munged.pid')}`, `--log-file=${at('munged.log')}`, `--seed-file=${at('munge.seed')}`)
  await until('munged', () => existsSync(at('munge.sock')))
  start('slurmctld', 'slurmctld', '-D', '-i')
  for (let node = 1; node <= nodes; node++) start(`n${node}`, 'slurmd', '-D', '-N', `n${node}`)

  const stop = async () => {
    try {
      run('scancel', '--user', userInfo().username)
      await until('the end of all jobs', () => run('squeue', '-h', '-t', 'RUNNING,COMPLETING') === '')
    } catch {
      // Without a controller, no job can be cancelled; the processes of the nodes are ended below.
    }
    for (const id of [...daemons.keys()].filter((name) => name.startsWith('n'))) for (const pid of processesOf(folder, id)) kill(pid)
    await Promise.all([...daemons.values()].toReversed().map(end))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until('idle nodes', () => daemons.size > 0 && /^(idle\n)+$/.test(run('sinfo', '-h', '-N', '-o', '%T')))
  } catch (error) {
    const logs = readdirSync(folder).filter((name) => name.endsWith('.log'))
    const text = logs.map((name) => `${name}:\n${readFileSync(at(name), 'utf8').slice(-2000)}`).join('\n')
    await stop()
    throw new Error(`Slurm did not start.\n${text}`, { cause: error })
  }
  const loseNode = async (name: string) => {
    const lost = processesOf(folder, name)
    const daemon = daemons.get(name)
    if (daemon) await end(daemon, 'SIGKILL')
    for (const pid of lost) kill(pid)
  }
  return { env, run, loseNode, stop }
}

/** The processes of the jobs on a node, and the managers (slurmstepd) that started them. */
function processesOf(folder: string, node: string): number[] {
  const ofJobs = readdirSync('/proc').filter((pid) => {
    const environment = /^\d+$/.test(pid) ? readProcess(pid, 'environ').split('\0') : []
    return [`SLURM_CONF=${join(folder, 'slurm.conf')}`, `SLURMD_NODENAME=${node}`].every((entry) => environment.includes(entry))
  })
  const parents = ofJobs.map((pid) => /^\d+ \(.*\) \S (\d+)/s.exec(readProcess(pid, 'stat'))?.[1] ?? '')
  const managers = parents.filter((pid) => readProcess(pid, 'cmdline').startsWith('slurmstepd'))
  return [...new Set([...managers, ...ofJobs])].map(Number)
}

/** Reads a file of a process; empty if the process has ended or belongs to another user. */
function readProcess(pid: string, file: string): string {
  try {
    return readFileSync(join('/proc', pid, file), 'utf8')
  } catch {
    return ''
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended meanwhile.
  }
}

async function end(daemon: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (daemon.exitCode !== null || daemon.signalCode !== null) return
  const ended = once(daemon, 'exit')
  daemon.kill(signal)
  if (await Promise.race([ended.then(() => true), sleep(10_000, false)])) return
  daemon.kill('SIGKILL')
  await ended
}

async function until(what: string, isSo: () => boolean, seconds = 30): Promise<void> {
  for (let round = 0; round < seconds * 10; round++) {
    try {
      if (isSo()) return
    } catch {
      // A daemon that has not started yet refuses connections.
    }
    await sleep(100)
  }
  throw new Error(`Waited ${seconds} s for ${what}.`)
}

/** Port numbers that nothing listens to. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => once(server.close(), 'close')))
  return ports
}

function configuration(folder: string, [controller, ...nodes]: readonly number[], cpus: number): string {
  const host = hostname().split('.')[0]
  const user = userInfo().username
  return `ClusterName=shapewright
SlurmctldHost=${host}(127.0.0.1)
SlurmctldPort=${controller}
SlurmUser=${user}
SlurmdUser=${user}
AuthType=auth/munge
CredType=cred/munge
# A requeued job is not started again before its credential has expired.
AuthInfo=socket=${folder}/munge.sock,cred_expire=3
StateSaveLocation=${folder}/state
SlurmdSpoolDir=${folder}/spool/%n
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd-%n.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
SchedulerParameters=sched_interval=1,bf_interval=1
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
ReturnToService=2
SlurmdParameters=config_overrides
JobRequeue=1
KillWait=10
SlurmdTimeout=10
RebootProgram=/bin/true
${nodes.map((port, node) => `NodeName=n${node + 1} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${port} CPUs=${cpus} State=UNKNOWN`).join('\n')}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
`
}
