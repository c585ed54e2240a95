/** Headers as they stand on the wire: names and values in turn, repetitions included. */
import type { ServerResponse } from 'node:http'
import type { AnswerHead } from './answers.js'

const pairsOf = (headers: readonly string[]): [string, string][] =>
  headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? ''] as [string, string]] : []))

/** As the lines of a head. */
export const headerLines = (headers: readonly string[]): string =>
  pairsOf(headers)
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('')

/** Writes the head of an answer as it came; `keeps`: the connection may serve another request. */
export function writeHead(response: ServerResponse, { status, text, headers }: AnswerHead, keeps: boolean) {
  response.sendDate = false
  response.writeHead(status, text, keeps ? [...headers] : closed(headers))
  response.flushHeaders()
}

/** The same headers for an answer after which the connection ends. */
const closed = (headers: readonly string[]): string[] => [
  ...pairsOf(headers)
    .filter(([name]) => !/^(connection|keep-alive)$/i.test(name))
    .flat(),
  ...['Connection', 'close'],
]
