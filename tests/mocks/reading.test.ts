/** Whoever reads an answer piece by piece, as the kit does of a page that is not asked for, holds up the time, too. */
import { http, HttpResponse } from 'msw'
import { expect, test, vi } from 'vitest'
import { manualClock } from '../../mocks/manual-clock.js'
import { createNetwork } from '../../mocks/network.js'

test('R38: no time passes while a body is read by its reader, that of a clone and what the clone has left included', async () => {
  const clock = manualClock()
  const moving = vi.spyOn(clock, 'moving')
  const handlers = [http.get('https://api.example/page', () => HttpResponse.text('<p>'))]
  const network = createNetwork({ clock, seed: 1, hosts: ['api.example'], handlers })
  const asked = network.fetch('https://api.example/page')
  await clock.advance(1_000)
  const response = await asked
  const copy = response.clone()
  for (const one of [copy, response]) {
    const before = moving.mock.calls.length
    const { value } = await one.body!.getReader().read()
    expect(new TextDecoder().decode(value)).toBe('<p>')
    expect(moving.mock.calls.length).toBe(before + 1)
  }
  network.dispose()
})
