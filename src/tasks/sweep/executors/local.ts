/** Runs the units of a sweep as processes of this machine, a limited number of them at once. */
import { hostname } from 'node:os'
import { isOnThisMachine } from '../../../runtime/runs/lockHolder.ts'
import { lockHolderOf } from '../../../runtime/runs/runLock.ts'
import { exitCodes } from '../../../system/exitCodes.ts'
import { readLogEnd } from '../logEnd.ts'
import { startTraining, type Ending } from '../startTraining.ts'
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

  async cancel(): Promise<void> {
    for (const { unit } of this.#queue.splice(0))
      this.#statuses.set(unit, { state: 'ended', exitCode: exitCodes.interrupted })
    for (const unit of this.#processes.keys()) this.#canceled.add(unit)
    this.#signal('SIGINT')
  }

  /** Ends all processes at once: they lose the steps since their last checkpoints. */
  kill(): void {
    this.#signal('SIGKILL')
  }

  async logs(unit: number): Promise<string> {
    const { log } = this.#commands.get(unit) ?? {}
    return log === undefined ? '' : readLogEnd(log, Number.POSITIVE_INFINITY)
  }

  #signal(name: NodeJS.Signals): void {
    for (const pid of this.#processes.values()) {
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
  #isBlocked({ unit, folder }: UnitCommand, how: Ending): boolean {
    const hasBegun = !('exitCode' in how) || how.exitCode !== exitCodes.usage
    if (hasBegun || this.#canceled.has(unit)) return false
    if (lockHolderOf(folder) !== undefined) return true
    const isFirst = !this.#repeated.has(unit)
    this.#repeated.add(unit)
    return isFirst
  }

  #start(command: UnitCommand): void {
    const { unit } = command
    const begun = performance.now()
    // A group of its own, since this process passes Ctrl-C on once.
    const { pid, ended } = startTraining(command, true)
    void ended.then((how) => {
      this.#processes.delete(unit)
      if (this.#isBlocked(command, how)) return this.#begin(command)
      this.#statuses.set(unit, { state: 'ended', ...how, seconds: (performance.now() - begun) / 1000 })
      this.#fill()
    })
    if (pid === undefined) return
    this.#processes.set(unit, pid)
    this.#statuses.set(unit, { state: 'running', host: hostname(), pid })
  }
}
