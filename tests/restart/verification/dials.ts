/** New connections, one after the other: until when does the server take them? */
import { connect } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** One attempt. */
export interface Dial {
  readonly beganAt: number
  readonly error: string | null
}

function dial(port: number): Promise<Dial> {
  const beganAt = Date.now()
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve({ beganAt, error: null })
    })
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ beganAt, error: error.code ?? 'unknown' }),
    )
  })
}

/** Dials every few ms until the returned function is called; that resolves with all attempts. */
export function startDialling(port: number): () => Promise<readonly Dial[]> {
  const dials: Dial[] = []
  let state: 'dialling' | 'stopped' = 'dialling'
  const done = (async () => {
    while (state === 'dialling') {
      dials.push(await dial(port))
      await wait(2)
    }
  })()
  return async () => {
    state = 'stopped'
    await done
    return dials
  }
}
