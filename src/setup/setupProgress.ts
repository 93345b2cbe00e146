/** The functions by which setup reports its progress. It prints nothing itself. */
export interface SetupProgress {
  /** Called when a step begins, with one line such as `Unpacking libtensorflow 2.15.1`. */
  step(text: string): void
  /** Called with the number of bytes that the current step has processed, and the total if it is known. */
  bytes(done: number, total: number | undefined): void
  /** Called with a line about something other than a step, such as a source that could not be used. */
  note(text: string): void
  /** Called with each line that a tool (pip, node-gyp, the compiler) prints, for a verbose mode. */
  output?(line: string): void
}

/** A progress that prints nothing. */
export const silentProgress: SetupProgress = { step() {}, bytes() {}, note() {} }
