/**
 * What a terminal, or who reads it, may take for something else than text: control characters (C0 but line ends and tabs, DEL, C1), marks
 * that change the direction of text, line ends that are not seen, the byte order mark, and halves of surrogate pairs.
 */
const controlCharacters =
  // oxlint-disable-next-line no-control-regex
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g

/** Makes control characters visible, as `\u001b`. It is the form of JSON, so that texts in JSON stay what they are. */
export function escapeControls(text: string): string {
  return text.replaceAll(controlCharacters, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** As `escapeControls`, with line ends and tabs: for text that is a part of a line, such as a name, a path or a message. */
export function escapeInLine(text: string): string {
  return escapeControls(text)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\t', String.raw`\t`)
}

/** Puts one visible character in the place of each control character, line end and tab, so that columns stay where they are. */
export function maskControls(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll('\n', '\u{fffd}').replaceAll(controlCharacters, '\u{fffd}')
}
