/** Every diagnostic code, `phase/what-is-wrong`, with the one sentence that says what it means. */
export const diagnosticCodes = {
  'source/syntax': 'The text is not valid YAML.',
  'source/duplicate-key': 'A map holds the same key twice.',
  'source/tuple': 'A list is written in parentheses.',
  'source/not-a-map': 'The spec as a whole is not a map of keys to values.',
  'source/unknown-alias': 'An alias names an anchor that does not stand before it.',
  'source/recursive-alias': 'An anchor contains itself.',
  'source/too-large': 'The text, or what its aliases expand to, is beyond what a spec can be.',
  'schema/unknown-key': 'A key is not part of the language here.',
  'schema/missing-key': 'A key that must be given is missing.',
  'schema/wrong-type': 'A value is of another type than the key takes.',
  'schema/out-of-range': 'A number is outside the range that the key allows.',
  'schema/unknown-value': 'A value is not one of those that the key takes.',
  'schema/bad-name': 'A name does not match ^[A-Za-z][A-Za-z0-9_-]*$.',
  'schema/wrong-length': 'A list has too few or too many items.',
  'schema/unknown-layer': 'A layer of this type does not exist.',
  'schema/options-required': 'A type that needs options is written bare.',
  'schema/one-type': 'An item is a map of one type to its options, and has no key or several.',
  'graph/no-input': 'Nothing says what the shape of the input is.',
  'graph/no-layers': 'The network has no layer besides its input.',
  'graph/unknown-input': 'A layer names an input that no layer has.',
  'graph/duplicate-name': 'Two layers have the same name.',
  'graph/cycle': 'Layers feed each other in a circle.',
  'graph/wrong-arity': 'A layer has more or fewer inputs than it takes.',
  'graph/unused-layer': 'Nothing uses what a layer computes.',
  'graph/unknown-output': '`outputs` names a layer that does not exist.',
  'graph/input-not-first': 'An input layer stands below other layers, or names inputs of its own.',
  'shape/wrong-rank': 'A layer takes an input with another number of axes.',
  'shape/kernel-exceeds-input': 'A kernel or pooling window is larger than what it slides over.',
  'shape/falls-to-zero': 'A size becomes zero or negative.',
  'shape/expect-not-met': 'The shape that `expect` states is not the proven one.',
  'shape/incompatible-inputs': 'The inputs of a layer do not fit each other.',
  'shape/size-mismatch': 'The number of values in and out of a layer differ.',
  'shape/unknown-size': 'A size that must be known before the run is not.',
  'shape/strides-with-dilation': 'Strides and dilation above 1 cannot be combined.',
  'shape/bad-axis': 'An axis lies outside the shape.',
  'shape/initializer-misfit': 'An initializer cannot make a weight of this shape.',
  'engine/not-trainable': 'The engine has no gradient for this layer.',
  'engine/not-implemented': 'The engine does not implement this.',
  'meaning/input-shape': 'The input that the spec states is not the shape of the dataset.',
  'meaning/class-count': 'The last layer has another number of units than the dataset has classes.',
  'meaning/loss-activation': 'The loss does not fit the activation of the last layer.',
  'meaning/loss-labels': 'The loss does not fit the labels of the dataset.',
  'meaning/single-softmax': 'Softmax over a single unit is always 1.',
  'meaning/output-rank': 'The output of the network is not one vector a sample.',
  'meaning/batch-exceeds-data': 'The batch is larger than the training set.',
  'meaning/learning-rate': 'The learning rate is far outside what the optimizer bears.',
  'meaning/dropout-before-output': 'Dropout stands directly before the output.',
  'meaning/redundant-bias': 'A bias directly before batch normalization has no effect.',
  'meaning/nothing-to-train': 'The network has no trainable weights.',
  'meaning/needless-ignore': '`ignore` names a diagnostic that the spec does not have.',
} as const

export type DiagnosticCode = keyof typeof diagnosticCodes

/** The codes of warnings and hints, which a spec may silence by `ignore`; all others are errors. */
export const ignorableCodes = [
  'graph/unused-layer',
  'meaning/learning-rate',
  'meaning/dropout-before-output',
  'meaning/redundant-bias',
] as const satisfies readonly DiagnosticCode[]

export function isDiagnosticCode(word: string): word is DiagnosticCode {
  return Object.hasOwn(diagnosticCodes, word)
}
