/** Computes precision, recall and F1 of each class from true and predicted classes. */

export interface ClassScores {
  /** The fraction of the samples predicted as this class that have it; null if no sample was predicted as it. */
  readonly precision: number | null
  /** The fraction of the samples of this class that were predicted as it; null if it has no samples. */
  readonly recall: number | null
  /** The harmonic mean of precision and recall; null if one of them is. */
  readonly f1: number | null
  /** The number of samples of this class. */
  readonly support: number
}

/** Counts of samples: a row for each true class, a column for each predicted class. */
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

/** As `precision_recall_fscore_support` of scikit-learn, except that 0/0 is null instead of 0. */
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

/** The unweighted mean over the classes that have samples; null counts as 0. */
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
