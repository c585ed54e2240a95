import { HttpResponse } from 'msw'
import { expect, test } from 'vitest'
import { bytesOf, countBytes } from '../../mocks/answer-text.js'

const { json, text } = HttpResponse
countBytes()

const look = async (response: Response) => ({
  status: response.status,
  statusText: response.statusText,
  headers: [...response.headers],
  body: response.body && (await response.text()),
})

const inits = [
  undefined,
  {},
  { status: 503, statusText: 'Later', headers: { 'Retry-After': '3' } },
  { headers: new Headers({ 'Content-Type': 'application/problem+json', 'Content-Length': '7' }) },
  { headers: [['Set-Cookie', 'a=1']] as [string, string][] },
]

test.each(inits)(
  'an answer made of a text is the one that MSW makes, to the header (init %#)',
  async (init) => {
    for (const body of [{ orders: ['ü', '€', '😀', '\uD800'] }, null, [], 0, '', undefined]) {
      expect(await look(HttpResponse.json(body, init))).toEqual(await look(json(body, init)))
    }
    for (const body of ['plain', 'ü€😀\uD800', '', null, undefined]) {
      expect(await look(HttpResponse.text(body, init))).toEqual(await look(text(body, init)))
    }
  },
)

test('its bytes are known until somebody reads it, and each time they are a copy', async () => {
  const response = HttpResponse.text('ü')
  bytesOf(response)!.fill(0)
  expect([...bytesOf(response)!]).toEqual([0xc3, 0xbc])
  await response.text()
  expect(bytesOf(response)).toBeUndefined()
  expect(bytesOf(new HttpResponse('ü'))).toBeUndefined()
  expect(bytesOf(HttpResponse.json(undefined))).toBeUndefined()
})
