/** Tables with mistakes, and what `check --data` finds in them. */

type Row = readonly [what: string, text: string, options: string, rest: string, want: readonly (readonly string[])[]]

export const small = 'training: { batchSize: 2 }'

export const tables: readonly Row[] = [
  ['that is sound', 'a,b,kind\n1,2,cat\n2,3,dog\n3,1,cat\n', '', small, []],
  [
    'with a number beyond float32, below a comment of two lines',
    'a,note,kind\n1,"x\ny",cat\n-1e40,z,dog\n3,z,cat\n',
    '',
    small,
    [
      [
        'error data/not-finite: 1 of 3 samples contains a value that is NaN or infinite',
        'table.csv:4: `a` is -Infinity',
      ],
    ],
  ],
  [
    'with equal rows of two classes',
    'a,kind\n1,cat\n2,dog\n1,dog\n',
    '',
    small,
    [
      [
        'warning data/contradictory-labels: 1 sample has an equal sample with another label',
        'table.csv:4: `dog`, but `cat` in table.csv:2, which is equal',
      ],
    ],
  ],
  [
    'whose last rows, which validate, stand there before',
    'a,kind\n1,cat\n2,dog\n3,dog\n1,cat\n2,dog\n',
    '',
    'training: { batchSize: 2, validationSplit: 0.4 }',
    [
      [
        'warning data/leaked-samples: 2 of 2 validation samples are also training samples',
        'table.csv:5: the same as table.csv:2',
        'table.csv:6: the same as table.csv:3',
      ],
    ],
  ],
  [
    'that is sorted, so that one class is left to train on',
    'a,kind\n1,cat\n2,cat\n3,cat\n4,dog\n5,dog\n',
    '',
    'training: { batchSize: 2, validationSplit: 0.4 }',
    [['error data/one-class: all 3 training samples have the class `cat`']],
  ],
  [
    'that is sorted, so that one class is left to validate on',
    'a,kind\n1,cat\n2,cat\n3,dog\n4,dog\n5,dog\n',
    '',
    'training: { batchSize: 2, validationSplit: 0.4 }',
    [['warning data/missing-class: among the 2 validation samples there is only one of 2 classes: `dog`']],
  ],
  [
    'the same, held out by class',
    'a,kind\n1,cat\n2,cat\n3,dog\n4,dog\n5,dog\n',
    '',
    'training: { batchSize: 2, validationSplit: 0.4, stratified: true }',
    [],
  ],
  [
    'with columns that are the same everywhere',
    'a,unit,b,kind\n1,cm,7,cat\n2,cm,7,dog\n',
    ', columns: { unit: { oneHot: { values: [cm, m] } } }',
    small,
    [['hint data/constant-column: the columns `unit`, `b` are constant in all 2 training samples']],
  ],
  [
    'with a mistake that the header does not tell: the line stands in the message',
    `a,kind\n${'1,cat\n2,dog\n'.repeat(20_000)},cat\n`,
    '',
    small,
    [['error data/unreadable: table.csv, line 40002: the value of "a" is missing']],
  ],
  [
    'with warnings that are ignored',
    'a,kind\n1,cat\n2,dog\n1,dog\n',
    '',
    `${small}\nignore: [data/contradictory-labels]`,
    [],
  ],
  [
    'without what is ignored',
    'a,kind\n1,cat\n2,dog\n',
    '',
    `${small}\nignore: [data/contradictory-labels]`,
    [['hint meaning/needless-ignore: `data/contradictory-labels` does not occur in this spec']],
  ],
]
