/** Inspects an output that predicts classes: confusion matrix, scores of each class, and its most confident mistakes. */
import type { Answers } from './predictionCollector.ts'
import { confusionOf, macroAverage, scoreClasses } from './classScores.ts'
import type { ClassInspection, Mistake } from './inspection.ts'

/** The number of mistakes to keep. */
const mistakesKept = 24

export interface ClassPredictions extends Answers {
  readonly output: string
  readonly labels: Float32Array
  readonly classNames: readonly string[]
  /** Whether the output gives logits, which a softmax or sigmoid turns into probabilities. */
  readonly fromLogits: boolean
}

/** A single unit is the confidence in the second of two classes; otherwise each class has its own unit. */
export function inspectClasses(answers: ClassPredictions): ClassInspection {
  const { output, labels, classNames } = answers
  const { confidences, isProbability } = confidencesOf(answers)
  const classes = classNames.length
  const count = labels.length
  const named = new Int32Array(count)
  for (let sample = 0; sample < count; sample += 1) named[sample] = largestIn(confidences, sample * classes, classes)
  const confusion = confusionOf(labels, named, classes)
  const scores = scoreClasses(confusion)
  const right = confusion.reduce((total, row, index) => total + row[index]!, 0)
  return {
    kind: 'classes',
    output,
    classNames,
    accuracy: count === 0 ? 0 : right / count,
    confusion,
    scores,
    average: macroAverage(scores),
    isProbability,
    mistakes: surestMistakes(labels, named, confidences, classes),
  }
}

/** The confidences of each sample: a row with a number for each class. */
export function confidencesOf({ rows, units, classNames, fromLogits }: Omit<ClassPredictions, 'labels' | 'output'>): {
  readonly confidences: Float32Array
  readonly isProbability: boolean
} {
  const classes = classNames.length
  const count = rows.length / units
  const confidences = new Float32Array(count * classes)
  for (let sample = 0; sample < count; sample += 1) {
    const answer = Array.from(rows.subarray(sample * units, (sample + 1) * units))
    const row = units === 1 ? twoSides(answer[0]!, fromLogits) : softmaxIf(fromLogits, answer)
    confidences.set(row.slice(0, classes), sample * classes)
  }
  return { confidences, isProbability: areProbabilities(confidences, classes) }
}

/** Whether an output with this many units predicts a class: it needs a unit for each class, or one for two classes. */
export function namesClasses(units: number, classes: number): boolean {
  return classes > 1 && (units >= classes || (units === 1 && classes === 2))
}

function twoSides(answer: number, fromLogits: boolean): number[] {
  const yes = fromLogits ? 1 / (1 + Math.exp(-answer)) : answer
  return [1 - yes, yes]
}

function softmaxIf(fromLogits: boolean, answer: number[]): number[] {
  if (!fromLogits) return answer
  const largest = Math.max(...answer)
  const powers = answer.map((value) => Math.exp(value - largest))
  const sum = powers.reduce((total, power) => total + power, 0)
  return powers.map((power) => power / sum)
}

/** Whether each row sums to 1 without negative values. A loss such as hinge trains scores of any size. */
function areProbabilities(confidences: Float32Array, classes: number): boolean {
  for (let start = 0; start < confidences.length; start += classes) {
    const row = confidences.subarray(start, start + classes)
    const sum = row.reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) > 1e-3 || row.some((value) => value < -1e-6)) return false
  }
  return true
}

/** The mistakes with the highest confidence in the wrong class; among equal ones, the lowest in the true class. */
function surestMistakes(
  labels: Float32Array,
  named: Int32Array,
  confidences: Float32Array,
  classes: number,
): Mistake[] {
  const mistakes: Mistake[] = []
  for (const [index, truth] of labels.entries()) {
    if (named[index] === truth) continue
    const confidence = confidences[index * classes + named[index]!]!
    const truthConfidence = confidences[index * classes + truth]!
    mistakes.push({ index, truth, named: named[index]!, confidence, truthConfidence })
  }
  const byConfidence = (a: Mistake, b: Mistake) =>
    b.confidence - a.confidence || a.truthConfidence - b.truthConfidence || a.index - b.index
  return mistakes.toSorted(byConfidence).slice(0, mistakesKept)
}

function largestIn(values: Float32Array, start: number, length: number): number {
  let largest = 0
  for (let index = 1; index < length; index += 1) {
    if (values[start + index]! > values[start + largest]!) largest = index
  }
  return largest
}
