/** Starts a Slurm cluster on this machine for tests: a controller and several nodes as child processes, all files below one folder. */
import { execFileSync, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir, userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import {
  endProcess,
  freePorts,
  killProcess,
  listProcesses,
  processesWith,
  readProcess,
  until,
  type Process,
} from './processes.ts'

/** Where Debian has the daemons, which a user's PATH may lack. */
const path = `${process.env['PATH']}${delimiter}/usr/sbin`

/** The reason why no cluster can be started; undefined if one can be. */
export function missingForSlurm(): string | undefined {
  const folders = path.split(delimiter)
  const missing = ['munged', 'slurmctld', 'slurmd', 'sbatch', 'setpriv'].filter(
    (program) => !folders.some((folder) => existsSync(join(folder, program))),
  )
  return missing.length === 0
    ? undefined
    : `${missing.join(', ')}: not installed (\`apt-get install slurmctld slurmd slurm-client munge\`)`
}

/** Whether processes can have another host name than this machine, which needs root. */
function canUnshare(): boolean {
  return spawnSync('unshare', ['--uts', 'true']).status === 0
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
export async function startSlurm({
  nodes,
  cpus,
}: {
  readonly nodes: number
  readonly cpus: number
}): Promise<SlurmCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'shapewright-slurm-'))
  for (const name of ['state', 'spool']) mkdirSync(join(folder, name), { mode: 0o700 })
  writeFileSync(join(folder, 'munge.key'), randomBytes(128), { mode: 0o400 })
  const conf = join(folder, 'slurm.conf')
  writeFileSync(conf, configuration(folder, await freePorts(nodes + 1), cpus))
  const env = { PATH: path, SLURM_CONF: conf }
  const daemons = new Map<string, ChildProcess>()
  const start = (name: string, ...command: readonly string[]) => {
    // The daemons end with this process, however it ends.
    const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...command], {
      env: { ...process.env, ...env },
      stdio: 'ignore',
    })
    daemons.set(name, child)
  }
  const at = (name: string) => join(folder, name)
  const run = (program: string, ...args: readonly string[]) =>
    execFileSync(program, args, {
      env: { ...process.env, ...env },
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    })

  start(
    'munged',
    'munged',
    '--foreground',
    '--force',
    `--socket=${at('munge.sock')}`,
    `--key-file=${at('munge.key')}`,
    `--pid-file=${at('munged.pid')}`,
    `--log-file=${at('munged.log')}`,
    `--seed-file=${at('munge.seed')}`,
  )
  await until('munged', () => existsSync(at('munge.sock')))
  start('slurmctld', 'slurmctld', '-D', '-i')
  // Each node has a host name of its own, where that is allowed.
  const named = canUnshare()
    ? ['unshare', '--uts', 'sh', '-c', 'hostname "$0" && exec slurmd -D -N "$0"']
    : ['slurmd', '-D', '-N']
  for (let node = 1; node <= nodes; node++) start(`n${node}`, ...named, `n${node}`)

  const stop = async () => {
    try {
      run('scancel', '--user', userInfo().username)
      await until('the end of all jobs', () => run('squeue', '-h', '-t', 'RUNNING,COMPLETING') === '')
    } catch {
      // Without a controller, no job can be cancelled; the processes of the nodes are ended below.
    }
    for (let node = 1; node <= nodes; node++) for (const one of processesOf(folder, `n${node}`)) killProcess(one)
    // The controller takes long to end if it cannot reach munged.
    for (const daemon of [...daemons.values()].toReversed()) await endProcess(daemon)
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
    if (daemon) await endProcess(daemon, 'SIGKILL')
    for (const one of lost) killProcess(one)
  }
  return { env, run, loseNode, stop }
}

/** The processes of the jobs on a node, and the managers (slurmstepd) that started them. */
function processesOf(folder: string, node: string): Process[] {
  const ofJobs = processesWith([`SLURM_CONF=${join(folder, 'slurm.conf')}`, `SLURMD_NODENAME=${node}`])
  const parents = new Set(ofJobs.map(({ parent }) => parent))
  const managers = listProcesses().filter(
    ({ pid }) => parents.has(pid) && readProcess(pid, 'cmdline').startsWith('slurmstepd'),
  )
  return [...managers, ...ofJobs]
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
AuthInfo=socket=${folder}/munge.sock,cred_expire=5
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
