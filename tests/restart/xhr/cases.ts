/** What an XMLHttpRequest can be asked for: each is played by the browser's own and over the simulated network. */

/** What a case is played with. */
export interface Trial {
  readonly xhr: XMLHttpRequest
  /** Of a service that answers, and of one where nobody listens. */
  readonly base: string
  readonly nobody: string
  /** Notes something beside the events. */
  note(what: unknown): void
  /** Resolves when the request is over. */
  readonly over: Promise<void>
  /** Real milliseconds. */
  wait(ms: number): Promise<void>
}

type Play = (trial: Trial) => Promise<unknown> | void

const get =
  (path: string, set: (xhr: XMLHttpRequest) => void = () => {}): Play =>
  ({ xhr, base, over }) => {
    xhr.open('GET', base + path)
    set(xhr)
    xhr.send()
    return over
  }

const post =
  (body: () => XMLHttpRequestBodyInit | Document | null, type?: string): Play =>
  async ({ xhr, base, over, note }) => {
    xhr.open('post', `${base}/echo`)
    if (type) xhr.setRequestHeader('Content-Type', type)
    xhr.send(body())
    await over
    note(xhr.responseText)
  }

/** The name of what is thrown. */
function thrownBy(run: () => unknown): string {
  try {
    run()
    return 'nothing'
  } catch (error) {
    return (error as Error).name
  }
}

/** By name. */
export const cases: Readonly<Record<string, Play>> = {
  'a text': get('/text'),
  'JSON as text': get('/json'),
  'JSON as an object': get('/json', (xhr) => (xhr.responseType = 'json')),
  'what is no JSON': get('/text', (xhr) => (xhr.responseType = 'json')),
  'an array buffer': get('/text', (xhr) => (xhr.responseType = 'arraybuffer')),
  'a blob': get('/text', (xhr) => (xhr.responseType = 'blob')),
  'no content': get('/none'),
  'an empty body': get('/empty'),
  'not found': get('/missing'),
  'another charset': get('/latin'),
  'another type than it says': get('/latin', (xhr) => xhr.overrideMimeType('text/plain; charset=utf-8')),
  'two pieces': get('/pieces'),
  'a body that breaks off': get('/cut'),
  XML: async (trial) => {
    await get('/xml')(trial)
    trial.note(trial.xhr.responseXML?.documentElement.textContent)
  },
  'an HTML document': async (trial) => {
    await get('/html', (xhr) => (xhr.responseType = 'document'))(trial)
    trial.note(trial.xhr.responseXML?.title)
  },
  'a head alone': ({ xhr, base, over }) => {
    xhr.open('HEAD', `${base}/text`)
    xhr.send()
    return over
  },
  headers: async (trial) => {
    await get('/headers', (xhr) => {
      xhr.setRequestHeader('X-One', 'a')
      xhr.setRequestHeader('x-one', 'b')
    })(trial)
    const { xhr, note } = trial
    note([xhr.getResponseHeader('X-Said'), xhr.getResponseHeader('set-cookie'), xhr.responseText])
    note(/x-two: c\r\n/.test(xhr.getAllResponseHeaders()))
  },
  'a text is sent': post(() => 'hello'),
  'a typed text is sent': post(() => '{}', 'application/json'),
  'a form is sent': post(() => new URLSearchParams({ a: 'ä b' })),
  'a blob is sent': post(() => new Blob(['hello'], { type: 'text/css' })),
  'bytes are sent': post(() => new Uint8Array([104, 105])),
  'a document is sent': post(() => new DOMParser().parseFromString('<a>ä</a>', 'application/xml')),
  'nothing is sent': post(() => null),
  'nobody listens': ({ xhr, nobody, over }) => {
    xhr.open('POST', nobody)
    xhr.send('hello')
    return over
  },
  'it times out': get('/never', (xhr) => (xhr.timeout = 150)),
  'its time is cut short later': async ({ xhr, base, wait, over }) => {
    xhr.open('GET', `${base}/never`)
    xhr.timeout = 60_000
    xhr.send()
    await wait(100)
    xhr.timeout = 50
    return over
  },
  'it is aborted': async ({ xhr, base, wait, note }) => {
    let isUp = false
    xhr.upload.addEventListener('load', () => (isUp = true))
    xhr.open('POST', `${base}/never`)
    xhr.send('hello')
    // On a busy machine the browser hears late of what is up.
    while (!isUp) await wait(150)
    xhr.abort()
    note([xhr.readyState, xhr.status])
  },
  'it is aborted before it is sent, and after it is over': async ({ xhr, base, over, note }) => {
    xhr.open('GET', `${base}/text`)
    xhr.abort()
    note(xhr.readyState)
    xhr.send()
    await over
    xhr.abort()
    note([xhr.readyState, xhr.status, xhr.responseText])
  },
  'it is aborted by its own first event': ({ xhr, base, note }) => {
    xhr.onloadstart = () => xhr.abort()
    xhr.open('GET', `${base}/text`)
    xhr.send()
    note([xhr.readyState, thrownBy(() => xhr.send())])
  },
  'it is opened anew while it is under way, and once more when it is over': async (trial) => {
    const { xhr, base, over, wait, note } = trial
    xhr.open('GET', `${base}/never`)
    xhr.send()
    await wait(100)
    xhr.open('GET', `${base}/text`)
    note([xhr.readyState, xhr.status])
    xhr.send()
    await over
    xhr.open('GET', `${base}/json`)
    note([xhr.readyState, xhr.status, xhr.responseText])
  },
  'what it refuses': async ({ xhr, base, over, note }) => {
    note(thrownBy(() => xhr.send()))
    note(thrownBy(() => xhr.setRequestHeader('a', 'b')))
    note(thrownBy(() => xhr.open('GET', 'http://')))
    note(thrownBy(() => xhr.open('no method', base)))
    note(thrownBy(() => xhr.open('TRACE', base)))
    xhr.open('GET', `${base}/json`)
    note(thrownBy(() => xhr.setRequestHeader('a b', 'c')))
    xhr.responseType = 'json'
    xhr.send()
    note(thrownBy(() => xhr.send()))
    note(thrownBy(() => xhr.setRequestHeader('a', 'b')))
    note(thrownBy(() => (xhr.withCredentials = true)))
    note(thrownBy(() => xhr.responseText))
    note(thrownBy(() => xhr.responseXML))
    await over
    note(thrownBy(() => (xhr.responseType = 'text')))
    note(thrownBy(() => xhr.overrideMimeType('text/plain')))
  },
}
