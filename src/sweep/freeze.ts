/** Freezes a trial: the text of its plain spec, which needs neither the sweep nor the files that it extends. */
import { printSpec } from '../compose/expandedSpec.ts'
import { mapOf } from '../compose/expandValue.ts'
import { movePaths } from '../compose/specPaths.ts'
import { yamlText } from '../source/edits.ts'
import { escapeInLine } from '../system/controlCharacters.ts'
import { joinPaths, relativePath } from '../system/paths.ts'
import type { TrialValue } from './trial.ts'

/** The folders from which relative paths start: that of the spec, and that of the frozen spec. */
export interface FrozenPlace {
  readonly from: string
  readonly to: string
}

/** @param plain The plain spec with the values of the trial. */
export function freezeSpec(plain: unknown, values: readonly TrialValue[], { from, to }: FrozenPlace): string {
  const moved = Object.entries(plain as Readonly<Record<string, unknown>>).map(
    ([key, value]) => [key, movePaths(key, value, (path) => relativePath(to, joinPaths(from, path)))] as const,
  )
  // Sorted, so that the text and its hash do not depend on the order of the sweep.
  const lines = values
    .map(({ path, value }) => `# ${escapeInLine(path)}: ${escapeInLine(yamlText(value))}\n`)
    .toSorted()
  return `# A trial of a sweep, with these values:\n${lines.join('')}${printSpec(mapOf(moved))}`
}
