import { existsSync } from 'node:fs'
import { access, constants, realpath, stat } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { KnownError } from '../system/knownError.ts'
import { runCommand } from './runCommand.ts'

/** The paths of the programs that setup may need; undefined if they were not found. */
export interface Tools {
  readonly python: string | undefined
  /** The version of pip in that Python. */
  readonly pip: string | undefined
  readonly make: string | undefined
  readonly compiler: string | undefined
  readonly nodeGyp: string | undefined
  /** The folder that contains `include/node`, so that headers need not be downloaded. */
  readonly nodeHeaders: string | undefined
}

export type ToolName = 'python' | 'pip' | 'make' | 'compiler' | 'nodeGyp'

/** A tool that was not found. */
export interface MissingTool {
  readonly tool: ToolName
  /** The name of the tool in messages. */
  readonly label: string
  /** The command that installs it. */
  readonly command: string
}

export const buildTools: readonly ToolName[] = ['python', 'make', 'compiler', 'nodeGyp']
export const downloadTools: readonly ToolName[] = ['python', 'pip']

/** Searches the PATH for the tools. Runs only pip, to find out whether that Python has it. */
export async function findTools(signal?: AbortSignal): Promise<Tools> {
  const { PYTHON, MAKE, CXX } = process.env
  let python: string | undefined
  let pip: string | undefined
  // Prefer a Python with pip, but node-gyp also works with one without it.
  for (const name of [PYTHON, 'python3', 'python']) {
    const path = name === undefined || name === '' ? undefined : await findExecutable(name)
    if (path === undefined) continue
    const { code, stdout } = await runCommand(path, ['-m', 'pip', '--version'], { signal, timeout: 20_000 })
    python ??= path
    if (code !== 0) continue
    python = path
    pip = /^pip (\S+)/.exec(stdout)?.[1] ?? 'unknown'
    break
  }
  return {
    python,
    pip,
    make: await firstExecutable([MAKE, 'make', 'gmake']),
    compiler: await firstExecutable([CXX?.split(' ')[0], 'c++', 'g++', 'clang++']),
    nodeGyp: await findNodeGyp(),
    nodeHeaders: await findNodeHeaders(),
  }
}

/** Lists the tools that were not found, with the command that installs each. */
export async function missingTools(tools: Tools, needed: readonly ToolName[]): Promise<readonly MissingTool[]> {
  const install = await installCommands()
  return [...new Set(needed)]
    .filter((tool) => tools[tool] === undefined)
    .map((tool) => ({ tool, label: toolLabels[tool], command: install[tool] }))
}

/** The error that names all missing tools, and one command that installs all of them. */
export async function missingToolsError(missing: readonly MissingTool[]): Promise<KnownError> {
  const list = missing.map(({ label }) => label).join(', ')
  const commands = [...new Set(missing.map(({ command }) => command))]
  return new KnownError('setup/missing-tools', `Setup needs ${list}.`, `Run: ${joinCommands(commands)}`)
}

const toolLabels: Readonly<Record<ToolName, string>> = {
  python: 'Python 3 (`python3`)',
  pip: 'pip (`python3 -m pip`)',
  make: '`make`',
  compiler: 'a C++ compiler (`c++`, `g++` or `clang++`)',
  nodeGyp: 'node-gyp (it comes with npm)',
}

/** Joins the commands of one package manager: `sudo apt-get install -y make g++`. */
function joinCommands(commands: readonly string[]): string {
  const byManager = new Map<string, string[]>()
  for (const command of commands) {
    const [, manager = command, packages = ''] =
      /^(.* (?:install -y|install|add|-S|--global)) (.+)$/.exec(command) ?? []
    byManager.set(manager, [...(byManager.get(manager) ?? []), packages])
  }
  return [...byManager].map(([manager, packages]) => [manager, ...packages].join(' ').trim()).join(' && ')
}

async function installCommands(): Promise<Readonly<Record<ToolName, string>>> {
  const nodeGyp = 'npm install --global node-gyp'
  const of = (prefix: string, [python, pip, make, compiler]: readonly [string, string, string, string]) => ({
    python: `${prefix} ${python}`,
    pip: `${prefix} ${pip}`,
    make: `${prefix} ${make}`,
    compiler: `${prefix} ${compiler}`,
    nodeGyp,
  })
  if (process.platform === 'darwin') {
    const xcode = 'xcode-select --install'
    return { python: xcode, pip: 'python3 -m ensurepip --upgrade', make: xcode, compiler: xcode, nodeGyp }
  }
  const sudo = process.getuid?.() === 0 ? '' : 'sudo '
  if (existsSync('/usr/bin/dnf')) {
    return of(`${sudo}dnf install -y`, ['python3', 'python3-pip', 'make', 'gcc-c++'])
  }
  if (existsSync('/usr/bin/pacman')) return of(`${sudo}pacman -S`, ['python', 'python-pip', 'make', 'gcc'])
  if (existsSync('/usr/bin/zypper')) {
    return of(`${sudo}zypper install -y`, ['python3', 'python3-pip', 'make', 'gcc-c++'])
  }
  return of(`${sudo}apt-get install -y`, ['python3', 'python3-pip', 'make', 'g++'])
}

async function firstExecutable(names: readonly (string | undefined)[]): Promise<string | undefined> {
  for (const name of names) {
    const path = name === undefined || name === '' ? undefined : await findExecutable(name)
    if (path !== undefined) return path
  }
  return undefined
}

async function findExecutable(name: string): Promise<string | undefined> {
  const folders = /[/\\]/.test(name)
    ? ['']
    : (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const suffixes = process.platform === 'win32' ? ['.exe', ''] : ['']
  for (const folder of folders) {
    for (const suffix of suffixes) {
      const path = join(folder, name + suffix)
      if (await isExecutable(path)) return path
    }
  }
  return undefined
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** Finds node-gyp: `$npm_config_node_gyp`, a package, or the copy in the npm that came with Node or is on the PATH. */
async function findNodeGyp(): Promise<string | undefined> {
  const fromNpm = 'node_modules/node-gyp/bin/node-gyp.js'
  const prefix = dirname(dirname(process.execPath))
  const candidates = [process.env['npm_config_node_gyp']]
  try {
    candidates.push(join(dirname(createRequire(import.meta.url).resolve('node-gyp/package.json')), 'bin/node-gyp.js'))
  } catch {
    // It is not an installed package, but npm contains a copy.
  }
  candidates.push(join(prefix, 'lib/node_modules/npm', fromNpm))
  candidates.push(join(dirname(process.execPath), 'node_modules/npm', fromNpm))
  candidates.push(join(prefix, 'lib/node_modules/node-gyp/bin/node-gyp.js'))
  const npm = await findExecutable('npm')
  if (npm !== undefined) candidates.push(join(dirname(dirname(await realpath(npm))), fromNpm))
  for (const path of candidates) {
    if (path !== undefined && path !== '' && existsSync(path)) return path
  }
  return undefined
}

/** Finds the headers of Node: in `$npm_config_nodedir`, or in the installation folder of the running Node. */
async function findNodeHeaders(): Promise<string | undefined> {
  for (const folder of [process.env['npm_config_nodedir'], dirname(dirname(process.execPath))]) {
    if (folder !== undefined && folder !== '' && existsSync(join(folder, 'include/node/node_api.h'))) return folder
  }
  return undefined
}
