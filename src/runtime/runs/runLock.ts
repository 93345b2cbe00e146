/** Lets one process at a time train in the folder of a run. */
import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync, readFileSync, renameSync, rmSync, statSync, writeSync } from 'node:fs'
import { dirname, join, resolve, sep } from 'node:path'
import { Worker } from 'node:worker_threads'
import { KnownError } from '../../system/knownError.ts'
import { parseRecord } from '../../system/parseRecord.ts'
import { temporaryName } from './temporaryName.ts'
import { describeThisProcess, hasEnded, isOnThisMachine, isRestartOf, type LockHolder } from './lockHolder.ts'
import { runFiles } from '../../system/runFiles.ts'
import { fileFailure } from '../../system/systemError.ts'

export interface LockOptions {
  /** Is told why locking takes a while. */
  onWait?(text: string): void
  /** Seconds between two heartbeats; 10 by default. */
  readonly heartbeat?: number
}

/**
 * Keeps other processes from training in the folder of a run, until `unlockRun` or the end of this process.
 *
 * A lock that is there already is taken over at once where its process has ended on this machine, or where the scheduler
 * has restarted its job; otherwise once three heartbeats in a row are missing, by the clock of the file system. While a
 * process of another machine may be alive, this waits for its next heartbeat. Of several processes that take over at the
 * same time, one succeeds.
 *
 * @throws KnownError where another process trains in the folder, or the folder cannot be written.
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
    // A free lock that cannot be taken: another process takes it just now, or the file system does not let us.
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
 * Locks the folder of a run where that is possible at once.
 *
 * @returns Whether it is locked; false where this process has it locked already.
 */
export function tryLockRun(folder: string): boolean {
  return !heldLocks.has(lockPath(folder)) && acquireLock(folder) === undefined
}

/** Lets other processes train in the folder of a run again. */
export function unlockRun(folder: string): void {
  const held = heldLocks.get(lockPath(folder))
  if (held === undefined) return
  heldLocks.delete(held.path)
  releaseLock(held)
  if (heldLocks.size === 0) process.off('exit', releaseLocks)
}

/**
 * Checks that the run which a file belongs to is still this process's; called before each change of a file of it. A run
 * that this process has not locked is not checked.
 *
 * @throws KnownError where another process has taken the run over.
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

interface FoundLock {
  /** Undefined where its process was killed while it wrote the lock. */
  readonly holder: LockHolder | undefined
  /** When the lock was last written, in milliseconds. */
  readonly beat: number
  /** Seconds until three heartbeats are missing. */
  readonly staleIn: number
}

/**
 * @param stale A lock that is free, whatever its time says, because its beat stayed the same.
 * @returns The lock of another process, where that has the folder; nothing where this process has it now.
 */
function acquireLock(folder: string, heartbeat = 10, stale?: FoundLock): FoundLock | undefined {
  const path = lockPath(folder)
  const self = describeThisProcess(randomUUID(), heartbeat)
  try {
    if (!createLock(path, self)) {
      const found = findLock(path)
      const isFree = found.staleIn <= 0 || (found.holder && isGone(found.holder, self)) || isSameBeat(found, stale)
      // One that is gone by now is left to the next attempt.
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
 * Puts a lock in the place of one that is free. First a file is made that is named after the old lock, which only one
 * process can do; it then becomes the lock.
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
    // Another process took this claim for one that was left behind.
  }
  return readHolder(path)?.token === self.token
}

/** @returns False where there is such a file. */
function createLock(path: string, self: LockHolder): boolean {
  let file: number
  try {
    file = openSync(path, 'wx')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false
    throw error
  }
  try {
    writeSync(file, lockText(self))
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
  return true
}

function lockText(self: LockHolder): string {
  return `${JSON.stringify(self)}\n`
}

/** The clock of this machine may differ from that of the disk, so a new file tells the time. */
function findLock(path: string): FoundLock {
  const probe = temporaryName(path)
  const file = openSync(probe, 'w')
  try {
    const now = fstatSync(file).mtimeMs
    const holder = readHolder(path)
    const beat = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    return { holder, beat, staleIn: 3 * heartbeatOf(holder) - (now - beat) / 1000 }
  } finally {
    closeSync(file)
    rmSync(probe, { force: true })
  }
}

function heartbeatOf(holder: LockHolder | undefined): number {
  return holder?.heartbeat ?? 10
}

/** Writes to the lock every few seconds, from a thread of its own: steps and loading may block this one for longer. */
function startHeart(path: string, self: LockHolder): Worker {
  const workerData = {
    path,
    token: self.token,
    position: Buffer.byteLength(lockText(self)) - 1,
    milliseconds: self.heartbeat * 1000,
  }
  const heart = new Worker(heartCode, { eval: true, execArgv: [], workerData })
  // Without it, the lock goes stale: then the run may be taken over, which is found before anything is written.
  heart.on('error', () => undefined)
  heart.unref()
  return heart
}

/** It keeps the file open, so that it never writes to the lock of a process that took over. */
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

/** Undefined where there is no lock, its writer was killed while it wrote, or it is damaged: then it goes stale. */
function readHolder(path: string): LockHolder | undefined {
  try {
    const fields = { token: 'string', pid: 'number', host: 'string', machine: 'string', heartbeat: 'number' } as const
    return parseRecord<LockHolder>(readFileSync(path, 'utf8'), fields)
  } catch {
    return undefined
  }
}
