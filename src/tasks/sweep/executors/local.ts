/** Runs the units of a sweep as processes of this machine, a limited number of them at once. */
import { spawn } from 'node:child_process'
import { appendFileSync, closeSync, openSync } from 'node:fs'
import { hostname } from 'node:os'
import { isOnThisMachine } from '../../../runtime/runs/lockHolder.ts'
import { lockHolderOf } from '../../../runtime/runs/runLock.ts'
import { exitCodes } from '../../../system/exitCodes.ts'
import { asKnownError } from '../../../system/systemError.ts'
import { readLogEnd } from '../logEnd.ts'
import type { Executor, UnitCommand, UnitStatus } from './executor.ts'

/** How often the lock of a trial is read that a process of an earlier session still trains. */
const lockInterval = 500

export class LocalExecutor implements Executor {
  readonly name = 'local'
  readonly #queue: UnitCommand[] = []
  readonly #commands = new Map<number, UnitCommand>()
  readonly #statuses = new Map<number, UnitStatus>()
  /** The process of each running unit: a child, or one that an earlier session has left. */
  readonly #processes = new Map<number, number>()
  readonly #canceled = new Set<number>()
  /** The units that did not begin and were tried again. */
  readonly #repeated = new Set<number>()
  #limit = 1

  async submit(units: readonly UnitCommand[], limit: number): Promise<void> {
    this.#limit = limit
    for (const one of units) {
      this.#commands.set(one.unit, one)
      this.#statuses.set(one.unit, { state: 'pending' })
      this.#queue.push(one)
    }
    this.#fill()
  }

  async status(): Promise<ReadonlyMap<number, UnitStatus>> {
    return new Map(this.#statuses)
  }

  async cancel(units?: readonly number[]): Promise<void> {
    const isCanceled = (unit: number) => units === undefined || units.includes(unit)
    const kept = this.#queue.filter(({ unit }) => !isCanceled(unit))
    for (const { unit } of this.#queue.splice(0)) {
      if (isCanceled(unit)) this.#statuses.set(unit, { state: 'ended', exitCode: exitCodes.interrupted })
    }
    this.#queue.push(...kept)
    for (const unit of this.#processes.keys()) if (isCanceled(unit)) this.#canceled.add(unit)
    this.#signal('SIGINT', isCanceled)
  }

  /** Ends all processes at once: they lose the steps since their last checkpoints. */
  kill(): void {
    this.#signal('SIGKILL', () => true)
  }

  async logs(unit: number): Promise<string> {
    const { log } = this.#commands.get(unit) ?? {}
    return log === undefined ? '' : readLogEnd(log, Number.POSITIVE_INFINITY)
  }

  #signal(name: NodeJS.Signals, isMeant: (unit: number) => boolean): void {
    for (const [unit, pid] of this.#processes) {
      if (!isMeant(unit)) continue
      try {
        process.kill(pid, name)
      } catch {
        // It has ended meanwhile.
      }
    }
  }

  #fill(): void {
    const isRunning = ({ state }: UnitStatus) => state === 'running'
    while ([...this.#statuses.values()].filter(isRunning).length < this.#limit) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#begin(next)
    }
  }

  /** Starts a unit, or first waits for the process of an earlier session that still trains its trial. */
  #begin(command: UnitCommand): void {
    const { unit, folder } = command
    const holder = lockHolderOf(folder)
    if (holder === undefined) return this.#start(command)
    if (isOnThisMachine(holder)) this.#processes.set(unit, holder.pid)
    this.#statuses.set(unit, { state: 'running', host: holder.host, pid: holder.pid })
    const timer = setInterval(() => {
      if (lockHolderOf(folder) !== undefined) return
      clearInterval(timer)
      this.#processes.delete(unit)
      // The command ends at once if the other process has trained all epochs.
      if (!this.#canceled.has(unit)) return this.#start(command)
      this.#statuses.set(unit, { state: 'ended', exitCode: exitCodes.interrupted })
    }, lockInterval)
  }

  /**
   * Whether a training did not begin because a process of an earlier session has locked its folder after it was started: that
   * process was still loading. It may have ended by now, so a training that did not begin is tried once more in any case.
   */
  #isBlocked({ unit, folder }: UnitCommand, how: { readonly exitCode: number } | { readonly signal: string }): boolean {
    const hasBegun = !('exitCode' in how) || how.exitCode !== exitCodes.usage
    if (hasBegun || this.#canceled.has(unit)) return false
    if (lockHolderOf(folder) !== undefined) return true
    const isFirst = !this.#repeated.has(unit)
    this.#repeated.add(unit)
    return isFirst
  }

  #start(command: UnitCommand): void {
    const { unit, log, command: line } = command
    const begun = performance.now()
    const end = (how: { readonly exitCode: number } | { readonly signal: string }) => {
      this.#processes.delete(unit)
      if (this.#isBlocked(command, how)) return this.#begin(command)
      this.#statuses.set(unit, { state: 'ended', ...how, seconds: (performance.now() - begun) / 1000 })
      this.#fill()
    }
    let output: number | undefined
    try {
      output = openSync(log, 'a')
      const [program = '', ...args] = line
      // A group of its own: Ctrl-C in the terminal reaches only this process, which passes it on once. Its output goes to
      // the file without this process, so that it continues if this process is killed.
      const child = spawn(program, args, { stdio: ['ignore', output, output], detached: true })
      child.once('error', (error) => {
        noteFailure(log, error)
        end({ exitCode: exitCodes.usage })
      })
      child.once('exit', (code, signal) => end(signal === null ? { exitCode: code ?? exitCodes.usage } : { signal }))
      if (child.pid === undefined) return
      this.#processes.set(unit, child.pid)
      this.#statuses.set(unit, { state: 'running', host: hostname(), pid: child.pid })
    } catch (error) {
      if (asKnownError(error) === undefined) throw error
      noteFailure(log, error)
      end({ exitCode: exitCodes.usage })
    } finally {
      if (output !== undefined) closeSync(output)
    }
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
