/** A page in a headless Chromium that a test uses as a person does: with mouse and keyboard, by the DevTools protocol. */
import { spawn, type ChildProcess } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import { temporaryFolder } from '../temporaryFolder.ts'

export interface SessionOptions {
  readonly dark?: boolean
  readonly width?: number
  readonly height?: number
  /** Whether it is a phone with a touch screen. */
  readonly mobile?: boolean
}

export interface Point {
  readonly x: number
  readonly y: number
}

export interface PageSession {
  /** The value of an expression in the page, as JSON. */
  evaluate<Value>(expression: string): Promise<Value>
  /** The centre of the first element of a selector, which is scrolled into view. */
  centreOf(selector: string): Promise<Point>
  move(to: Point): Promise<void>
  click(at: Point): Promise<void>
  drag(from: Point, to: Point): Promise<void>
  /** Presses a key, such as `Tab` or `ArrowUp`. */
  press(key: string): Promise<void>
  /** Writes a picture of the whole page, or of an element. */
  screenshot(file: string, selector?: string): Promise<void>
  /** Errors of scripts, and what the policy of the page forbade. */
  readonly complaints: readonly string[]
  close(): Promise<void>
}

type Reply = Readonly<Record<string, unknown>>

/** Opens a page from disk. The caller closes the session. */
export async function openSession(chromium: string, path: string, options: SessionOptions = {}): Promise<PageSession> {
  const { dark = false, width = 1280, height = 900, mobile = false } = options
  const browser = startBrowser(chromium)
  const complaints: string[] = []
  const { targetId } = await browser.send('Target.createTarget', { url: 'about:blank' })
  const { sessionId } = await browser.send('Target.attachToTarget', { targetId, flatten: true })
  const send = (method: string, parameters: object = {}) => browser.send(method, parameters, sessionId as string)
  browser.listen(({ method, params }) => {
    const entry = (params as { entry?: { level: string; text: string } } | undefined)?.entry
    if (method === 'Runtime.exceptionThrown') complaints.push(describeException(params))
    if (method === 'Log.entryAdded' && entry?.level === 'error') complaints.push(entry.text)
  })
  const loaded = browser.next('Page.loadEventFired')
  for (const domain of ['Page', 'Runtime', 'Log']) await send(`${domain}.enable`)
  await send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor: mobile ? 2 : 1, mobile })
  await send('Emulation.setEmulatedMedia', {
    features: [{ name: 'prefers-color-scheme', value: dark ? 'dark' : 'light' }],
  })
  await send('Page.navigate', { url: pathToFileURL(path).href })
  await loaded

  const evaluate = async <Value>(expression: string) => {
    const { result, exceptionDetails } = (await send('Runtime.evaluate', {
      expression,
      returnByValue: true,
      awaitPromise: true,
      userGesture: true,
    })) as { result: { value: Value }; exceptionDetails?: object }
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails))
    return result.value
  }
  const mouse = (type: string, { x, y }: Point, buttons = 0) =>
    send('Input.dispatchMouseEvent', {
      type,
      x,
      y,
      button: type === 'mouseMoved' && buttons === 0 ? 'none' : 'left',
      buttons,
      clickCount: 1,
    })
  const drag = async (from: Point, to: Point) => {
    await mouse('mouseMoved', from)
    await mouse('mousePressed', from, 1)
    if (from.x !== to.x || from.y !== to.y) await mouse('mouseMoved', to, 1)
    await mouse('mouseReleased', to)
  }
  return {
    evaluate,
    complaints,
    centreOf: (selector) =>
      evaluate<Point>(`(() => {
        const element = document.querySelector(${JSON.stringify(selector)})
        element.scrollIntoView({ block: 'center', behavior: 'instant' })
        const { left, top, width, height } = element.getBoundingClientRect()
        return { x: left + width / 2, y: top + height / 2 }
      })()`),
    async move(to) {
      await mouse('mouseMoved', to)
    },
    click: (at) => drag(at, at),
    drag,
    async press(key) {
      const codes: Readonly<Record<string, number>> = {
        Tab: 9,
        Enter: 13,
        Escape: 27,
        End: 35,
        Home: 36,
        ArrowUp: 38,
        ArrowDown: 40,
        ' ': 32,
      }
      const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined
      const event = { key, windowsVirtualKeyCode: codes[key], ...(text !== undefined && { text }) }
      await send('Input.dispatchKeyEvent', { type: text === undefined ? 'rawKeyDown' : 'keyDown', ...event })
      await send('Input.dispatchKeyEvent', { type: 'keyUp', key, windowsVirtualKeyCode: codes[key] })
    },
    async screenshot(file, selector = 'html') {
      const clip = await evaluate<object>(`(() => {
        const { left, top, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
        return { x: left + scrollX, y: top + scrollY, width, height, scale: 1 }
      })()`)
      const { data } = await send('Page.captureScreenshot', { format: 'png', clip, captureBeyondViewport: true })
      writeFileSync(file, Buffer.from(data as string, 'base64'))
    },
    close: () => browser.close(),
  }
}

function describeException(params: unknown): string {
  const { exceptionDetails } = params as {
    exceptionDetails: { text: string; exception?: { description?: string } }
  }
  return exceptionDetails.exception?.description ?? exceptionDetails.text
}

interface Browser {
  send(method: string, parameters: object, sessionId?: string): Promise<Reply>
  listen(listener: (event: Reply) => void): void
  next(method: string): Promise<void>
  close(): Promise<void>
}

function startBrowser(chromium: string): Browser {
  const profile = temporaryFolder()
  const flags = [
    '--headless=new',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--no-first-run',
    '--hide-scrollbars',
  ]
  const child = spawn(chromium, [...flags, '--remote-debugging-pipe', `--user-data-dir=${profile}`], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
  })
  const waiting = new Map<number, { done: (reply: Reply) => void; fail: (error: Error) => void }>()
  const listeners: ((event: Reply) => void)[] = []
  readMessages(child, (message) => {
    const waiter = waiting.get(message['id'] as number)
    if (waiter === undefined) for (const listener of listeners) listener(message)
    else if (message['error'] === undefined) waiter.done(message['result'] as Reply)
    else waiter.fail(new Error(JSON.stringify(message['error'])))
  })
  let last = 0
  const send: Browser['send'] = (method, parameters, sessionId) => {
    last += 1
    const id = last
    const message = { id, method, params: parameters, ...(sessionId !== undefined && { sessionId }) }
    return new Promise((done, fail) => {
      waiting.set(id, { done, fail })
      ;(child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`)
    })
  }
  return {
    send,
    listen: (listener) => void listeners.push(listener),
    next: (method) => new Promise((done) => listeners.push((event) => event['method'] === method && done())),
    async close() {
      const ended = new Promise((done) => child.once('close', done))
      await send('Browser.close', {})
      await ended
    },
  }
}

/** Messages are JSON, each ended by a zero byte. */
function readMessages(child: ChildProcess, take: (message: Reply) => void): void {
  let rest = ''
  ;(child.stdio[4] as Readable).setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\0')
    rest = parts.pop()!
    for (const part of parts) take(JSON.parse(part) as Reply)
  })
}
