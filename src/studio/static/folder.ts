/** Fills the files of a worker: the specs of the page, what the browser keeps, and the datasets that come with the page. */
import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkText } from '../../analyze.ts'
import { downloads } from '../../parts/datasets/table.ts'
import { cacheFolder } from '../../system/cacheFolder.ts'
import { unreadableData } from '../../system/knownError.ts'
import { nodeHost } from '../../system/nodeHost.ts'
import { once } from '../../system/once.ts'
import { readStored, replaceStored } from './fileStore.ts'
import type { EditedSpec } from './messages.ts'
import { filesIn, findFile, makeFolder, putFile } from './node/files.ts'
import { workingFolder } from './node/workingFolder.ts'

/** Runs are in this folder, as those of the command line are. */
export const runsFolder = 'runs'

/** The published dataset that comes with the page, and its files. */
const bundled = {
  name: 'mnist',
  files: ['train-images-idx3-ubyte', 'train-labels-idx1-ubyte', 't10k-images-idx3-ubyte', 't10k-labels-idx1-ubyte'],
}

makeFolder(workingFolder)

/** Writes the spec of the editor, and if it extends others, the examples of the page. */
export async function putSpec({ path, text }: EditedSpec): Promise<void> {
  if (/^extends:/m.test(text)) {
    const examples = (await (await fetchBeside('examples.json')).json()) as readonly string[]
    await Promise.all(examples.map(async (name) => putFile(name, await bytesOf(await fetchBeside(`examples/${name}`)))))
  }
  putFile(path, new TextEncoder().encode(text))
}

/** Reads files that the browser keeps, and those that are here already only if they have changed. */
export async function loadStored(start: string): Promise<void> {
  for (const [path, { bytes, modified }] of await readStored(start)) {
    if (findFile(path)?.modified !== modified) putFile(path, bytes, modified)
  }
}

/** Keeps a folder in the browser as it is now. */
export async function storeFolder(folder: string): Promise<void> {
  const start = resolve('.').length + 1
  const files = filesIn(folder).map(([path, file]) => [path.slice(start), file] as const)
  await replaceStored(`${folder}/`, new Map(files))
}

/** Fetches the sources that scripts are linked from, to the places where the back ends look for them. */
export const fetchSources = once(async () => {
  const place = (path: string) => fileURLToPath(new URL(`../${path}/`, self.location.href))
  const sources = (await (await fetchBeside('static/sources.json')).json()) as Readonly<Record<string, string>>
  for (const [path, text] of Object.entries(sources)) putFile(place('src') + path, new TextEncoder().encode(text))
  // The files that TypeScript scripts need beside them are not shown here.
  makeFolder(place('wasm-training'))
})

/**
 * Fetches the dataset of a spec if it is a published one.
 *
 * @throws KnownError if it does not come with the page.
 */
export async function fetchDataset({ path, text }: EditedSpec): Promise<void> {
  const { dataset } = checkText(text, path, { host: nodeHost }).spec
  if (dataset === undefined || !Object.hasOwn(downloads, dataset.type) || 'path' in dataset.options) return
  const { name, files } = bundled
  if (dataset.type !== name) {
    const help = 'Use `shapewright studio`, or the dataset `mnist`, or add files of your own in the view Data.'
    throw unreadableData(`${dataset.type} does not come with this page.`, help)
  }
  const folder = cacheFolder(name)
  await Promise.all(
    files.map(async (file) => {
      if (findFile(`${folder}/${file}`) === undefined)
        putFile(`${folder}/${file}`, await unpack(await fetchBeside(`data/${name}/${file}.gz`)))
    }),
  )
}

/** Fetches a file that is beside the page, whose workers are in a folder of their own. */
async function fetchBeside(path: string): Promise<Response> {
  const reply = await fetch(new URL(`../${path}`, self.location.href))
  if (reply.ok) return reply
  throw unreadableData(
    `${path} is missing beside the page (${reply.status}).`,
    'Serve the whole folder that `npm run build:studio` writes.',
  )
}

async function unpack(reply: Response): Promise<Uint8Array> {
  return await bytesOf(new Response(reply.body!.pipeThrough(new DecompressionStream('gzip'))))
}

async function bytesOf(reply: Response): Promise<Uint8Array> {
  return new Uint8Array(await reply.arrayBuffer())
}
