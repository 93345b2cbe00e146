import type { Signal } from '@preact/signals'

/** Shows why something failed, if it did. */
export function Notice({ problem }: { readonly problem: Signal<string | undefined> }) {
  if (problem.value === undefined) return null
  return (
    <p class="notice" role="alert">
      {problem.value}
    </p>
  )
}
