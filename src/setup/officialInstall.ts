import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { connect } from 'node:net'
import { delimiter, join } from 'node:path'
import { buildEnvironment, stageModule } from './buildAddon.ts'
import type { Tools } from './findTools.ts'
import { runCommand } from './runCommand.ts'
import type { SetupProgress } from './setupProgress.ts'
import type { TfjsNode } from './tfjsNode.ts'

const reachTimeout = 4_000
const installTimeout = 15 * 60_000

/**
 * Runs tfjs-node's own install script on a staged copy of the package. The script downloads libtensorflow, and downloads or
 * builds an addon. Returns the path of the staged addon, or undefined after a note if this fails.
 */
export async function installOfficially(
  module: TfjsNode,
  stage: string,
  tools: Tools,
  progress: SetupProgress,
  signal: AbortSignal | undefined,
): Promise<string | undefined> {
  const host = officialAddress(module)
  if (host === undefined) return undefined
  if (!(await canReach(host, signal))) {
    progress.note(`The download server of tfjs-node (${host.host}) cannot be reached.`)
    return undefined
  }
  progress.step('Running the install script of tfjs-node')
  const addon = await stageModule(module, stage, undefined)
  // The staged copy is outside node_modules, so pass the folders of the script's packages to Node.
  const packages = nodeModulesAbove(module.folder)
  const environment = buildEnvironment(tools)
  const { code, killedBy } = await runCommand(process.execPath, ['scripts/install.js'], {
    cwd: stage,
    env: {
      ...environment,
      NODE_PATH: packages.join(delimiter),
      PATH: [...packages.map((folder) => join(folder, '.bin')), environment['PATH'] ?? ''].join(delimiter),
    },
    signal,
    timeout: installTimeout,
    onLine: progress.output?.bind(progress),
  })
  if (code === 0) return addon
  progress.note(`The install script of tfjs-node failed (${killedBy ?? `exit code ${code}`}).`)
  return undefined
}

function officialAddress(module: TfjsNode): URL | undefined {
  const { TFJS_NODE_CDN_STORAGE, TFJS_NODE_BASE_URI, CDN_STORAGE } = process.env
  try {
    return new URL(TFJS_NODE_BASE_URI ?? TFJS_NODE_CDN_STORAGE ?? CDN_STORAGE ?? module.officialHost ?? '')
  } catch {
    return undefined
  }
}

/** All `node_modules` folders from the folder of the package upwards. */
function nodeModulesAbove(folder: string): readonly string[] {
  const steps = folder.split(/[/\\]/)
  const found = [join(folder, 'node_modules')]
  for (let length = steps.length; length > 0; length--) {
    if (steps[length - 1] === 'node_modules') found.push(steps.slice(0, length).join('/'))
  }
  return found
}

/** Whether the address responds within a few seconds, or accepts a connection if it is a proxy. */
async function canReach(address: URL, signal: AbortSignal | undefined): Promise<boolean> {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env
  const proxy = HTTPS_PROXY ?? https_proxy ?? HTTP_PROXY ?? http_proxy
  if (proxy !== undefined && proxy !== '') return canConnect(proxy, signal)
  return new Promise((resolve) => {
    const send = address.protocol === 'http:' ? requestHttp : requestHttps
    const limit = AbortSignal.timeout(reachTimeout)
    const request = send(address, {
      method: 'HEAD',
      signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
    })
    request.once('response', (response) => {
      response.resume()
      resolve(true)
    })
    request.once('error', () => resolve(false))
    request.end()
  })
}

async function canConnect(proxy: string, signal: AbortSignal | undefined): Promise<boolean> {
  if (!URL.canParse(proxy)) return false
  const { hostname, port, protocol } = new URL(proxy)
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname,
      port: Number(port || (protocol === 'https:' ? 443 : 80)),
      ...(signal && { signal }),
    })
    const answer = (reached: boolean) => () => {
      socket.destroy()
      resolve(reached)
    }
    socket.setTimeout(reachTimeout, answer(false))
    socket.once('connect', answer(true)).once('error', answer(false))
  })
}
