/** Starts the training of a unit as a process of this machine, with its output in the log of the trial. */
import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { exitCodes } from '../../system/exitCodes.ts'
import { asKnownError } from '../../system/systemError.ts'
import type { UnitCommand } from './executors/executor.ts'

/** How a process ended. */
export type Ending = { readonly exitCode: number } | { readonly signal: string }

export interface Training {
  /** Undefined if it could not be started, which is noted in the log. */
  readonly pid: number | undefined
  readonly ended: Promise<Ending>
}

/**
 * Its output goes to the file without this process, so that it continues if this process is killed.
 *
 * @param isGroup Whether it has a process group of its own, so that Ctrl-C in the terminal reaches only this process.
 */
export function startTraining({ command, log }: UnitCommand, isGroup = false): Training {
  const fail = (error: unknown): Ending => {
    noteFailure(log, error)
    return { exitCode: exitCodes.usage }
  }
  let output: number | undefined
  try {
    output = openSync(log, 'a')
    const [program = '', ...args] = command
    const child = spawn(program, args, { stdio: ['ignore', output, output], detached: isGroup })
    const ended = new Promise<Ending>((done) => {
      child.once('error', (error) => done(fail(error)))
      child.once('exit', (code, signal) => done(signal === null ? { exitCode: code ?? exitCodes.usage } : { signal }))
    })
    return { pid: child.pid, ended }
  } catch (error) {
    if (asKnownError(error) === undefined) throw error
    return { pid: undefined, ended: Promise.resolve(fail(error)) }
  } finally {
    if (output !== undefined) closeSync(output)
  }
}

/** Writes why a process could not be started to the log of its trial, if that can be written. */
function noteFailure(log: string, error: unknown): void {
  try {
    appendFileSync(log, `error: the training could not be started: ${asKnownError(error)?.message ?? String(error)}\n`)
  } catch {
    // The trial fails without a log, because its folder is missing or the disk is full.
  }
}
