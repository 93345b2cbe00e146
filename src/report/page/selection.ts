/** Which trials the page of a sweep shows, and which one it highlights. Its plots and its table share one selection. */

export interface Selection {
  /** The highlighted trial: the one at the pointer or the keyboard focus, or else the pinned one. */
  pointed(): number | undefined
  isShown(trial: number): boolean
  /** Highlights a trial until another one is highlighted. */
  point(trial: number | undefined): void
  /** Keeps a trial highlighted. Pinning it again releases it. */
  pin(trial: number | undefined): void
  show(isShown: (trial: number) => boolean): void
  onPoint(listener: () => void): void
  onPin(listener: (trial: number) => void): void
  onShow(listener: () => void): void
}

export function createSelection(): Selection {
  let near: number | undefined
  let pinned: number | undefined
  let isShown: (trial: number) => boolean = () => true
  const listeners = { point: [] as (() => void)[], pin: [] as ((trial: number) => void)[], show: [] as (() => void)[] }
  const announce = () => {
    for (const listener of listeners.point) listener()
  }
  return {
    pointed: () => near ?? pinned,
    isShown: (trial) => isShown(trial),
    point(trial) {
      if (trial === near) return
      near = trial
      announce()
    },
    pin(trial) {
      pinned = trial === pinned ? undefined : trial
      if (pinned !== undefined) for (const listener of listeners.pin) listener(pinned)
      announce()
    },
    show(test) {
      isShown = test
      for (const listener of listeners.show) listener()
    },
    onPoint: (listener) => void listeners.point.push(listener),
    onPin: (listener) => void listeners.pin.push(listener),
    onShow: (listener) => void listeners.show.push(listener),
  }
}
