/** Prints calls of PyTorch. */

/** The options of a call that are given: `{ stride: '2', bias: undefined }` → `stride=2`. */
export type Options = Readonly<Record<string, string | undefined>>

export function printCall(callee: string, args: readonly string[], options: Options = {}): string {
  const named = Object.entries(options).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]))
  return `${callee}(${[...args, ...named].join(', ')})`
}
