/** The sections that exist only in specs as written. */
export const composingKeys: ReadonlySet<string> = new Set([
  'vars',
  'blocks',
  'extends',
  'override',
  'abstract',
  'sweep',
])
