/** A button that copies a text, and says for two seconds whether it could. */
import { useSignal } from '@preact/signals'

interface CopyButtonProps {
  readonly label: string
  /** Shown if the browser does not allow it. */
  readonly refused: string
  textOf(): string
}

export function CopyButton({ label, refused, textOf }: CopyButtonProps) {
  const shown = useSignal(label)
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(textOf())
      shown.value = 'Copied'
    } catch {
      shown.value = refused
    }
    setTimeout(() => (shown.value = label), 2000)
  }
  return (
    <button type="button" onClick={() => void copy()}>
      <span aria-live="polite">{shown.value}</span>
    </button>
  )
}
