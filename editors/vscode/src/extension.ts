/** The extension: starts the language server for YAML files, and runs the commands of code lenses in a terminal. */
import {
  commands,
  ProcessExecution,
  Task,
  tasks,
  TaskScope,
  Uri,
  window,
  workspace,
  type ExtensionContext,
} from 'vscode'
import { LanguageClient, TransportKind } from 'vscode-languageclient/node'
import { findCommandLine } from './commandLine.ts'

let client: LanguageClient | undefined

export async function activate(context: ExtensionContext): Promise<void> {
  const restart = async () => {
    await client?.dispose()
    await startClient(context)
  }
  context.subscriptions.push(
    commands.registerCommand('shapewright.train', (file?: string) => runInTerminal('train', file)),
    commands.registerCommand('shapewright.summary', (file?: string) => runInTerminal('summary', file)),
    commands.registerCommand('shapewright.restart', restart),
    workspace.onDidGrantWorkspaceTrust(restart),
    workspace.onDidChangeConfiguration(async (change) => {
      if (change.affectsConfiguration('shapewright.path')) await restart()
    }),
  )
  await startClient(context)
}

export async function deactivate(): Promise<void> {
  await client?.dispose()
}

async function startClient(context: ExtensionContext): Promise<void> {
  const ofProject = commandLineOfProject()
  const bundled = context.asAbsolutePath('dist/server.cjs')
  const server =
    ofProject === undefined
      ? { module: bundled, transport: TransportKind.stdio }
      : { module: ofProject, args: ['lsp'], transport: TransportKind.stdio }
  client = new LanguageClient('shapewright', 'Shapewright', server, {
    documentSelector: [
      { language: 'yaml', scheme: 'file' },
      { language: 'yaml', scheme: 'untitled' },
    ],
  })
  client.info(`the server is ${server.module}`)
  await client.start()
}

/** The command line of the setting or of the project. It is code of the workspace, so only a trusted one is asked for it. */
function commandLineOfProject(): string | undefined {
  if (!workspace.isTrusted) return undefined
  const stated = workspace.getConfiguration('shapewright').get('path', '')
  const folders = (workspace.workspaceFolders ?? []).map(({ uri }) => uri.fsPath)
  const found = findCommandLine(folders, stated)
  if (found === undefined && stated !== '') {
    void window.showErrorMessage(`The setting shapewright.path names ${stated}, where there is no Shapewright.`)
  }
  return found
}

/** Runs a command with a spec, without a shell that could misread its path. */
async function runInTerminal(command: 'train' | 'summary', path?: string): Promise<void> {
  const file = path ?? window.activeTextEditor?.document.uri.fsPath
  if (file === undefined) return
  const commandLine = commandLineOfProject()
  if (commandLine === undefined) {
    void window.showErrorMessage(
      `To ${command === 'train' ? 'train' : 'summarize'} a spec, install the package in the project: npm install shapewright`,
    )
    return
  }
  await workspace.textDocuments.find(({ uri }) => uri.fsPath === file)?.save()
  const folder = workspace.getWorkspaceFolder(Uri.file(file))
  const execution = new ProcessExecution('node', [commandLine, command, file], {
    ...(folder && { cwd: folder.uri.fsPath }),
  })
  const task = new Task(
    { type: 'shapewright', command },
    folder ?? TaskScope.Workspace,
    command,
    'shapewright',
    execution,
  )
  await tasks.executeTask(task)
}
