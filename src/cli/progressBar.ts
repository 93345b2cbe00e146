/** The progress bars of all commands, on terminals that can rewrite a line. */
import { SingleBar } from 'cli-progress'

/**
 * Creates a bar that fits its terminal.
 *
 * @param format The line, with `{bar}`, `{value}`, `{total}` and the names of other values.
 */
export function createBar(stream: NodeJS.WriteStream, format: string): SingleBar {
  return new SingleBar({
    format,
    stream,
    barsize: Math.min(24, Math.max(6, Math.floor((stream.columns ?? 80) / 8))),
    // A killed process cannot restore the terminal: the cursor stays visible, and lines that are too long are cut off instead
    // of switching the wrapping of lines off.
    hideCursor: false,
    linewrap: true,
    clearOnComplete: true,
    barCompleteChar: '━',
    barIncompleteChar: '╌',
  })
}
