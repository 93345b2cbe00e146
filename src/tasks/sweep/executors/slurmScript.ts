/** Writes the job script of a sweep for Slurm, and the indices of its arrays. */
import { KnownError } from '../../../system/knownError.ts'
import { quoteForShell } from '../../../system/quoteForShell.ts'
import type { Stage } from './stages.ts'

export interface SlurmScript {
  readonly name: string
  /** The program that trains a unit and its arguments up to the number of the unit. */
  readonly command: readonly string[]
  /** The folder for the output of the tasks. */
  readonly logs: string
  /** The processors of each task. */
  readonly cpus: number
  /** Options of sbatch as the user gave them: `partition=gpu`, `exclusive`. They override the others. */
  readonly sbatch: readonly string[]
}

/**
 * Returns the job script. It takes the unit of array index 0 as its argument, because sites limit the index. The trial
 * replaces the shell, so it receives the signals of Slurm, and its exit code is that of the task.
 */
export function printSlurmScript({ name, command, logs, cpus, sbatch }: SlurmScript): string {
  // In the name of an output file, % begins a placeholder.
  const output = `${logs.replaceAll('%', '%%')}/%A_%a.log`
  const options = [
    ['job-name', name],
    ['output', output],
    ['open-mode', 'append'],
    ['requeue'],
    ['cpus-per-task', `${cpus}`],
    ...sbatch.map(readSbatchOption),
  ]
  return [
    '#!/bin/bash',
    ...options.map(([key, value]) => `#SBATCH --${key}${value === undefined ? '' : `=${quoteForSbatch(value)}`}`),
    `exec ${command.map(quoteForShell).join(' ')} "$((SLURM_ARRAY_TASK_ID + \${1:-0}))"`,
    '',
  ].join('\n')
}

/** @throws KnownError if the text is not an option of sbatch, or one that the sweep itself sets. */
function readSbatchOption(written: string): [key: string, value?: string] {
  const match = /^(?:--)?([a-z][a-z-]*)(?:=([^\p{Cc}]+))?$/u.exec(written)
  const [, key = '', value] = match ?? []
  if (match === null) {
    throw new KnownError(
      'usage',
      `--sbatch must be an option such as partition=gpu or exclusive, not ${JSON.stringify(written)}`,
      '`man sbatch` lists them',
    )
  }
  if (reserved.has(key)) throw new KnownError('usage', `--sbatch ${key} is set by the sweep`, `remove it`)
  return value === undefined ? [key] : [key, value]
}

/** Options that decide which units a task trains. */
const reserved = new Set(['array', 'dependency', 'wrap', 'parsable', 'test-only'])

/** Quotes a value in a line that begins with `#SBATCH`, which sbatch splits at spaces itself. */
function quoteForSbatch(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

/** The value of `--array`: `0-3,7%2`. A limit of 0 means no limit. */
export function arrayOf({ offset, units }: Stage, limit: number): string {
  const ranges: [first: number, last: number][] = []
  for (const unit of units) {
    const last = ranges.at(-1)
    if (last !== undefined && last[1] === unit - offset - 1) last[1]++
    else ranges.push([unit - offset, unit - offset])
  }
  const text = ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`)).join(',')
  return limit > 0 ? `${text}%${limit}` : text
}
