/** Makes characters visible that could change what a terminal does or what its reader sees. */

/**
 * Control characters (C0 except line ends and tabs, DEL, C1), marks that change the direction of text, invisible line
 * separators, the byte order mark, and unpaired surrogates.
 */
const controlCharacters =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Escapes control characters as `\u001b`. This is the syntax of JSON, so JSON texts keep their meaning. */
export function escapeControls(text: string): string {
  return text.replaceAll(controlCharacters, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As `escapeControls`, also for line ends and tabs: for text within a line, such as a name, a path or a message. */
export function escapeInLine(text: string): string {
  return escapeControls(text)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
}

/** Replaces each control character, line end and tab by one character, so that columns stay aligned. */
export function maskControls(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll('\n', '\u{fffd}').replaceAll(controlCharacters, '\u{fffd}')
}
