/** A page that asks a service through the kit, over XMLHttpRequest or fetch, and keeps account of what it hears. */
import axios, { isAxiosError, isCancel } from 'axios'
import { browserSignals, createConnection, isHoldfastError, probe } from '../../../src/index.js'
import { attachFetch } from '../../../src/http/fetch.js'
import { attachHttp } from '../../../src/http/index.js'

/** What is asked for. */
export interface Question {
  readonly path: string
  /** So many bytes are sent. Default: none, it is a read. */
  readonly bytes?: number
  readonly deadlineMs?: number
}

/** How it ended, and when (ms after it was asked). */
export interface Ending {
  readonly said: string
  readonly afterMs: number
}

const api = new URLSearchParams(location.search).get('api') ?? location.origin
const connection = createConnection({
  probe: probe(`${api}/health`),
  signals: [browserSignals()],
  origins: [api],
})
const instance = axios.create({ baseURL: api, adapter: 'xhr' })
attachHttp(instance, { connection })
const attached = attachFetch(fetch, { connection })
connection.start()

const endings: Record<string, Ending> = {}
const controllers: Record<string, AbortController> = {}
const progress: Record<string, number[]> = {}

const bodyOf = ({ bytes }: Question) => (bytes === undefined ? undefined : new Blob([new Uint8Array(bytes)]))

const WAYS = {
  async xhr(id: string, question: Question, signal: AbortSignal) {
    const { status, data } = await instance.request<string>({
      url: question.path,
      method: question.bytes === undefined ? 'get' : 'post',
      data: bodyOf(question),
      responseType: 'text',
      signal,
      holdfast: wishesOf(question),
      onUploadProgress: ({ loaded }) => void (progress[id] ??= []).push(loaded),
    })
    return `${status} ${data}`
  },
  async fetch(_id: string, question: Question, signal: AbortSignal) {
    const answer = await attached.fetch(api + question.path, {
      method: question.bytes === undefined ? 'GET' : 'POST',
      body: bodyOf(question) ?? null,
      signal,
      holdfast: wishesOf(question),
    })
    return `${answer.status} ${await answer.text()}`
  },
}

const wishesOf = ({ deadlineMs }: Question) => (deadlineMs === undefined ? {} : { deadlineMs })

/** What went wrong, in words that are the same for both. */
function nameOf(error: unknown): string {
  if (isHoldfastError(error)) return error.code
  if (isCancel(error) || (error as Error).name === 'AbortError') return 'cancelled'
  return isAxiosError(error) && error.response ? `${error.response.status}` : String(error)
}

const requests = {
  ask(id: string, way: keyof typeof WAYS, question: Question): void {
    const askedAt = performance.now()
    const { signal } = (controllers[id] = new AbortController())
    const end = (said: string) => (endings[id] = { said, afterMs: performance.now() - askedAt })
    void WAYS[way](id, question, signal).then(end, (error: unknown) => end(nameOf(error)))
  },
  abort: (id: string) => controllers[id]?.abort(),
  report: () => ({ link: connection.state.link.name, endings, progress }),
}

declare global {
  interface Window {
    /** What a test drives the page by. */
    requests: typeof requests
  }
}
window.requests = requests
