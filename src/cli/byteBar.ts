/** Shows the bytes of a download as a progress bar on a terminal. */
import { SingleBar } from 'cli-progress'

export function createByteBar(stream: NodeJS.WriteStream, quiet: boolean) {
  let bar: SingleBar | undefined
  const megabytes = (count: number) => Math.round(count / 1e6)
  return {
    update(done: number, total: number | undefined) {
      if (quiet || stream.isTTY !== true || total === undefined) return
      bar ??= new SingleBar({
        format: '  {bar} {value}/{total} MB',
        stream,
        barsize: 32,
        hideCursor: true,
        clearOnComplete: true,
      })
      if (!bar.isActive) bar.start(megabytes(total), 0)
      bar.update(megabytes(done))
    },
    stop() {
      bar?.stop()
      bar = undefined
    },
  }
}
