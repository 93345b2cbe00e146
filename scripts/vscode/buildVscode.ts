/** Builds the extension for VS Code: `editors/vscode/dist/shapewright-VERSION.vsix`. */
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeExtension } from './writeExtension.ts'

const folder = fileURLToPath(new URL('../../editors/vscode/dist/', import.meta.url))
mkdirSync(folder, { recursive: true })
const file = await writeExtension(folder)
process.stdout.write(`${file}\n\nInstall it with \`code --install-extension ${file}\`.\n`)
