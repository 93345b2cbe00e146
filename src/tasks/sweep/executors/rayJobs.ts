/** A client of the Jobs API of Ray: https://docs.ray.io/en/latest/cluster/running-applications/job-submission/rest.html */
import { readFileSync } from 'node:fs'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { KnownError } from '../../../system/knownError.ts'
import { parseRecord } from '../../../system/parseRecord.ts'

type Environment = Readonly<Record<string, string | undefined>>

export interface RayServer {
  readonly url: URL
  readonly token?: string
}

/**
 * Where Ray takes jobs: the address of its dashboard, which is that of `--ray-address` or RAY_ADDRESS.
 *
 * @throws KnownError if the address is not one of HTTP.
 */
export function findRay(address: string | undefined, environment: Environment): RayServer {
  const written =
    address ?? environment['RAY_API_SERVER_ADDRESS'] ?? environment['RAY_ADDRESS'] ?? 'http://127.0.0.1:8265'
  const url = /^https?:\/\//.test(written) && URL.canParse(written) ? new URL(written) : undefined
  if (url === undefined) {
    throw new KnownError(
      'usage',
      `The address of Ray must be that of its dashboard, such as http://127.0.0.1:8265, not ${JSON.stringify(written)}`,
      'give --ray-address, or set RAY_ADDRESS',
    )
  }
  const token = readToken(environment)
  return { url, ...(token !== undefined && { token }) }
}

/** The token of Ray's authentication, from the places where Ray's own tools read it; undefined if the environment names no token. */
function readToken(environment: Environment): string | undefined {
  if (environment['RAY_AUTH_TOKEN']) return environment['RAY_AUTH_TOKEN']
  if (environment['RAY_AUTH_TOKEN_PATH'] === undefined && environment['RAY_AUTH_MODE'] !== 'token') return undefined
  const path = environment['RAY_AUTH_TOKEN_PATH'] ?? join(homedir(), '.ray', 'auth_token')
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    throw new KnownError(
      'usage',
      `The token of Ray cannot be read from ${path}`,
      'set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH',
    )
  }
}

/** A job, as far as this client reads it. */
export interface RayJob {
  readonly submission_id: string
  readonly status: 'PENDING' | 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'STOPPED'
  readonly message?: string
  /** Null or absent if Ray lost the job, or stopped it. */
  readonly driver_exit_code?: number | null
  readonly driver_agent_http_address?: string | null
  /** Milliseconds since 1970. */
  readonly start_time?: number
  readonly end_time?: number
  readonly metadata?: Readonly<Record<string, string>> | null
}

export interface JobRequest {
  readonly submission_id: string
  /** A command for the shell. */
  readonly entrypoint: string
  readonly entrypoint_num_cpus: number
  readonly entrypoint_num_gpus?: number
  readonly metadata: Readonly<Record<string, string>>
}

/** Submits a job. If the answer to an earlier attempt was lost, Ray has the job already. */
export async function submitJob(server: RayServer, job: JobRequest): Promise<void> {
  try {
    await call(server, 'POST', '/api/jobs/', job)
  } catch (error) {
    if (!(error instanceof KnownError && error.message.includes('already exists'))) throw error
  }
}

export async function listJobs(server: RayServer): Promise<RayJob[]> {
  const jobs = await call(server, 'GET', '/api/jobs/')
  // Drivers that were not submitted as jobs have no such number.
  return (jobs as RayJob[]).filter(({ submission_id }) => typeof submission_id === 'string')
}

/** Sends SIGTERM to a job; Ray kills it later. A job that has ended is left as it is. */
export async function stopJob(server: RayServer, id: string): Promise<void> {
  await call(server, 'POST', `/api/jobs/${encodeURIComponent(id)}/stop`)
}

/** Seconds between the attempts of a request that Ray could not answer, such as while its first node is starting. */
const retryDelays = [1, 2, 5, 10, 20]

/** The servers that have answered before. Others are not asked again: their address may be wrong. */
const known = new WeakSet<RayServer>()

/**
 * Sends a request and returns the JSON of its answer.
 *
 * @throws KnownError if Ray cannot be reached, or refuses the request.
 */
async function call(server: RayServer, method: string, path: string, body?: unknown): Promise<unknown> {
  const { origin } = server.url
  for (let attempt = 0; ; attempt++) {
    const { status, text } = await send(server, method, path, body)
    const answer = parseRecord<{ answer: unknown }>(`{"answer":${text}}`, {})
    if (status >= 200 && status < 300 && answer) return answer.answer
    if (status === 401 || status === 403) {
      const help = 'set RAY_AUTH_TOKEN or RAY_AUTH_TOKEN_PATH to the token of the cluster'
      throw new KnownError('usage', `Ray at ${origin} refuses the request: ${status}`, help)
    }
    const reason = text.trim().split('\n').at(-1) ?? ''
    if (status > 0) known.add(server)
    const delay = known.has(server) ? retryDelays[attempt] : undefined
    if (status !== 0 && (status < 500 || delay === undefined || reason.includes('already exists'))) {
      const message = `Ray at ${origin} answers ${method} ${path} with ${status}: ${reason}`
      throw new KnownError('usage', message, 'see the log of the dashboard on the head node')
    }
    if (delay === undefined) {
      const help = 'check --ray-address or RAY_ADDRESS, and whether `ray start --head` runs there'
      throw new KnownError('usage', `Ray does not answer at ${origin}: ${reason}`, help)
    }
    await new Promise((done) => setTimeout(done, delay * 1000))
  }
}

/**
 * Sends a request by `node:http`: `fetch` sends the header sec-fetch-mode, and Ray answers 405 to what it takes for a browser.
 *
 * @returns Status 0 and the reason if there was no answer.
 */
async function send(
  { url, token }: RayServer,
  method: string,
  path: string,
  body: unknown,
): Promise<{ readonly status: number; readonly text: string }> {
  const headers = {
    'content-type': 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const request = url.protocol === 'https:' ? requestHttps : requestHttp
  // Through a proxy, the dashboard may have a path of its own.
  const target = new URL(url.pathname.replace(/\/+$/, '') + path, url)
  return await new Promise((done) => {
    const fail = (error: NodeJS.ErrnoException) => done({ status: 0, text: error.message || error.code || 'no reason' })
    const sent = request(target, { method, headers, timeout: 60_000 }, (answer) => {
      let text = ''
      answer.setEncoding('utf8')
      answer.on('data', (part: string) => (text += part))
      answer.on('error', fail)
      answer.on('end', () => done({ status: answer.statusCode ?? 0, text }))
    })
    sent.on('timeout', () => sent.destroy(new Error('no answer within 60 seconds')))
    sent.on('error', fail)
    sent.end(body === undefined ? undefined : JSON.stringify(body))
  })
}
