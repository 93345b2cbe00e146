import type { TextEdit } from '../diagnostics/diagnostic.ts'

/**
 * Returns the edits that turn one text into another: one for each line that differs, or one for all lines if their number differs.
 * An editor keeps the cursor and the folds around them.
 */
export function editsBetween(before: string, after: string): readonly TextEdit[] {
  const [old, fresh] = [before.split('\n'), after.split('\n')]
  if (old.length !== fresh.length) return changeOf(before, after, 0)
  let start = 0
  return old.flatMap((line, index) => {
    const edits = changeOf(line, fresh[index]!, start)
    start += line.length + 1
    return edits
  })
}

/** The change without what both texts begin and end with. */
function changeOf(before: string, after: string, offset: number): readonly TextEdit[] {
  if (before === after) return []
  const most = Math.min(before.length, after.length)
  let [start, same] = [0, 0]
  while (start < most && before[start] === after[start]) start += 1
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same += 1
  const span = { start: offset + start, end: offset + before.length - same }
  return [{ span, newText: after.slice(start, after.length - same) }]
}
