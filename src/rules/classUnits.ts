/** How many classes the network has units for. */
import { fitsLabels, hasFinalUnits, judgedOutputs } from './judgedOutputs.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

/** The units of the output with the fewest, of those that a loss compares with classes; undefined where there is none. */
export function findClassUnits(network: CheckedNetwork): number | undefined {
  const found = judgedOutputs(network).flatMap((judged) => {
    const { loss, units } = judged
    const isOfClasses = loss.labels.classes !== undefined && fitsLabels(judged, network.dataset)
    return units !== undefined && units > 1 && isOfClasses && hasFinalUnits(judged, network) ? [units] : []
  })
  return found.length === 0 ? undefined : Math.min(...found)
}
