/** The two homes of the studio: the local server for a folder, and a plain file server for the static page. */
import { builtPage, linkTo } from './chromium.ts'
import { serveFolder } from './staticServer.ts'
import { openStudio } from './studio.ts'
import { temporaryFolder } from '../temporaryFolder.ts'

export interface OpenHome {
  /** The address of the page with one of the specs in the editor. */
  addressOf(file: string): Promise<string>
  close(): Promise<void>
}

/** Opens a home with these specs. */
export type OpenHomeWith = (specs: Readonly<Record<string, string>>) => Promise<OpenHome>

export const homes: readonly (readonly [name: string, open: OpenHomeWith])[] = [
  [
    'local studio',
    async (specs) => {
      const server = await openStudio(temporaryFolder(specs), `${builtPage}/`)
      return { addressOf: async (file) => `${server.url}#file=${file}`, close: async () => await server.close() }
    },
  ],
  [
    'static page',
    async (specs) => {
      const server = await serveFolder(builtPage)
      return {
        addressOf: async (file) => server.url + (await linkTo(specs[file]!, file)),
        close: async () => server.close(),
      }
    },
  ],
]
