/** Shows how many samples were read: as a bar on a terminal, otherwise as a line every five seconds. */
import type { SingleBar } from 'cli-progress'
import { formatCount } from '../diagnostics/formatCount.ts'
import { createBar } from './progressBar.ts'
import { canRewriteLines } from './terminal.ts'

export interface SampleProgress {
  update(done: number, total: number): void
  stop(): void
}

const secondsBetweenLines = 5

export function createSampleProgress(stream: NodeJS.WriteStream, quiet: boolean): SampleProgress {
  let bar: SingleBar | undefined
  let shown = performance.now()
  const showLine = (done: number, total: number) => {
    if (done === total || performance.now() - shown < secondsBetweenLines * 1000) return
    shown = performance.now()
    stream.write(`  ${formatCount(done)}/${formatCount(total)}\n`)
  }
  const showBar = (done: number, total: number) => {
    if (bar === undefined) {
      bar = createBar(stream, '{value}/{total} {bar}')
      bar.start(total, done)
    }
    bar.update(done)
  }
  return {
    update(done, total) {
      if (!quiet) (canRewriteLines(stream) ? showBar : showLine)(done, total)
    },
    stop() {
      bar?.stop()
      bar = undefined
      shown = performance.now()
    },
  }
}
