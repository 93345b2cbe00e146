/** How well each class is told from the others: from the classes that are and those that the network named. */

export interface ClassScores {
  /** Of the samples that were given this class, the part that has it; null where none was. */
  readonly precision: number | null
  /** Of the samples of this class, the part that was given it; null where there are none. */
  readonly recall: number | null
  /** The harmonic mean of both; null where one of them is. */
  readonly f1: number | null
  /** How many samples there are of this class. */
  readonly support: number
}

/** Counts of samples: a row for each class that is, a column for each that was named. */
export type ConfusionMatrix = readonly (readonly number[])[]

export function confusionOf(truths: Iterable<number>, named: ArrayLike<number>, classes: number): ConfusionMatrix {
  const matrix = Array.from({ length: classes }, () => Array.from({ length: classes }, () => 0))
  let sample = 0
  for (const truth of truths) {
    const row = matrix[truth]
    const column = named[sample]!
    if (row !== undefined) row[column] = (row[column] ?? 0) + 1
    sample += 1
  }
  return matrix
}

/** As scikit-learn's `precision_recall_fscore_support`, but that a share of nothing is null and not 0. */
export function scoreClasses(confusion: ConfusionMatrix): ClassScores[] {
  return confusion.map((row, index) => {
    const right = row[index]!
    const support = sumOf(row)
    const namings = sumOf(confusion.map((other) => other[index]!))
    const precision = namings === 0 ? null : right / namings
    const recall = support === 0 ? null : right / support
    const f1 = precision === null || recall === null ? null : (2 * right) / (namings + support)
    return { precision, recall, f1, support }
  })
}

/** The unweighted mean over the classes that there are samples of; what is null counts as 0. */
export function macroAverage(scores: readonly ClassScores[]): ClassScores {
  const present = scores.filter(({ support }) => support > 0)
  const mean = (key: 'precision' | 'recall' | 'f1') =>
    present.length === 0 ? null : sumOf(present.map((score) => score[key] ?? 0)) / present.length
  const support = sumOf(scores.map((score) => score.support))
  return { precision: mean('precision'), recall: mean('recall'), f1: mean('f1'), support }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
