import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
let page: Page
beforeAll(async () => {
  stage = await openStage()
  // Markup is written as text here, which its policy does not allow.
  page = await stage.open({ bypassCSP: true })
  await show(page, 'disconnected')
})
afterAll(() => stage.close())

/** Runs it in the page, until what it has changed is noticed. */
async function change(code: string): Promise<void> {
  await page.evaluate(`(async () => { ${code}; await new Promise((done) => setTimeout(done)) })()`)
}

const told = () => page.evaluate(() => window.kit.foreign())

/** Markup that stands in the page from the start, what opens a dialog of it, and what closes it. */
test.each([
  ['a native one', '<dialog id="d">Sure?</dialog>', 'd.showModal()', 'd.close()'],
  [
    'one that is put into the page',
    '',
    'at.innerHTML = `<p aria-modal="true">Sure?</p>`',
    'at.innerHTML = ""',
  ],
  [
    'one deep in what is put into the page',
    '',
    'at.innerHTML = `<div><div><p aria-modal="true">Sure?</p></div></div>`',
    'at.innerHTML = ""',
  ],
  [
    'one that becomes modal',
    '<p id="d" role="dialog">Sure?</p>',
    'd.ariaModal = "true"',
    'd.ariaModal = null',
  ],
  [
    'one that was hidden',
    '<p id="d" aria-modal="true" hidden>Sure?</p>',
    'd.hidden = false',
    'd.style.display = "none"',
  ],
  [
    'one of a library that hides the page, and says nothing of being modal',
    '<p id="rest">All else</p><p id="d" role="dialog" data-state="closed">Sure?</p>',
    'rest.dataset.ariaHidden = "true"; d.dataset.state = "open"',
    'd.dataset.state = "closed"; delete rest.dataset.ariaHidden',
  ],
])('ux-22: %s is told when it opens and when it closes', async (_what, markup, open, close) => {
  await change('globalThis.at ??= document.body.appendChild(document.createElement("div"))')
  await change(`at.innerHTML = ${JSON.stringify(markup)}`)
  const before = (await told()).length
  await change(open)
  expect((await told()).slice(before)).toEqual([true])
  await change(close)
  expect((await told()).slice(before)).toEqual([true, false])
  await change('at.innerHTML = ""')
})

test('a page that changes is not searched for dialogs where none can have come', async () => {
  const searched = await page.evaluate(async () => {
    const search = document.querySelectorAll.bind(document)
    let searches = 0
    Object.assign(document, { querySelectorAll: (selector: string) => ((searches += 1), search(selector)) })
    for (let turn = 0; turn < 50; turn++) {
      const row = document.body.appendChild(document.createElement('p'))
      row.textContent = `Row ${turn}`
      row.className = 'row'
      await Promise.resolve()
    }
    await new Promise((done) => setTimeout(done))
    return searches
  })
  expect(searched).toBe(0)
})
