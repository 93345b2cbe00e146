/** Implements `shapewright studio`: serves the studio for a folder until it is stopped. */
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { startStudio } from '../studio/server/studioServer.ts'
import { exitCodes } from '../system/exitCodes.ts'
import { listenForInterruption } from '../tasks/train/runFolders.ts'
import type { studio } from './commands/studio.ts'
import type { OptionsOf } from './commands/declareCommand.ts'
import { packageFolder } from './packageFolder.ts'
import { reportFailure } from './reportFailure.ts'
import { programOfThis } from './trainSweep.ts'

type StudioOptions = OptionsOf<typeof studio>

/** Ends with 0 when it is stopped, after the running training is saved. */
export async function studioCommand(folder: string, { port, noOpen }: StudioOptions): Promise<number> {
  const pages = fileURLToPath(new URL('dist/studio/', packageFolder()))
  const server = await startStudio({ folder, pages, program: programOfThis(), port, onBug: reportFailure })
  process.stdout.write(`${server.url}\n`)
  process.stderr.write(
    'Anybody with this address can read and change the specs of the folder. Ctrl-C ends the studio.\n',
  )
  if (!existsSync(pages)) process.stderr.write('warning: the page is not built: run `npm run build:studio`\n')
  if (noOpen !== true && process.stdout.isTTY === true) openBrowser(server.url)
  const interruption = listenForInterruption()
  await new Promise((done) => interruption.signal.addEventListener('abort', done))
  await server.close()
  return exitCodes.fine
}

/** Opens the default browser, if the system has one. The address is an argument of its own, without a shell. */
function openBrowser(url: string): void {
  const openers: Readonly<Record<string, readonly string[]>> = {
    darwin: ['open'],
    win32: ['rundll32', 'url.dll,FileProtocolHandler'],
  }
  const [program, ...args] = openers[process.platform] ?? ['xdg-open']
  const child = spawn(program!, [...args, url], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
