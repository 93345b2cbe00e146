/**
 * Breaks lines of Python that are longer than 120 characters, as `ruff format` does: at the last pair of brackets before
 * which the line fits. What is between the brackets goes on a line of its own, or if it does not fit there, on a line for
 * each item. Statements must have their parts in brackets; strings and comments are not broken.
 */

const longest = 120

interface Line {
  readonly indent: string
  readonly code: string
  /** With the two spaces before it. */
  readonly comment: string
}

/** Lays out statements, each a line with its indentation. A list written over several lines, with comments, stays so. */
export function layOut(text: string): string {
  const lines = text.split('\n').flatMap((line) => (fits(line) ? [line] : breakLine(splitLine(line))))
  return lines.join('\n')
}

function fits(line: string): boolean {
  return line.length <= longest
}

function splitLine(line: string): Line {
  const indent = /^ */.exec(line)![0]
  const end = endOfCode(line)
  return {
    indent,
    code: line.slice(indent.length, end).trimEnd(),
    comment: end < line.length ? `  ${line.slice(end)}` : '',
  }
}

function endOfCode(line: string): number {
  for (const { place, character, depth: _ } of scan(line)) if (character === '#') return place
  return line.length
}

function breakLine({ indent, code, comment }: Line): string[] {
  const whole = `${indent}${code}${comment}`
  if (fits(whole)) return [whole]
  const group = groupToBreak(indent, code)
  if (group === undefined) return [whole]
  const [head, inside, tail] = [
    code.slice(0, group.start + 1),
    code.slice(group.start + 1, group.end),
    code.slice(group.end),
  ]
  const deeper = `${indent}    `
  const parts = comprehensionParts(inside)
  const items = parts.length > 1 ? parts : splitItems(inside)
  const last = `${indent}${tail}${comment}`
  const isTuple = head.endsWith('(') && inside.endsWith(',')
  if (fits(`${deeper}${inside}`) && !isTuple && !hasLongerTail(last))
    return [`${indent}${head}`, `${deeper}${inside}`, last]
  const isAlone = items.length === 1 && !isTuple
  const comma = isAlone || parts.length > 1 ? '' : ','
  const broken = items.flatMap((item) => breakLine({ indent: deeper, code: `${item}${comma}`, comment: '' }))
  return [`${indent}${head}`, ...broken, last]
}

function hasLongerTail(last: string): boolean {
  return !fits(last)
}

/** The element of a comprehension, and each of its clauses; a single part for other code. */
function comprehensionParts(inside: string): string[] {
  const starts = scan(inside).flatMap(({ place, depth }) =>
    depth === 0 && inside.startsWith(' for ', place) ? [place] : [],
  )
  return [0, ...starts].map((start, index) => inside.slice(start, starts[index]).trim())
}

interface Group {
  readonly start: number
  readonly end: number
}

/** The last pair of brackets with something in it before which the line fits; the first one if none does. */
function groupToBreak(indent: string, code: string): Group | undefined {
  const groups: Group[] = []
  const open: number[] = []
  for (const { place, character } of scan(code)) {
    if ('([{'.includes(character)) open.push(place)
    else if (')]}'.includes(character)) {
      const start = open.pop()!
      if (open.length === 0 && place > start + 1) groups.push({ start, end: place })
    }
  }
  // The parameters of a function come before the brackets of its return type.
  if (code.startsWith('def ')) return groups[0]
  return groups.findLast(({ start }) => fits(`${indent}${code.slice(0, start + 1)}`)) ?? groups[0]
}

/** The parts between the commas outside of brackets. */
function splitItems(inside: string): string[] {
  const commas = scan(inside).flatMap(({ place, character, depth }) =>
    character === ',' && depth === 0 ? [place] : [],
  )
  const starts = [0, ...commas.map((place) => place + 1)]
  return starts.map((start, index) => inside.slice(start, commas[index]).trim()).filter((item) => item !== '')
}

interface Scanned {
  readonly place: number
  readonly character: string
  /** The number of brackets around it. */
  readonly depth: number
}

/** The characters of a line outside of strings. */
function scan(line: string): Scanned[] {
  const found: Scanned[] = []
  let quote = ''
  let depth = 0
  for (let place = 0; place < line.length; place++) {
    const character = line[place]!
    if (quote !== '') {
      if (character === '\\') place++
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '#') return [...found, { place, character, depth }]
    else {
      if (')]}'.includes(character)) depth--
      found.push({ place, character, depth })
      if ('([{'.includes(character)) depth++
    }
  }
  return found
}
