/** How the set-up tells what it does. It prints nothing itself. */
export interface SetupProgress {
  /** A new step begins: one line in the present tense, such as `Unpacking libtensorflow 2.15.1`. */
  step(text: string): void
  /** Bytes of the current step that are done; `total` where it is known. */
  bytes(done: number, total: number | undefined): void
  /** Something worth one line that is no step, such as a source that could not be used. */
  note(text: string): void
  /** A line that a tool printed (pip, node-gyp, the compiler); for a verbose mode. */
  output?(line: string): void
}

/** A progress that says nothing. */
export const silentProgress: SetupProgress = { step() {}, bytes() {}, note() {} }
