/** The pages on texts that are no YAML, or no spec. */
import { spec, type PagesOf } from './page.ts'

const good = spec`
  name: example
  input: { shape: [4] }
  layers:
    - dense: { units: 2 }
`

export const sourcePages: PagesOf<'source'> = {
  'source/syntax': {
    why: 'What stands behind the mistake cannot be read with certainty, so nothing else of the spec is judged until it is mended.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2
    `,
    right: good,
    help: 'The usual causes are a bracket or quote that is not closed, a line that is indented unlike its neighbours, a tab, or no space behind a colon.',
  },
  'source/duplicate-key': {
    why: 'Only one of the two values can count, and YAML does not say which.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: { units: 2, units: 3 }
    `,
    right: good,
  },
  'source/tuple': {
    why: 'Parentheses mean nothing in YAML: within braces `(3, 3)` is the word `(3`, and `3)` the next key. The rest of the spec is judged as if the list were there.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: (3, 3), activation: relu }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: { filters: 8, kernelSize: [3, 3], activation: relu }
    `,
  },
  'source/not-a-map': {
    why: 'A spec says what it states under keys: `name` and `layers` at least.',
    wrong: spec`
      - dense: { units: 2 }
    `,
    right: good,
  },
  'source/unknown-alias': {
    why: 'An alias, `*conv`, repeats what an anchor of that name, `&conv`, marked above it. Without the anchor it stands for nothing.',
    wrong: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: *conv
        - conv2d: &conv { filters: 8, kernelSize: 3 }
    `,
    right: spec`
      name: example
      input: { shape: [8, 8, 1] }
      layers:
        - conv2d: &conv { filters: 8, kernelSize: 3 }
        - conv2d: *conv
    `,
  },
  'source/recursive-alias': {
    why: 'Written out, the value would have no end.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers: &all
        - dense: { units: 2 }
        - *all
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers:
        - dense: &two { units: 2 }
        - dense: *two
    `,
  },
  'source/too-large': {
    why: 'Aliases of aliases multiply: a page of text can stand for more values than fit in memory. More than five million values, 200 levels or six million characters are no spec.',
    wrong: spec`
      name: example
      input: { shape: [4] }
      layers: [dense: { units: 2 }]
      x-a: &a [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
      x-c: &c [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]
      x-d: &d [*c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c, *c]
      x-e: &e [*d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d, *d]
      x-f: &f [*e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e, *e]
    `,
    right: spec`
      name: example
      input: { shape: [4] }
      layers: [dense: { units: 2 }]
      x-a: &a [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
      x-b: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]
    `,
  },
}
