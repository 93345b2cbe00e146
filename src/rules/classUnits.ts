/** Finds the number of classes that the network has units for. */
import { fitsLabels, hasFinalUnits, trainedOutputs } from './trainedOutputs.ts'
import type { CheckedNetwork } from './checkedNetwork.ts'

/** Returns the smallest number of units among outputs that a loss compares with classes; undefined if there is no such output. */
export function findClassUnits(network: CheckedNetwork): number | undefined {
  const found = trainedOutputs(network).flatMap((judged) => {
    const { loss, units } = judged
    const isOfClasses = loss.labels.classes !== undefined && fitsLabels(judged, network.dataset)
    return units !== undefined && units > 1 && isOfClasses && hasFinalUnits(judged, network) ? [units] : []
  })
  return found.length === 0 ? undefined : Math.min(...found)
}
