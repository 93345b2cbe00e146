/** The callback that writes logs for TensorBoard. */
import { appendFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFileWhole } from '../../runtime/runs/writeWhole.ts'
import { writeRunFile } from '../../runtime/runs/runFileError.ts'
import { type EpochLogs } from '../../runtime/training/trainingListener.ts'
import { type Callback } from '../../runtime/training/callback.ts'
import { beginEventFile, encodeEvent } from '../../runtime/formats/eventFile.ts'
import { createFolder } from '../../system/createFolder.ts'

/** The curves that TensorBoard draws in one chart: of training and of validation samples. */
type Curve = 'train' | 'validation'

/**
 * Writes the logs of each epoch for TensorBoard, to `tensorboard` in the run folder, with the tags and the two folders of
 * Keras's callback: `epoch_loss` in `train` and `validation`. A resumed run rewrites its file with the earlier epochs, so
 * each epoch occurs once.
 */
export function tensorBoard(): Callback {
  /** The end of each epoch, in seconds since 1970. */
  let times: number[] = []
  let file = ''
  return {
    name: 'tensorBoard',
    async onTrainBegin({ folder, history }) {
      const now = Date.now() / 1000
      file = `events.out.tfevents.${Math.floor(now)}.shapewright`
      times = times.slice(0, history.length)
      if (folder === undefined) return
      const began = beginEventFile(times[0] ?? now)
      for (const curve of curvesOf(history)) {
        const events = history.map((logs, index) => epochEvent(curve, logs, times[index] ?? now))
        await writeAnew(join(folder, 'tensorboard', curve), file, [began, ...events])
      }
    },
    async onEpochEnd(logs, { folder, history }) {
      const now = Date.now() / 1000
      times.push(now)
      if (folder === undefined) return
      for (const curve of curvesOf([logs])) {
        const path = join(folder, 'tensorboard', curve)
        if (history.length === 1) await writeAnew(path, file, [beginEventFile(now)])
        await writeRunFile(join(path, file), () => appendFile(join(path, file), epochEvent(curve, logs, now)))
      }
    },
    save: () => ({ values: { times } }),
    restore({ values }) {
      times = [...(values as { readonly times: readonly number[] }).times]
    },
  }
}

function curvesOf(history: readonly EpochLogs[]): Curve[] {
  const [first] = history
  if (first === undefined) return []
  return 'val_loss' in first ? ['train', 'validation'] : ['train']
}

function epochEvent(curve: Curve, { epoch, ...logs }: EpochLogs, wallTime: number): Uint8Array {
  const own = Object.entries(logs).filter(([name]) => name.startsWith('val_') === (curve === 'validation'))
  const scalars = Object.fromEntries(own.map(([name, value]) => [`epoch_${name.replace(/^val_/, '')}`, value]))
  return encodeEvent({ wallTime, step: epoch, scalars })
}

async function writeAnew(folder: string, name: string, events: readonly Uint8Array[]): Promise<void> {
  await writeRunFile(folder, async () => {
    createFolder(folder)
    await writeFileWhole(join(folder, name), events)
    const old = (await readdir(folder)).filter((other) => other.startsWith('events.') && other !== name)
    for (const other of old) await rm(join(folder, other), { force: true })
  })
}
