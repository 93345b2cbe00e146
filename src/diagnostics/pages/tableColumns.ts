/** The pages on columns of tables that are hardly meant as they would be read, and on labels. */
import type { DiagnosticCode } from '../codes.ts'
import type { DiagnosticPage } from './page.ts'

/**
 * A spec on the table docs/examples/visits.csv.
 *
 * @param options Lines of the dataset, besides its path and label.
 */
function visits(options: readonly string[], { label = 'state', dense = 'units: 2, activation: softmax' } = {}): string {
  const dataset = ['path: docs/examples/visits.csv', `label: ${label}`, ...options].map((line) => `    ${line}\n`)
  return `name: example\ndataset:\n  csv:\n${dataset.join('')}layers:\n  - dense: { ${dense} }\ntraining: { batchSize: 3 }\n`
}

export const tableColumnPages = {
  'data/nearly-numeric': {
    why: 'Read as it is, each different text of the column would be a category, and so an input of its own. A number was mistyped, or is written with a decimal comma, a unit or a separator of thousands.',
    wrong: visits(['columns: { id: ignore, day: ignore, email: ignore, city: ignore, grade: ignore, dose: ignore }']),
    right: visits([
      'columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, grade: ignore }',
      "decimal: ','",
    ]),
    help: "Correct the cell; with decimal commas, say `decimal: ','`. If the texts are categories, state the column: `oneHot`.",
  },
  'data/nearly-unique': {
    why: 'What is different in each row names the sample: e-mail addresses, identifiers, free text. The network could only learn the rows by heart.',
    wrong: visits(['columns: { id: ignore, day: ignore, city: ignore, weight: ignore, dose: ignore }']),
    right: visits(['columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }']),
    help: 'If such a column is meant, state it: `index` gives the number that `embedding` takes.',
  },
  'data/dates': {
    why: 'Each date would be a category: nothing is learned of those that come later, nor that one is after another.',
    wrong: visits(['columns: { id: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }']),
    right: visits(['columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }']),
    help: 'Write what matters as numbers, such as the month, the weekday or the days since an event.',
  },
  'data/too-many-categories': {
    why: 'Each category is an input of its own. More of them than a column of categories usually has are an oversight more often than not.',
    wrong: visits([
      'columns: { id: ignore, day: ignore, email: ignore, weight: ignore, grade: ignore, dose: ignore }',
      'maxCategories: 2',
    ]),
    right: visits([
      'columns: { id: ignore, day: ignore, email: ignore, city: oneHot, weight: ignore, grade: ignore, dose: ignore }',
    ]),
    help: '`maxCategories` of the dataset, or what `columns` states, allows them.',
  },
  'data/similar-categories': {
    why: 'They are two categories, and so two inputs, of which the network learns separately.',
    wrong: visits(['columns: { id: ignore, day: ignore, email: ignore, weight: ignore, grade: ignore, dose: ignore }']),
    right: visits(['columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }']),
  },
  'data/row-numbers': {
    why: 'What a row is called tells nothing of it, and often more than it should: sorted rows have their class in it.',
    wrong: visits([
      'columns: { day: ignore, email: ignore, city: ignore, weight: ignore, grade: ignore, dose: ignore }',
    ]),
    right: visits(['columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }']),
    help: 'pandas writes such a column without a name, unless `index=False` is said.',
  },
  'data/bad-label': {
    why: 'Classes are numbered from 0 on. What is not one of them is learned as something that it is not.',
    wrong: visits(
      [
        'labels: classes',
        'columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }',
      ],
      { label: 'grade', dense: 'units: 4, activation: softmax' },
    ),
    right: visits(
      [
        'labels: values',
        'columns: { id: ignore, day: ignore, email: ignore, city: ignore, weight: ignore, dose: ignore }',
      ],
      { label: 'grade', dense: 'units: 1' },
    ),
    help: 'Arrays of labels hold whole numbers from 0 on, or a row for each sample with a single 1.',
  },
} satisfies Partial<Record<DiagnosticCode, DiagnosticPage>>
