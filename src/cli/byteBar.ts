/** Shows the bytes of a download as a progress bar on a terminal. */
import type { SingleBar } from 'cli-progress'
import { createBar } from './progressBar.ts'
import { canRewriteLines } from './terminal.ts'

export function createByteBar(stream: NodeJS.WriteStream, quiet: boolean) {
  let bar: SingleBar | undefined
  const megabytes = (count: number) => Math.round(count / 1e6)
  return {
    update(done: number, total: number | undefined) {
      if (quiet || !canRewriteLines(stream) || total === undefined) return
      bar ??= createBar(stream, '  {bar} {value}/{total} MB')
      if (!bar.isActive) bar.start(megabytes(total), 0)
      bar.update(megabytes(done))
    },
    stop() {
      bar?.stop()
      bar = undefined
    },
  }
}
