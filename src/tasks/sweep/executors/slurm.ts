/** Runs the units of a sweep as array jobs of Slurm. Nothing stays running where they are submitted. */
import { appendFile, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeFileWhole } from '../../../runtime/runs/writeWhole.ts'
import { createFolder } from '../../../system/createFolder.ts'
import { parseRecordLines } from '../../../system/parseRecord.ts'
import type { Unit } from '../units.ts'
import type { Executor, UnitStatus } from './executor.ts'
import { callSlurm, readQueue, type QueuedTask } from './slurmQueue.ts'
import { arrayOf, printSlurmScript, type SlurmScript } from './slurmScript.ts'
import { stagesOf, type Stage } from './stages.ts'

/** The folder in the sweep folder for the job script, the submitted jobs and the output of the tasks. */
const slurmFolder = 'slurm'

export interface SlurmOptions extends Pick<SlurmScript, 'name' | 'cpus' | 'sbatch'> {
  /** The sweep folder, on a file system that all nodes share. */
  readonly folder: string
  readonly units: readonly Unit[]
  /** The program that trains a unit and its arguments up to the number of the unit. */
  readonly command: readonly string[]
}

/** A submitted array, as a line of `jobs.jsonl`. */
interface SubmittedJob {
  readonly job: string
  readonly offset: number
  readonly rung: number
}

/** The job script of a sweep, as `--dry-run` prints it. */
export function slurmScriptOf({ folder, ...options }: SlurmOptions): string {
  return printSlurmScript({ ...options, logs: join(resolve(folder), slurmFolder) })
}

/** The sbatch commands of units, without the jobs that a rung waits for, as `--dry-run` prints them. */
export function slurmCommands(options: SlurmOptions, limit: number): string[] {
  return stagesOf(options.units, arraySize).map((stage, index) => {
    const after = index === 0 ? [] : ['JOB']
    return ['sbatch', ...sbatchArguments(join(slurmFolder, scriptName), stage, limit, after)].join(' ')
  })
}

const scriptName = 'job.sh'

/** The default of MaxArraySize: sites limit the index of an array. */
const arraySize = 1000

function sbatchArguments(script: string, stage: Stage, limit: number, after: readonly string[]): string[] {
  const dependency = after.length === 0 ? [] : [`--dependency=afterany:${after.join(':')}`]
  return ['--parsable', `--array=${arrayOf(stage, limit)}`, ...dependency, script, `${stage.offset}`]
}

export function createSlurmExecutor(options: SlurmOptions): Executor {
  const folder = join(resolve(options.folder), slurmFolder)
  const jobsFile = join(folder, 'jobs.jsonl')

  const submitStage = async (stage: Stage, limit: number, after: readonly string[]): Promise<string> => {
    const answer = await callSlurm('sbatch', sbatchArguments(join(folder, scriptName), stage, limit, after))
    // On a federation of clusters, the name of the cluster follows.
    const job = answer.trim().split(';')[0]!
    const { offset, rung } = stage
    await appendFile(jobsFile, `${JSON.stringify({ job, offset, rung } satisfies SubmittedJob)}\n`)
    return job
  }

  /** The tasks that the queue knows by their units; a unit that was submitted again has its last task. */
  const readTasks = async (): Promise<Map<number, QueuedTask & SubmittedJob>> => {
    const jobs = new Map((await readJobs(jobsFile)).map((submitted) => [submitted.job, submitted]))
    const order = [...jobs.keys()]
    const tasks = await readQueue(order)
    tasks.sort((one, other) => order.indexOf(one.job) - order.indexOf(other.job))
    return new Map(
      tasks.map((task) => {
        const submitted = jobs.get(task.job)!
        return [submitted.offset + task.index, { ...task, ...submitted }]
      }),
    )
  }

  const cancel = async (units?: readonly number[]): Promise<void> => {
    const live = [...(await readTasks())].filter(
      ([unit, { status }]) => isLive(status) && (units === undefined || units.includes(unit)),
    )
    const ids = live.map(([, { job, index }]) => `${job}_${index}`)
    if (ids.length > 0) await callSlurm('scancel', ids)
  }

  return {
    name: 'slurm',
    cancel,
    async submit(commands, limit) {
      createFolder(folder)
      await writeFileWhole(join(folder, scriptName), [slurmScriptOf(options)])
      const tasks = await readTasks()
      const isIn = (unit: number, state: UnitStatus['state']) => tasks.get(unit)?.status.state === state
      const wanted = new Set(commands.flatMap(({ unit }) => (isIn(unit, 'running') ? [] : [unit])))
      // Tasks of later rungs depend on arrays that have ended, so all that wait are submitted again.
      await cancel([...wanted].filter((unit) => isIn(unit, 'pending')))
      const running = [...tasks.values()].filter(({ status }) => status.state === 'running')
      let last: string | undefined
      for (const stage of stagesOf(options.units, arraySize, wanted)) {
        const after = new Set(running.filter(({ rung }) => rung < stage.rung).map(({ job }) => job))
        if (last !== undefined) after.add(last)
        last = await submitStage(stage, limit, [...after])
      }
    },
    async status() {
      const tasks = await readTasks()
      return new Map(
        options.units.map(({ unit }) => [unit, tasks.get(unit)?.status ?? ({ state: 'lost' } as UnitStatus)]),
      )
    },
    async logs(unit) {
      const jobs = (await readJobs(jobsFile)).map(({ job, offset }) => `${job}_${unit - offset}.log`)
      const names = new Set(await readdir(folder))
      const texts = await Promise.all(
        jobs.filter((name) => names.has(name)).map((name) => readFile(join(folder, name), 'utf8')),
      )
      return texts.join('')
    },
  }
}

function isLive({ state }: UnitStatus): boolean {
  return state === 'pending' || state === 'running'
}

/** The submitted arrays, oldest first. A line that was cut off is left out. */
async function readJobs(file: string): Promise<SubmittedJob[]> {
  let text = ''
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
  }
  return parseRecordLines(text, { job: 'string', offset: 'number', rung: 'number' })
}
