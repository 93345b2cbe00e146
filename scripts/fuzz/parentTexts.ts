/** The files that a mutated text may extend: complete and broken specs, some of which extend the text itself or each other. */
import type { RandomSource } from './randomSource.ts'

const longChain = Array.from({ length: 40 }, (_none, index): [string, string] => [
  `chain/${index}.yaml`,
  `extends: ${index + 1}.yaml\nabstract: true\nvars: { v${index}: ${index} }\n`,
])

const fixed: Readonly<Record<string, string>> = {
  'self.yaml': 'extends: ./fuzz.yaml\nname: self\nvars: { n: 2 }\n',
  'ring/a.yaml': 'extends: ../ring/b.yaml\nname: a\n',
  'ring/b.yaml': 'extends: ./a.yaml\nlayers: [reLU]\n',
  'broken.yaml': 'name: broken\nlayers: [dense: { units: 3\noptimizer: sgd\n',
  'list.yaml': '- dense\n- 3\n',
  'empty.yaml': '',
  'abstract.yaml':
    'abstract: true\nvars: { n: 3 }\noptimizer: { sgd: { learningRate: $rate } }\nlayers: [dense: { units: $n }]\n',
  'base.yaml': `name: base
input: { shape: [8] }
vars: { n: 3, width: 4, rate: 0.1 }
blocks:
  a: { params: { units: $width }, layers: [{ dense: { units: $units } }, reLU] }
  bad: { params: { p: $missing }, layers: [{ dense: { unitz: $p, name: bad } }] }
layers: [{ a: { name: first } }, { repeat: { times: $n, name: rep, as: i, layers: [{ a: { units: $(i + 1) } }] } }, { dense: { name: head, units: 2 } }]
optimizer: { sgd: { learningRate: $rate } }
override: { head: { useBias: false }, first/dense: { activation: tanh } }
sweep: { grid: { vars.n: [1, 2] } }
`,
  'aliases.yaml': 'x-l: &l { reLU: { name: same } }\nname: aliases\nlayers: [*l, *l]\nvars: { n: *l }\n',
  ...Object.fromEntries(longChain),
}

const names = [
  ...Object.keys(fixed).filter((name) => !name.startsWith('chain/')),
  'chain/0.yaml',
  'chain/20.yaml',
  'fuzz.yaml',
  'none.yaml',
  '.',
]

/** The files around a text, itself included. */
export function filesAround(text: string): Readonly<Record<string, string>> {
  return { ...fixed, 'fuzz.yaml': text }
}

/** Lets a text extend one of the files. */
export function extendAny(text: string, random: RandomSource): string {
  const line = `extends: ./${random.pick(names)}\n`
  return random.chance(0.5) ? line + text : `${text}\n${line}`
}
