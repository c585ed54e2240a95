import { expect, test } from 'vitest'
import { createNetwork } from '../../mocks/network.js'
import { refusals } from '../mocks/socket/table.js'
import { launchBrowser } from '../support/browser.js'

test("the simulator's WebSocket takes and refuses what Chromium's own does, word for word", async () => {
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    const real = await page.evaluate<string[]>(`(${refusals.toString()})(WebSocket)`)
    const network = createNetwork({ origin: 'about:blank' })
    expect(refusals(network.WebSocket)).toEqual(real)
    network.dispose()
  } finally {
    await browser.close()
  }
})
