/**
 * What a WebSocket takes and refuses: run with the simulator's class in Node and with Chromium's own in a page. It
 * is handed to a page as text, so it names nothing from outside.
 */
export function refusals(Class: typeof WebSocket): string[] {
  const at = 'ws://127.0.0.1:9'
  const lines: string[] = []
  const make = Class as unknown as new (...args: unknown[]) => WebSocket
  const attempt = (name: string, run: () => unknown) => {
    try {
      const got = run()
      lines.push(`${name}: ${got instanceof Class ? `${got.url} ${got.readyState}` : String(got)}`)
    } catch (error) {
      const { name: kind, message } = error as Error
      lines.push(`${name}: ${error instanceof DOMException ? 'DOMException ' : ''}${kind} ${message}`)
    }
  }
  const constructions: Record<string, unknown[]> = {
    http: ['http://127.0.0.1:9/a'],
    https: ['https://127.0.0.1:9/a'],
    ftp: ['ftp://x/'],
    fragment: [`${at}/#a`],
    'empty fragment': [`${at}/#`],
    port: ['ws://127.0.0.1:99999/'],
    'URL object': [new URL(at)],
    'user info': ['ws://u:p@127.0.0.1:9/'],
    'upper case': ['WS://127.0.0.1:9/A?b=c d'],
    'no protocol': [at, []],
    'undefined protocol': [at, undefined],
    'null protocol': [at, null],
    'two protocols': [at, ['a', 'b']],
    'twice the same': [at, ['a', 'a']],
    'not quite the same': [at, ['a', 'A']],
    'empty protocol': [at, ''],
    'protocol with a space': [at, 'a b'],
    'protocol with a comma': [at, ['a,b']],
    'protocol that is no token': [at, ['ä']],
  }
  attempt('nothing', () => new make())
  for (const [name, args] of Object.entries(constructions)) attempt(name, () => new make(...args))

  const socket = new make(at)
  const loose = socket as unknown as Record<'send' | 'close', (...args: unknown[]) => void>
  attempt('send while connecting', () => loose.send('a'))
  attempt('send nothing', () => loose.send())
  const closings: unknown[][] = [
    [999],
    [1001],
    [1005],
    [2999],
    [5000],
    [Number.NaN],
    [66_536],
    [-1],
    ['x'],
    [null],
  ]
  // The standard rounds, Chromium cuts off.
  closings.push([1000.5], [1001.5], [2998.5], [4999.5])
  closings.push([1000, 'é'.repeat(62)], [undefined, 'why'], [undefined, 'x'.repeat(124)])
  for (const args of closings)
    attempt(`close ${args.map(String).join(' ').slice(0, 20)}`, () => loose.close(...args))
  attempt('still connecting', () => socket.readyState)
  for (const args of [
    ['1000'],
    [3000.4],
    [2999.5],
    [1000, '\ud800'.repeat(41)],
    [4999, 'é'.repeat(61)],
    [undefined],
    [1000, undefined],
  ]) {
    attempt(`close ${args.map(String).join(' ').slice(0, 20)}`, () => {
      const one = new make(at) as unknown as Record<'close', (...args: unknown[]) => void> & WebSocket
      one.close(...args)
      return one.readyState
    })
  }
  attempt('binaryType', () => {
    const [before] = [socket.binaryType, (socket.binaryType = 'nonsense' as never)]
    return `${before} ${socket.binaryType} ${(socket.binaryType = 'arraybuffer')} ${socket.binaryType}`
  })
  attempt('tag', () => Object.prototype.toString.call(socket))
  attempt('onopen', () => `${(socket.onopen = 5 as never)} ${socket.onopen} ${typeof Class.prototype.send}`)
  attempt('beginning', () => `${socket.protocol}|${socket.extensions}|${socket.bufferedAmount}|${Class.name}`)
  attempt('constants', () => [
    Class.CONNECTING,
    Class.OPEN,
    Class.CLOSING,
    Class.CLOSED,
    socket.CONNECTING,
    socket.CLOSED,
  ])
  attempt('members', () => Object.keys(Class.prototype).sort())
  attempt('of another object', () => {
    try {
      return Reflect.get(Class.prototype, 'readyState', {})
    } catch (error) {
      return (error as Error).name
    }
  })
  attempt('read only', () => {
    Reflect.set(socket, 'readyState', 7)
    Reflect.set(socket, 'bufferedAmount', 7)
    Reflect.deleteProperty(socket, 'bufferedAmount')
    return `${socket.readyState} ${socket.bufferedAmount} ${Reflect.set(Class, 'OPEN', 7)} ${Class.OPEN}`
  })
  attempt('arguments', () => [Class.length, Class.prototype.send.length, Class.prototype.close.length])
  return lines
}
