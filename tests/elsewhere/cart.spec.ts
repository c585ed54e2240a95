/** A Playwright suite of an application that runs on its development server. Shown in a guide; run by playwright.browser.test.ts. */
// #region fixture
import { expect, test as base } from 'playwright/test'
import { networkFixtures, type NetworkFixtures } from '../../mocks/playwright.js'

const test = base.extend<NetworkFixtures>(networkFixtures)
// #endregion fixture

// #region advance
test('three seconds in a black hole, in no time', async ({ page, network }) => {
  await page.goto('/?network=all-well&clock=manual')
  await network.advance(100)
  await expect(page.getByRole('status')).toHaveText('In your cart: rope')

  const stop = await network.apply({ type: 'blackhole' })
  await page.getByRole('button').click()
  await network.advance(2_900)
  await expect(page.getByRole('status')).toHaveText('…')
  await network.advance(200)
  await expect(page.getByRole('status')).toHaveText('The shop is slow')

  await stop()
  await page.getByRole('button').click()
  await network.advance(100)
  await expect(page.getByRole('status')).toHaveText('In your cart: rope')
})
// #endregion advance

// #region scenario
test('a scenario of the catalogue, and what the network saw of it', async ({ page, network }) => {
  await page.goto('/?network=all-well&clock=manual')
  await network.advance(100)
  await network.run('server-killed')
  await network.advance(2_000)
  await page.getByRole('button').click()
  await network.advance(100)
  await expect(page.getByRole('status')).toHaveText('The shop cannot be reached')
  expect(await network.calls({ end: 'refused' })).toHaveLength(1)

  await network.advance(6_000)
  await page.getByRole('button').click()
  await network.advance(100)
  await expect(page.getByRole('status')).toHaveText('In your cart: rope')
})
// #endregion scenario

test('the same steps give the same log, byte for byte', async ({ browser, baseURL }) => {
  const hashes = await Promise.all(
    [1, 2].map(async () => {
      const page = await browser.newPage({ ...(baseURL && { baseURL }) })
      await page.goto('/?network=all-well&clock=manual&seed=3')
      const network = (await import('../../mocks/playwright.js')).networkOf(page)
      await network.run('flaky', { seed: 3 })
      for (let turn = 0; turn < 5; turn++) {
        await network.advance(500)
        await page.getByRole('button').click()
      }
      await network.advance(5_000)
      const hash = await network.logHash()
      await page.close()
      return hash
    }),
  )
  expect(hashes[0]).toBe(hashes[1])
})

test('a scenario that there is not is refused by name, with those that there are', async ({
  page,
  network,
}) => {
  await page.goto('/?network=all-well&clock=manual')
  await expect(network.run('a-good-day')).rejects.toThrow(/scenario is "a-good-day".*server-restarts/)
})

test('a page without a simulated network says what it needs', async ({ page, network }) => {
  await page.goto('about:blank')
  await expect(network.calm()).rejects.toThrow('open it with ?network=all-well')
})
