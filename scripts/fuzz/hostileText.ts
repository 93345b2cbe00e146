/** Draws texts that would end a literal, a comment or a file name if a script contained them unescaped. */
import type { RandomSource } from './randomSource.ts'

/** Texts with a meaning in TypeScript, its comments, a shell, a file system or a terminal. */
const pieces: readonly string[] = [
  ['"', "'", '`', '\\', '\\"', "\\'", '${', '}', '${process.exit(9)}', '`${', '"+', "'+"],
  ['/*', '*/', '//', '/**', '*/ process.exit(9) /*', '<!--', '-->', '#!', '///<reference path="x"/>'],
  ['\n', '\r', '\r\n', '\u2028', '\u2029', '\u0085', '\t', '\v', '\f', '\0', '\x1b[2J', '\x7f'],
  ['\ufeff', '\u202e', '\u2066', '\u200b', '\u00ad', '\ud800', '\udc00', '\u{1f600}', '\u{e0041}', 'é', '字'],
  ['__proto__', 'constructor', 'prototype', 'toString', 'arguments', 'eval', 'await', 'class', 'null', 'seed', 'tf'],
  ['../', '..\\', '/etc/passwd', 'C:\\', '~', '.', ' ', '-', '--', '$(x)', ';', ',', ':', '(', ')', '[', ']', '{'],
  ['\\u0027', '\\u{22}', '\\x27', '\\\n', '%27', '&quot;', '</script>', '@ts-ignore', '0', '9', 'a', 'featureMap'],
].flat()

/** Draws a text of up to eight pieces; some texts are long, some a single piece, some only letters. */
export function drawHostileText(random: RandomSource): string {
  const count = random.chance(0.02) ? random.integer(50, 200) : random.integer(1, 8)
  return Array.from({ length: count }, () => random.pick(pieces)).join('')
}
