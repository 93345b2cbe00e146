/** The ledger of a sweep: what was started, ended and decided, in order. Lines are only appended, under the lock of the sweep. */
import { appendFile, open } from 'node:fs/promises'
import { join } from 'node:path'
import { withLock } from '../../runtime/runs/runLock.ts'
import type { LockHolder } from '../../runtime/runs/lockHolder.ts'
import { parseRecordLines } from '../../system/parseRecord.ts'
import { fileSizeLimits, readWholeFile } from '../../system/regularFile.ts'
import { KnownError } from '../../system/knownError.ts'
import { fileFailure } from '../../system/systemError.ts'
import { sweepFiles } from './sweepFiles.ts'

/** A run of the sweep begins, or is resumed: trials that failed before are tried again. */
export interface SessionEvent {
  readonly event: 'session'
  readonly date: string
  readonly executor: string
  readonly parallel: number
  /** The process that stays until the sweep ends; absent if none does, as with Slurm. */
  readonly process?: LockHolder
}

export interface StartedEvent {
  readonly event: 'started'
  readonly date: string
  readonly unit: number
  readonly trial: number
  readonly epochs: number
  readonly host: string
  readonly pid?: number
}

export interface EndedEvent {
  readonly event: 'ended'
  readonly date: string
  readonly unit: number
  readonly trial: number
  readonly epochs: number
  /** The exit code of `train`; absent if a signal ended it. */
  readonly exitCode?: number
  readonly signal?: string
  readonly seconds: number
}

/** Trials of a rung are promoted to the next: all at once, or with asha one by one. */
export interface PromotedEvent {
  readonly event: 'promoted'
  readonly date: string
  /** The rung that they leave. */
  readonly rung: number
  /** The trials that were compared, and their scores; null for a failed one. */
  readonly scores: Readonly<Record<number, number | null>>
  /** The promoted trials. */
  readonly trials: readonly number[]
}

/** The forecast of a session, and the time that it took. */
export interface ForecastEvent {
  readonly event: 'forecast'
  readonly date: string
  readonly seconds: number
  readonly actual: number
}

export type LedgerEvent = SessionEvent | StartedEvent | EndedEvent | PromotedEvent | ForecastEvent

/** Reads the events of a sweep. A line that was cut off by a kill is skipped. */
export async function readLedger(folder: string): Promise<LedgerEvent[]> {
  const text = await readWholeFile(join(folder, sweepFiles.ledger), fileSizeLimits.text).catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  })
  return parseRecordLines(`${text}`, { event: 'string' })
}

/** An event without its date. */
export type Undated<Event> = Event extends LedgerEvent ? Omit<Event, 'date'> : never

/**
 * Appends the events that `decide` returns for the present ones, while no other process changes the ledger.
 *
 * @throws KnownError if the system refuses to write them.
 */
export async function extendLedger(
  folder: string,
  decide: (
    events: readonly LedgerEvent[],
  ) => readonly Undated<LedgerEvent>[] | Promise<readonly Undated<LedgerEvent>[]>,
): Promise<void> {
  await withLock(folder, async () => {
    const added = await decide(await readLedger(folder))
    if (added.length === 0) return
    const date = new Date().toISOString()
    const lines = added.map(({ event, ...rest }) => `${JSON.stringify({ event, date, ...rest })}\n`).join('')
    const path = join(folder, sweepFiles.ledger)
    try {
      await appendFile(path, (await endsInLine(path)) ? `\n${lines}` : lines)
    } catch (error) {
      const why = fileFailure(error)
      if (why === undefined) throw error
      const help =
        'Free some space or fix the folder, then run the command again with --resume: trials keep their checkpoints.'
      throw new KnownError('training', `${path} cannot be written: ${why}.`, help)
    }
  })
}

/** Whether a file ends within a line, because its writer was killed. */
async function endsInLine(path: string): Promise<boolean> {
  const file = await open(path, 'a+')
  try {
    const { size } = await file.stat()
    if (size === 0) return false
    const { buffer } = await file.read(Buffer.alloc(1), 0, 1, size - 1)
    return buffer[0] !== 10
  } finally {
    await file.close()
  }
}
