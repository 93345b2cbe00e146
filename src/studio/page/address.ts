/** Keeps the state of the page in the fragment of its address: the file, the view, and on the static page the text of the spec, compressed. */

export interface Address {
  readonly file?: string
  readonly view?: string
  readonly text?: string
}

/** Texts that are larger when compressed are not put into the address: browsers and chat programs cut long ones. */
const longest = 16_000

export async function readAddress(fragment: string): Promise<Address> {
  const values = new URLSearchParams(fragment.replace(/^#/, ''))
  const [file, view, spec] = ['file', 'view', 'spec'].map((key) => values.get(key))
  const text = spec ? await unpack(spec).catch(() => undefined) : undefined
  return { ...(file && { file }), ...(view && { view }), ...(text !== undefined && { text }) }
}

export async function writeAddress({ file, view, text }: Address): Promise<string> {
  const packed = text === undefined ? undefined : await pack(text)
  const values = new URLSearchParams({
    ...(file !== undefined && { file }),
    ...(view !== undefined && { view }),
    ...(packed !== undefined && packed.length <= longest && { spec: packed }),
  })
  return `#${values.toString()}`
}

async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream('deflate-raw'))
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer())
  const binary = Array.from(bytes, (byte) => String.fromCodePoint(byte)).join('')
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

async function unpack(packed: string): Promise<string> {
  const binary = atob(packed.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = Uint8Array.from(binary, (character) => character.codePointAt(0)!)
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))
  return await readLimited(stream, 6_000_000)
}

/** Reads text of at most `limit` bytes: a short address may hold a text that does not fit into memory. */
async function readLimited(stream: ReadableStream<Uint8Array>, limit: number): Promise<string> {
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  const reader = stream.getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    size += piece.value.length
    if (size > limit) throw new Error('the spec in the address is too long')
    text += decoder.decode(piece.value, { stream: true })
  }
  return text + decoder.decode()
}
