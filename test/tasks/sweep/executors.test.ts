/** What the executors of clusters write and read, without a cluster. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { printKubernetesJobs } from '../../../src/tasks/sweep/executors/kubernetes.ts'
import { findRay } from '../../../src/tasks/sweep/executors/rayJobs.ts'
import { parseQueue } from '../../../src/tasks/sweep/executors/slurmQueue.ts'
import { arrayOf, printSlurmScript } from '../../../src/tasks/sweep/executors/slurmScript.ts'
import { stagesOf } from '../../../src/tasks/sweep/executors/stages.ts'
import { unitsOf, type Unit } from '../../../src/tasks/sweep/units.ts'
import { temporaryFolder } from '../../temporaryFolder.ts'

const trials = (count: number) => Array.from({ length: count }, (_, index) => ({ number: index + 1, epochs: 9 }))
const halving = unitsOf(trials(9), { kind: 'successiveHalving', minEpochs: 1, reduction: 3 })
const unit = (number: number): Unit => ({ unit: number, rung: 0, epochs: 1, trial: number + 1 })

describe('the arrays of a sweep', () => {
  const cases: readonly [title: string, units: readonly Unit[], limit: number, arrays: readonly string[]][] = [
    ['all units', unitsOf(trials(24), undefined), 2, ['0: 0-23%2']],
    ['no limit', unitsOf(trials(3), undefined), 0, ['0: 0-2']],
    ['one unit', [unit(7)], 2, ['7: 0%2']],
    ['units that are left', [2, 3, 4, 7, 9, 10].map(unit), 3, ['2: 0-2,5,7-8%3']],
    ['one array for each rung', halving, 2, ['0: 0-8%2', '9: 0-2%2', '12: 0%2']],
    ['more units than indices', unitsOf(trials(2500), undefined), 2, ['0: 0-999%2', '1000: 0-999%2', '2000: 0-499%2']],
  ]
  it.each(cases)('%s', (_title, units, limit, arrays) => {
    const found = stagesOf(units, 1000).map((stage) => `${stage.offset}: ${arrayOf(stage, limit)}`)
    expect(found).toEqual(arrays)
  })
})

describe('the job script', () => {
  const script = {
    name: 'digits',
    command: ['node', 'bin.cjs', 'sweep', '/runs/digits', '--unit'],
    logs: '/runs/digits/slurm',
    cpus: 2,
  }

  it('trains the unit of its task', () => {
    expect(printSlurmScript({ ...script, sbatch: ['partition=gpu', '--exclusive', 'time=1:00:00'] })).toBe(`#!/bin/bash
#SBATCH --job-name=digits
#SBATCH --output=/runs/digits/slurm/%A_%a.log
#SBATCH --open-mode=append
#SBATCH --requeue
#SBATCH --cpus-per-task=2
#SBATCH --partition=gpu
#SBATCH --exclusive
#SBATCH --time=1:00:00
exec node bin.cjs sweep /runs/digits --unit "$((SLURM_ARRAY_TASK_ID + \${1:-0}))"
`)
  })

  it('quotes what it is given', () => {
    const text = printSlurmScript({
      ...script,
      logs: '/a "b"\\%j',
      command: ["it's", '$(x)'],
      sbatch: ['comment=a # "b"'],
    })
    expect(text).toContain(String.raw`#SBATCH --output="/a \"b\"\\%%j/%A_%a.log"`)
    expect(text).toContain(String.raw`#SBATCH --comment="a # \"b\""`)
    expect(text).toContain(String.raw`exec 'it'\''s' '$(x)' "$((`)
  })

  const refused = [
    '',
    'partition=gpu\n#SBATCH --array=0',
    'Partition=gpu',
    'partition=',
    '-p gpu',
    'array=0-3',
    'dependency=afterok:1',
  ]
  it.each(refused)('refuses %j as an option of sbatch', (option) => {
    expect(() => printSlurmScript({ ...script, sbatch: [option] })).toThrow(/^--sbatch /)
  })
})

it('reads the queue of Slurm', () => {
  const text = `7|4|CANCELLED|None|n1|15|
7|3|FAILED|NonZeroExitCode|n2|33280|
7|1|FAILED|JobLaunchFailure|n2|9|
7|0|COMPLETED|None|n1|0|
8|2|PENDING|JobArrayTaskLimit||0|
8|1|RUNNING|None|n1|0|
8|0|NODE_FAIL|None|n1|0|
9|N/A|RUNNING|None|n1|0|

`
  expect(parseQueue(text).map(({ job, index, status }) => [`${job}_${index}`, status])).toEqual([
    ['7_4', { state: 'ended', signal: 'SIGTERM' }],
    ['7_3', { state: 'ended', exitCode: 130 }],
    ['7_1', { state: 'ended', signal: 'SIGKILL' }],
    ['7_0', { state: 'ended', exitCode: 0 }],
    ['8_2', { state: 'pending' }],
    ['8_1', { state: 'running', host: 'n1' }],
    ['8_0', { state: 'lost' }],
  ])
})

describe('the address of Ray', () => {
  const tokenFile = join(temporaryFolder({ token: 'secret\n' }), 'token')
  const cases: readonly [
    title: string,
    option: string | undefined,
    environment: Record<string, string>,
    want: string | RegExp,
  ][] = [
    ['by default', undefined, {}, 'http://127.0.0.1:8265/ undefined'],
    ['of RAY_ADDRESS', undefined, { RAY_ADDRESS: 'https://ray.example:1/x' }, 'https://ray.example:1/x undefined'],
    ['of the option', 'http://one:2', { RAY_ADDRESS: 'http://two:3' }, 'http://one:2/ undefined'],
    ['with a token', undefined, { RAY_AUTH_TOKEN: 'abc' }, 'http://127.0.0.1:8265/ abc'],
    [
      'with a file of the token',
      undefined,
      { RAY_AUTH_MODE: 'token', RAY_AUTH_TOKEN_PATH: tokenFile },
      'http://127.0.0.1:8265/ secret',
    ],
    [
      'with a file that is missing',
      undefined,
      { RAY_AUTH_TOKEN_PATH: '/missing/token' },
      /token of Ray cannot be read from \/missing\/token/,
    ],
    [
      'of another protocol',
      undefined,
      { RAY_ADDRESS: 'ray://head:10001' },
      /must be that of its dashboard.*"ray:\/\/head:10001"/,
    ],
    ['of its store', '127.0.0.1:6379', {}, /must be that of its dashboard/],
  ]
  it.each(cases)('%s', (_title, option, environment, want) => {
    const find = () => {
      const { url, token } = findRay(option, environment)
      return `${url.href} ${token}`
    }
    if (typeof want === 'string') expect(find()).toBe(want)
    else expect(find).toThrow(want)
  })
})

describe('the manifest for Kubernetes', () => {
  const options = {
    name: 'My_digits',
    folder: 'runs/it\'s "a" $weep',
    limit: 2,
    cpus: 1,
    image: 'registry/digits:1',
    claim: 'project',
  }
  const python =
    'import kubernetes_validate, sys, yaml\nfor job in yaml.safe_load_all(sys.stdin): kubernetes_validate.validate(job, "1.30", strict=True)'
  const isMissing = spawnSync('python3', ['-c', 'import kubernetes_validate']).status !== 0
  if (isMissing)
    process.stderr.write('SKIPPED: kubernetes-validate is not installed (`pip install kubernetes-validate`)\n')

  it('has a job for each rung, and the later ones are suspended', () => {
    const jobs = parseAllDocuments(printKubernetesJobs({ ...options, units: halving })).map((document) =>
      document.toJS(),
    )
    const shown = jobs.map(({ metadata, spec }) => [metadata.name, spec.completions, spec.parallelism, spec.suspend])
    expect(shown).toEqual([
      ['sweep-my-digits-1', 9, 2, undefined],
      ['sweep-my-digits-2', 3, 2, true],
      ['sweep-my-digits-3', 1, 1, true],
    ])
    expect(jobs[1].spec.template.spec.containers[0].command).toEqual([
      '/bin/sh',
      '-c',
      'exec shapewright sweep "$0" --unit "$((JOB_COMPLETION_INDEX + 9))"',
      options.folder,
    ])
  })

  it.skipIf(isMissing)('matches the schema of Kubernetes', () => {
    const validate = (input: string) => spawnSync('python3', ['-c', python], { input, encoding: 'utf8' })
    const manifest = printKubernetesJobs({ ...options, units: halving })
    expect(validate(manifest)).toMatchObject({ stderr: '', status: 0 })
    expect(validate(manifest.replace('backoffLimitPerIndex', 'backOffLimitPerIndex'))).toMatchObject({ status: 1 })
  })
})
