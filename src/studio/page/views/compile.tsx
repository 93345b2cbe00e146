/** The script that a spec compiles to, beside the spec and written again as it changes. */
import { useSignal, useSignalEffect, type Signal } from '@preact/signals'
import type { RefObject } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { CompiledScript } from '../../protocol.ts'
import { CopyButton } from '../copyButton.tsx'
import { mountCodeView, type CodeView } from '../editor/codeView.ts'
import { saveFile } from '../saveFile.ts'
import { Markdown } from '../markdown.tsx'
import { messageOf } from '../messageOf.ts'
import type { Session } from '../session.ts'
import type { ViewProps } from '../viewProps.ts'

/** How long the text has to stay the same before it is compiled, in milliseconds. */
const pause = 350

export function CompileView({ session }: ViewProps) {
  const state: CompileState = {
    target: useSignal(session.backend.targets[0]?.name ?? 'ts'),
    script: useSignal(undefined),
    problem: useSignal(undefined),
  }
  useScript(session, state)
  const parent = useCodeView(state)
  const { script, problem } = state
  return (
    <div class="compile">
      <ScriptToolbar session={session} state={state} />
      {problem.value !== undefined && (
        <p class="compile-problem" role="status">
          <Markdown text={problem.value} />
        </p>
      )}
      {script.value === undefined && problem.value === undefined && <p class="empty">Compiling …</p>}
      <div class="script" ref={parent} hidden={script.value === undefined} data-old={problem.value !== undefined} />
    </div>
  )
}

interface CompileState {
  readonly target: Signal<string>
  /** The last script that the spec compiled to. */
  readonly script: Signal<CompiledScript | undefined>
  readonly problem: Signal<string | undefined>
}

/** Compiles the spec when it or the target changes. A spec with errors keeps the last script. */
function useScript({ backend, checked }: Session, { target, script, problem }: CompileState): void {
  useSignalEffect(() => {
    const [found, chosen] = [checked.value, target.value]
    if (found === undefined) return
    if (found.diagnostics.some(({ severity }) => severity === 'error')) {
      const isShown = script.peek() !== undefined
      problem.value = `The spec has errors. ${isShown ? 'The script below is of its last version without errors.' : 'Fix them to see its script.'}`
      return
    }
    let isOld = false
    const timer = setTimeout(async () => {
      try {
        const compiled = await backend.compile(found.file, found.text, chosen)
        if (isOld) return
        script.value = compiled
        problem.value = undefined
      } catch (error) {
        if (!isOld) problem.value = messageOf(error)
      }
    }, pause)
    return () => {
      isOld = true
      clearTimeout(timer)
    }
  })
}

/** Shows the script. Returns the place of its element. */
function useCodeView({ script }: CompileState): RefObject<HTMLDivElement | null> {
  const parent = useRef<HTMLDivElement>(null)
  const code = useRef<CodeView>(undefined)
  useEffect(() => {
    code.current = mountCodeView(parent.current!)
    return () => code.current?.destroy()
  }, [])
  useSignalEffect(() => {
    const { value } = script
    if (value !== undefined) code.current?.show(value.fileName, value.text)
  })
  return parent
}

function ScriptToolbar({ session, state: { target, script } }: ViewProps & { readonly state: CompileState }) {
  const { value } = script
  return (
    <div class="toolbar" role="toolbar" aria-label="Script">
      <label>
        <span class="visually-hidden">Target</span>
        <select value={target.value} onChange={(event) => (target.value = event.currentTarget.value)}>
          {session.backend.targets.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
      </label>
      {value !== undefined && (
        <>
          <CopyButton label="Copy" refused="Not allowed" textOf={() => value.text} />
          <button
            type="button"
            onClick={() => saveFile(value.fileName, new Blob([value.text], { type: 'text/plain' }))}
          >
            Download {value.fileName}
          </button>
          <span class="quiet">{value.text.trimEnd().split('\n').length} lines</span>
        </>
      )}
    </div>
  )
}
