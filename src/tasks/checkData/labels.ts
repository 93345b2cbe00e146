/** Checks the labels of each split: their range, and whether classes are missing. */
import { formatCount } from '../../diagnostics/formatCount.ts'
import { listNames, Places, placeOf, splitWords, type DataFinding, type Split } from './finding.ts'

export interface LabelFacts {
  readonly classNames: readonly string[]
  /** The number of classes that the network has units for, if it is known and a loss compares them with the labels. */
  readonly units: number | undefined
  /** Whether the last training samples were held out as validation samples, without regard to their classes. */
  readonly isHeldOut: boolean
}

export function checkLabels(splits: readonly Split[], { classNames, units, isHeldOut }: LabelFacts): DataFinding[] {
  const nameOf = (label: number): string => classNames[label] ?? String(label)
  const strays = findStrays(splits, units)
  const alike = splits.flatMap((split) => (split.name === 'train' ? findSingleLabel(split, nameOf, isHeldOut) : []))
  // Missing classes in other splits follow from these.
  const sure = [...strays, ...alike]
  return sure.length > 0 ? sure : splits.flatMap((split) => findMissingClasses(split, nameOf, isHeldOut))
}

/**
 * Finds labels that exceed the classes, or the units of the network if some classes below the largest label do not occur:
 * then the labels are wrong rather than the number of units.
 */
function findStrays(splits: readonly Split[], units: number | undefined): DataFinding[] {
  const [{ samples }] = splits as readonly [Split]
  if (samples.classes === undefined) return []
  const occurring = new Set(splits.flatMap((split) => [...countLabels(split).keys()]))
  const isGapped = occurring.size < samples.classes
  const end = isGapped && units !== undefined && units < samples.classes ? units : samples.classes
  const places = new Places()
  const strays = new Set<number>()
  for (const split of splits) {
    for (const [sample, label] of split.samples.labels.entries()) {
      if (Number.isInteger(label) && label >= 0 && label < end) continue
      strays.add(label)
      places.add(() => placeOf(split, sample, `the label is ${label}`))
    }
  }
  if (places.count === 0) return []
  const all = splits.reduce((sum, split) => sum + split.samples.count, 0)
  const allowed =
    end === units ? `the ${end} units of the network allow 0 to ${end - 1}` : `classes are 0 to ${end - 1}`
  const shown = listNames([...strays].toSorted((a, b) => a - b).map(String))
  return [
    {
      code: 'data/label-out-of-range',
      message: `${formatCount(places.count)} of ${formatCount(all)} samples ${places.count === 1 ? 'has' : 'have'} a label out of range: ${shown}; ${allowed}`,
      help: 'fix these labels or remove their samples; classes must be numbered without gaps',
      evidence: places.evidence,
    },
  ]
}

function findSingleLabel(split: Split, nameOf: (label: number) => string, isHeldOut: boolean): DataFinding[] {
  const { samples } = split
  const [label, another] = countLabels(split).keys()
  if (label === undefined || another !== undefined || !Number.isFinite(label)) return []
  const what = samples.classes === undefined ? `the label ${label}` : `the class ${listNames([nameOf(label)])}`
  return [
    {
      code: 'data/one-class',
      message:
        samples.count === 1
          ? `there is only one training sample, with ${what}`
          : `all ${formatCount(samples.count)} training samples have ${what}`,
      help: `a network cannot learn from one class${stratify(isHeldOut && samples.classes !== undefined)}`,
    },
  ]
}

/** Finds missing classes. Validation and test splits may lack a class by chance, but not all classes but one. */
function findMissingClasses(split: Split, nameOf: (label: number) => string, isHeldOut: boolean): DataFinding[] {
  const { name, samples } = split
  const { classes } = samples
  const counts = countLabels(split)
  if (classes === undefined || samples.count === 0 || counts.size >= classes) return []
  const absent = Array.from({ length: classes }, (_, label) => label).filter((label) => !counts.has(label))
  const isOfOne = counts.size === 1
  const [only = 0] = counts.keys()
  const among = `among the ${formatCount(samples.count)} ${splitWords[name]} samples`
  return [
    {
      code: 'data/missing-class',
      severity: name === 'train' || isOfOne ? 'warning' : 'hint',
      message: isOfOne
        ? `${among} there is only one of ${formatCount(classes)} classes: ${listNames([nameOf(only)])}`
        : `${formatCount(absent.length)} of ${formatCount(classes)} classes ${absent.length === 1 ? 'is' : 'are'} not ${among}: ${listNames(absent.map(nameOf))}`,
      help:
        name === 'train'
          ? `a class without training samples is not learned${stratify(isHeldOut)}`
          : `metrics say nothing about missing classes${stratify(isHeldOut && name === 'validation')}`,
    },
  ]
}

function stratify(helps: boolean): string {
  return helps
    ? '; for sorted samples, set `training: { stratified: true }` to hold out the same fraction of each class'
    : ''
}

function countLabels({ samples: { labels } }: Split): Map<number, number> {
  const counts = new Map<number, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return counts
}
