/** Lets one process at a time train in a run folder. */
import { randomUUID } from 'node:crypto'
import { renameSync, rmSync, statSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { Worker } from 'node:worker_threads'
import { KnownError } from '../../system/knownError.ts'
import { createLock, findLock, heartbeatOf, lockText, readHolder, type FoundLock } from './lockFile.ts'
import { describeThisProcess, hasEnded, isOnThisMachine, isRestartOf, type LockHolder } from './lockHolder.ts'
import { runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'

export interface LockOptions {
  /** Called with the reason if locking takes a while. */
  onWait?(text: string): void
  /** Seconds between two heartbeats; 10 by default. */
  readonly heartbeat?: number
}

/**
 * Keeps other processes from training in a run folder until `unlockRun` or the end of this process.
 *
 * An existing lock is taken over at once if its process has ended on this machine, or if the scheduler has restarted
 * its job; otherwise after three missed heartbeats in a row, by the clock of the file system. While a process of
 * another machine may be alive, this waits for its next heartbeat. If several processes take over at the same time, one
 * succeeds.
 *
 * @throws KnownError if another process trains in the folder, or the folder cannot be written.
 */
export async function lockRun(folder: string, { onWait, heartbeat }: LockOptions = {}): Promise<void> {
  if (heldLocks.has(lockPath(folder))) return requireLock(lockPath(folder))
  let first: FoundLock | undefined
  let silence = 0
  for (let round = 0; ; round++) {
    const found = acquireLock(folder, heartbeat, silence > 3 ? first : undefined)
    if (found === undefined) return
    const { holder, staleIn } = found
    const isFree = staleIn <= 0 || silence > 3
    const beats = first !== undefined && !isSameBeat(first, found)
    if (holder && !isFree && (beats || isOnThisMachine(holder))) throw describeHeldLock(folder, holder)
    // Another process is taking this free lock, or the file system does not allow replacing it.
    if (isFree && round > 20) {
      throw new KnownError('run', `${lockPath(folder)} cannot be replaced.`, 'If no process is training in this folder, remove it.')
    }
    if (first === undefined && staleIn > 0) {
      const who = holder ? `process ${holder.pid} on ${holder.host}` : 'the process that created its lock'
      onWait?.(`Waiting up to ${Math.ceil(staleIn)} s to see whether ${who} is still training in ${folder}.`)
    }
    first ??= found
    const milliseconds = Math.min(isFree ? 50 : 1000, heartbeatOf(holder) * 200)
    await new Promise((done) => {
      setTimeout(done, milliseconds)
    })
    silence += milliseconds / 1000 / heartbeatOf(holder)
  }
}

/**
 * Locks a run folder if that is possible at once.
 *
 * @returns Whether it was locked; false if this process has already locked it.
 */
export function tryLockRun(folder: string): boolean {
  return !heldLocks.has(lockPath(folder)) && acquireLock(folder) === undefined
}

/**
 * Runs an action while no other process or action has the lock of a folder, which it waits for.
 *
 * @param action Takes a moment: others wait for it.
 * @throws KnownError if the folder cannot be written, or others hold the lock for two minutes.
 */
export async function withLock<T>(folder: string, action: () => T | Promise<T>): Promise<T> {
  const begun = performance.now()
  for (let pause = 5; ; pause = Math.min(pause * 1.5, 200)) {
    const found = acquireLock(folder)
    if (found === undefined) break
    if (performance.now() - begun > 120_000) {
      const who = found.holder ? `process ${found.holder.pid} on ${found.holder.host}` : 'another process'
      throw new KnownError('run', `${lockPath(folder)} is held by ${who}.`, 'Stop that process, or wait until it ends.')
    }
    // Different pauses keep two processes from trying at the same moments.
    await new Promise((done) => setTimeout(done, pause * (0.5 + Math.random())))
  }
  try {
    return await action()
  } finally {
    unlockRun(folder)
  }
}

/** The process that trains in a folder, as far as can be known without writing to it: undefined if it has ended. */
export function lockHolderOf(folder: string): LockHolder | undefined {
  const path = lockPath(folder)
  const holder = readHolder(path)
  if (holder === undefined || hasEnded(holder)) return undefined
  const beat = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
  const isSilent = Date.now() - beat > 3000 * holder.heartbeat
  return isSilent && !isOnThisMachine(holder) ? undefined : holder
}

/** Lets other processes train in a run folder again. */
export function unlockRun(folder: string): void {
  const held = heldLocks.get(lockPath(folder))
  if (held === undefined) return
  heldLocks.delete(held.path)
  releaseLock(held)
  if (heldLocks.size === 0) process.off('exit', releaseLocks)
}

/**
 * Checks that this process still has the lock of the run that a file belongs to. Called before each change of a run
 * file. Runs that this process has not locked are not checked.
 *
 * @throws KnownError if another process has taken over the run.
 */
export function requireLock(path: string): void {
  for (const held of heldLocks.values()) {
    const folder = dirname(held.path)
    if (!resolve(path).startsWith(folder + sep)) continue
    const holder = readHolder(held.path)
    if (holder?.token === held.token) continue
    const who = holder ? `process ${holder.pid} on ${holder.host}` : 'another process'
    throw new KnownError(
      'training', `The run in ${folder} was taken over by ${who}, because this process had missed its heartbeats or its job was restarted.`,
      'Nothing was overwritten. Let the other process train, or stop it and use --resume.',
    )
  }
}

interface HeldLock {
  readonly path: string
  readonly token: string
  readonly heart: Worker
}

/** The locks of this process, by their paths. */
const heldLocks = new Map<string, HeldLock>()

/**
 * Tries once to lock a folder.
 *
 * @param stale A lock that counts as free whatever its time says, because its heartbeat has stopped.
 * @returns The lock of another process that has the folder; undefined if this process has locked it.
 */
function acquireLock(folder: string, heartbeat = 10, stale?: FoundLock): FoundLock | undefined {
  const path = lockPath(folder)
  const self = describeThisProcess(randomUUID(), heartbeat)
  try {
    if (!createLock(path, self)) {
      const found = findLock(path)
      const isFree = found.staleIn <= 0 || (found.holder && isGone(found.holder, self)) || isSameBeat(found, stale)
      // A lock that has disappeared meanwhile is left to the next attempt.
      if (!isFree || found.beat === 0 || !takeOver(path, found.holder, self)) return found
    }
  } catch (error) {
    const why = fileFailure(error)
    if (why === undefined) throw error
    throw new KnownError('run', `The run cannot be saved in ${folder}: ${why}.`, 'Choose another folder.')
  }
  if (heldLocks.size === 0) process.on('exit', releaseLocks)
  heldLocks.set(path, { path, token: self.token, heart: startHeart(path, self) })
  return undefined
}

function isSameBeat(one: FoundLock, other: FoundLock | undefined): boolean {
  return one.beat === other?.beat && one.holder?.token === other.holder?.token
}

function isGone(holder: LockHolder, self: LockHolder): boolean {
  return hasEnded(holder) || isRestartOf(self, holder)
}

/**
 * Replaces a free lock. First creates a file named after the old lock, which only one process can do; the file then
 * becomes the lock.
 *
 * @returns Whether this process has the lock.
 */
function takeOver(path: string, old: LockHolder | undefined, self: LockHolder): boolean {
  const claim = `${path}.writing-after-${old?.token ?? 'nobody'}`
  if (!createLock(claim, self)) {
    const other = findLock(claim)
    const isLeft = other.staleIn <= 0 || (other.holder && hasEnded(other.holder))
    if (isLeft) rmSync(claim, { force: true })
    return false
  }
  if (readHolder(path)?.token !== old?.token) {
    rmSync(claim, { force: true })
    return false
  }
  try {
    renameSync(claim, path)
  } catch {
    // Another process considered this claim abandoned and removed it.
  }
  return readHolder(path)?.token === self.token
}

/**
 * Writes to the lock at each heartbeat from a separate thread, since steps and loading may block this one for longer.
 */
function startHeart(path: string, self: LockHolder): Worker {
  const workerData = {
    path,
    token: self.token,
    position: Buffer.byteLength(lockText(self)) - 1,
    milliseconds: self.heartbeat * 1000,
  }
  const heart = new Worker(heartCode, { eval: true, execArgv: [], workerData })
  // Without heartbeats the lock goes stale and the run may be taken over, which is noticed before anything is written.
  heart.on('error', () => undefined)
  heart.unref()
  return heart
}

/** Keeps the file open, so that it never writes to the lock of a process that took over. */
const heartCode = `
const { fsyncSync, openSync, readFileSync, writeSync } = require('node:fs')
const { path, token, position, milliseconds } = require('node:worker_threads').workerData
const file = openSync(path, 'r+')
const beat = () => {
  try {
    writeSync(file, '\\n', position)
    fsyncSync(file)
  } catch {}
}
if (readFileSync(file, 'utf8').includes(token)) setInterval(beat, milliseconds)
`

function describeHeldLock(folder: string, { pid, host }: LockHolder): KnownError {
  return new KnownError(
    'run', `Process ${pid} on ${host} is training in ${folder}.`,
    'Wait until it ends, or stop it. The lock of a process that no longer runs expires after three missed heartbeats, 30 seconds.',
  )
}

function lockPath(folder: string): string {
  return join(resolve(folder), runFiles.lock)
}

function releaseLocks(): void {
  for (const held of heldLocks.values()) releaseLock(held)
}

function releaseLock({ path, token, heart }: HeldLock): void {
  void heart.terminate()
  if (readHolder(path)?.token === token) rmSync(path, { force: true })
}
