/**
 * Finds samples with equal values: validation or test samples that are also training samples, and samples with different
 * labels. Keeps only a hash of each sample.
 */
import { hash } from 'node:crypto'
import { countOf, formatCount } from '../../diagnostics/formatCount.ts'
import {
  nameSample,
  Places,
  placeOf,
  splitWords,
  type DataFinding,
  type SampleCheck,
  type Split,
  type SplitName,
} from './finding.ts'

interface SeenSample {
  readonly split: Split
  readonly sample: number
}

export function checkEqualSamples(classNames: readonly string[]): SampleCheck {
  const splits: Split[] = []
  const starts: number[] = []
  let seen = 0
  /** `firsts` maps a hash to the first sample with it; `groups` maps that sample to all equal ones if there are several. */
  const firsts = new Map<string, number>()
  const groups = new Map<number, number[]>()
  const lookUp = (number: number): SeenSample => {
    const index = starts.findLastIndex((start) => start <= number)
    return { split: splits[index]!, sample: number - starts[index]! }
  }
  return {
    take(split, sample, { buffer, byteOffset, byteLength }) {
      if (splits.at(-1) !== split) {
        splits.push(split)
        starts.push(seen)
        seen += split.samples.count
      }
      const number = starts.at(-1)! + sample
      const digest = hash('sha256', new Uint8Array(buffer, byteOffset, byteLength), 'binary')
      const first = firsts.get(digest)
      const group = first === undefined ? undefined : groups.get(first)
      if (first === undefined) firsts.set(digest, number)
      else if (group === undefined) groups.set(first, [first, number])
      else group.push(number)
    },
    findings() {
      const equal = [...groups.values()].map((numbers) => numbers.map(lookUp))
      return [...findContradictions(equal, classNames), ...findLeaks(equal, splits)]
    },
  }
}

/** Finds equal samples of different classes. Labels that are values may differ: the inputs may not determine them. */
function findContradictions(equal: readonly SeenSample[][], classNames: readonly string[]): DataFinding[] {
  const places = new Places()
  for (const [first, ...others] of equal) {
    const other = others.find((one) => !haveEqualLabels(one, first!))
    if (other === undefined || first!.split.samples.classes === undefined) continue
    const nameLabel = (one: SeenSample) => `\`${classNames[labelOf(one)] ?? labelOf(one)}\``
    places.add(() => {
      const twin = `${nameLabel(first!)} in ${nameSample(first!.split, first!.sample)}`
      return placeOf(other.split, other.sample, `${nameLabel(other)}, but ${twin}, which is equal`)
    })
  }
  if (places.count === 0) return []
  return [
    {
      code: 'data/contradictory-labels',
      message: `${countOf(places.count, 'sample')} ${places.count === 1 ? 'has' : 'have'} an equal sample with another label`,
      help: 'one of the labels is wrong, or the inputs do not determine the class',
      evidence: places.evidence,
    },
  ]
}

function findLeaks(equal: readonly SeenSample[][], splits: readonly Split[]): DataFinding[] {
  const leaks = new Map<SplitName, { readonly leaked: SeenSample; readonly twin: SeenSample }[]>()
  for (const group of equal) {
    const trained = group.filter(({ split }) => split.name === 'train')
    // The first training sample of each label.
    const twins = new Map(trained.toReversed().map((one) => [labelOf(one), one] as const))
    for (const leaked of group) {
      const twin = twins.get(labelOf(leaked))
      const { name } = leaked.split
      if (name === 'train' || twin === undefined) continue
      const found = leaks.get(name)
      if (found === undefined) leaks.set(name, [{ leaked, twin }])
      else found.push({ leaked, twin })
    }
  }
  return splits.flatMap((split) => {
    const found = leaks.get(split.name)?.toSorted((a, b) => a.leaked.sample - b.leaked.sample)
    return found === undefined ? [] : [leakedSamples(split, found)]
  })
}

function leakedSamples(
  split: Split,
  found: readonly { readonly leaked: SeenSample; readonly twin: SeenSample }[],
): DataFinding {
  const places = new Places()
  for (const { leaked, twin } of found)
    places.add(() => placeOf(split, leaked.sample, `the same as ${nameSample(twin.split, twin.sample)}`))
  const { count, evidence } = places
  return {
    code: 'data/leaked-samples',
    message: `${formatCount(count)} of ${formatCount(split.samples.count)} ${splitWords[split.name]} samples ${count === 1 ? 'is' : 'are'} also ${count === 1 ? 'a training sample' : 'training samples'}`,
    help: 'metrics on them say nothing about new data: keep each sample in one split',
    evidence,
  }
}

function labelOf({ split, sample }: SeenSample): number {
  return split.samples.labels[sample]!
}

function haveEqualLabels(one: SeenSample, other: SeenSample): boolean {
  return labelOf(one) === labelOf(other)
}
