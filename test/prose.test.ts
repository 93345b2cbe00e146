/** Refuses phrases that are not plain English; each pattern says what to write instead. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { proseOf, type Passage } from './prose/passages.ts'
import { patterns, type Pattern } from './prose/patterns.ts'

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { encoding: 'utf8' })
  .split('\n')
  .filter(
    (file) => /\.(ts|mjs|md|yaml)$/.test(file) && /^(src|scripts|test|templates|docs|editors|[A-Z]+\.md)/.test(file),
  )
  .filter((file) => !/\/generated\/|^CHANGELOG|^test\/prose/.test(file))

const passages = files.flatMap((file) => proseOf(file, readFileSync(file, 'utf8')))

it('reads the prose of the sources, the pages and the titles of tests', () => {
  const kinds = ['src/rules/', 'src/parts/', 'src/cli/', 'scripts/', 'test/', 'templates/', 'docs/', 'README.md']
  const unread = kinds.filter((kind) => !passages.some(({ file }) => file.startsWith(kind)))
  expect([unread, patterns.length >= 25]).toEqual([[], true])
})

it.each(patterns)('says $instead, not $phrase', (pattern) => {
  const found = passages.flatMap((passage) => findIn(passage, pattern))
  expect(found, found.join('\n')).toEqual([])
})

/** `file:line: "phrase": write …` for each match that no exception allows. */
function findIn({ file, line, text }: Passage, { phrase, instead, except = {} }: Pattern): string[] {
  if (Object.keys(except).some((place) => file.startsWith(place))) return []
  // A phrase may continue on the next line of a comment.
  const spaced = phrase.source.replaceAll(' ', String.raw`(?:\s|\*|//)+`)
  return [...text.matchAll(new RegExp(spaced, `g${phrase.flags}`))].map((match) => {
    const place = line + text.slice(0, match.index).split('\n').length - 1
    return `${file}:${place}: "${match[0].replaceAll(/[\s*/]+/g, ' ').trim()}": write ${instead}`
  })
}
