/** Chooses the changes of a spec that are made together, because they do not touch each other. */
import type { Item } from './items.ts'

/** How much a change must do, as a share of what the best one does: a large network would take too many steps one by one. */
export const leastShare = 0.8

/** @param itemsOf The items that a change replaces. */
export function bestWithoutOverlaps<T extends { readonly gain: number }>(
  changes: readonly T[],
  itemsOf: (change: T) => readonly Item[],
): T[] {
  const sorted = changes.toSorted((a, b) => b.gain - a.gain)
  const touched = new Set<Item>()
  const chosen: T[] = []
  for (const change of sorted) {
    if (change.gain < leastShare * sorted[0]!.gain) break
    const items = itemsOf(change)
    if (items.some((item) => touched.has(item))) continue
    for (const item of items) touched.add(item)
    chosen.push(change)
  }
  return chosen
}
