/** An empty entry of a list is reported where it is, not where its list begins. */
import { describe, expect, it } from 'vitest'
import { checkText } from '../../src/analyze.ts'
import { LineIndex } from '../../src/diagnostics/positions.ts'

const head = 'name: t\ndataset: mnist\n'
const layers = 'layers:\n  - flatten\n  - dense: { units: 10, activation: softmax }\n'

/** `▮` is where the diagnostic begins. */
const rows: readonly (readonly [title: string, marked: string])[] = [
  ['a dash alone', `${head}layers:\n  - flatten\n  ▮-\n  - dense: { units: 10 }\n`],
  ['a dash with a comment', `${head}layers:\n  - flatten\n  ▮- # nothing - here\n  - dense: { units: 10 }\n`],
  ['a dash before empty lines', `${head}layers:\n▮-\n\n  # later - on\n\n- flatten\n- dense: { units: 10 }\n`],
  ['a tilde', `${head}layers:\n  - flatten\n  - ▮~\n  - dense: { units: 10 }\n`],
  ['null', `${head}layers: [flatten, ▮null, dense: { units: 10 }]\n`],
  ['the last layer', `${head}${layers}  ▮-\n`],
  ['the end of the text', `${head}${layers}  ▮-`],
  ['an anchor alone', `${head}layers:\n  ▮- &a\n  - flatten\n`],
  ['a metric', `${head}${layers}metrics:\n  - accuracy\n  ▮-\n`],
  ['a metric of an output', `${head}${layers}metrics:\n  dense:\n    - accuracy\n    ▮-\n`],
  ['a callback', `${head}${layers}training:\n  callbacks:\n    - terminateOnNaN\n    ▮-\n`],
  ['an augmentation', `${head}${layers}augment:\n  ▮-\n  - randomCrop: { padding: 2 }\n`],
  ['an output', `${head}${layers}outputs:\n  - dense\n  ▮-\n`],
  ['an input', `${head}${layers}  - add:\n      inputs:\n        - dense\n        ▮-\n`],
  ['an ignored code', `${head}${layers}ignore:\n  ▮-\n`],
  [
    'a milestone',
    `${head}${layers}training:\n  schedule:\n    multiStep:\n      at:\n        ▮- ~\n`.replace('▮- ~', '- ▮~'),
  ],
  ['a class weight', `${head}${layers}training:\n  classWeights:\n    ▮3:\n`],
]

describe.each([
  ['line feeds', '\n'],
  ['line ends of Windows', '\r\n'],
])('with %s', (_name, lineBreak) => {
  it.each(rows)('%s', (_title, marked) => {
    const text = marked.replaceAll('\n', lineBreak)
    const at = text.indexOf('▮')
    const plain = text.replace('▮', '')
    const lines = new LineIndex(plain)
    const errors = checkText(plain, 't.yaml').diagnostics.filter(({ severity }) => severity === 'error')
    const places = errors
      .filter(({ code }) => code === 'schema/wrong-type')
      .map(({ span }) => lines.position(span.start))
    expect(places).toEqual([lines.position(at)])
  })
})
