import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { axTree } from './ax-tree.js'
import { openStage, show, type PageStage } from './page-stage.js'

let stage: PageStage
let page: Page
beforeAll(async () => {
  stage = await openStage()
  page = await stage.open()
})
afterAll(() => stage.close())

/** What assistive technology finds in the bar, and in its live regions. */
async function bar(name: string): Promise<string> {
  await show(page, name)
  return axTree(page, 'region', 'Connection status')
}

test('the bar while it reconnects', async () => {
  expect(await bar('reconnecting')).toMatchInlineSnapshot(`
    "region "Connection status"
      StaticText "Reconnecting…"
      StaticText "Your changes are kept on this device."
      button "Try now""
  `)
})

test('ux-25: the bar while it counts down: the number is a timer, and no live region', async () => {
  expect(await bar('reconnectingWaiting')).toMatchInlineSnapshot(`
    "region "Connection status"
      StaticText "Connection lost"
      timer
        StaticText "Next try in 5 s"
      button "Try now""
  `)
})

test('ux-45: the bar while it sends: a progress bar of 3 of 7', async () => {
  expect(await bar('syncing')).toMatchInlineSnapshot(`
    "region "Connection status"
      StaticText "Sending your changes"
      StaticText "3 of 7"
      progressbar "Sending your changes" value=3 valuetext="
  `)
})

test('ux-25, ux-45: the bar while it waits to send: the seconds are the timer’s, and the progress is a number', async () => {
  await show(page, 'waitingToSend')
  const progress = page.getByRole('progressbar')
  expect(await progress.evaluate((bar: HTMLProgressElement) => [bar.value, bar.max])).toEqual([3, 7])
  expect(await progress.getAttribute('aria-valuetext')).toBeNull()
  expect(await page.getByRole('timer').first().textContent()).toBe('Next try in 12 s')
})

test('the bar when the session is lost', async () => {
  expect(await bar('sessionLost')).toMatchInlineSnapshot(`
    "region "Connection status"
      StaticText "This page needs to be reloaded to continue"
      StaticText "Copy any changes first."
      button "Copy my changes"
      button "Reload""
  `)
})

test('the list: every change with its state in words, and buttons that name it', async () => {
  await show(page, 'online')
  expect(await axTree(page, 'region')).toMatchInlineSnapshot(`
    "region "4 changes waiting · 4 changes need you"
      status live=polite atomic
      heading "4 changes waiting · 4 changes need you" level=2
      button "Retry failed"
      button "Discard all…"
      list
        listitem level=1
          StaticText "Rename “Q3 plan” to “Q3 plan (final)”"
          StaticText "Sending…"
        listitem level=1
          StaticText "Comment on “Launch checklist”"
          StaticText "Waiting · 2 min ago"
          button "Discard: Comment on “Launch checklist”"
            StaticText "Discard"
        listitem level=1
          StaticText "Delete “Old draft”"
          StaticText "Not sent: someone else changed this item"
          button "Review: Delete “Old draft”"
            StaticText "Review"
          button "Keep mine: Delete “Old draft”"
            StaticText "Keep mine"
          button "Keep theirs: Delete “Old draft”"
            StaticText "Keep theirs"
          button "Edit: Delete “Old draft”"
            StaticText "Edit"
        listitem level=1
          StaticText "Order 600 rye breads"
          StaticText "Not sent: At most 500 pieces can be ordered at once."
          button "Retry: Order 600 rye breads"
            StaticText "Retry"
          button "Edit: Order 600 rye breads"
            StaticText "Edit"
          button "Discard: Order 600 rye breads"
            StaticText "Discard"
        listitem level=1
          StaticText "Book the meeting room"
          StaticText "Not sent: it waited too long"
          button "Retry: Book the meeting room"
            StaticText "Retry"
          button "Edit: Book the meeting room"
            StaticText "Edit"
          button "Discard: Book the meeting room"
            StaticText "Discard"
        listitem level=1
          StaticText "Add “Plum cake” to the order"
          StaticText "Waiting for another change"
          button "Discard: Add “Plum cake” to the order"
            StaticText "Discard"
        listitem level=1
          StaticText "Transfer to “Petty cash”"
          StaticText "We don’t know yet whether this was saved"
          button "It was saved: Transfer to “Petty cash”"
            StaticText "It was saved"
          button "Send again: Transfer to “Petty cash”"
            StaticText "Send again"
          button "Discard: Transfer to “Petty cash”"
            StaticText "Discard"
        listitem level=1
          StaticText "شارك \\"الخطة\\" مع الفريق."
          StaticText "Waiting · just now"
          button "Discard: شارك \\"الخطة\\" مع الفريق."
            StaticText "Discard""
  `)
})

/** What is heard of the button that has the focus. */
const heard = async () => (await axTree(page, 'button')).split('\n').find((line) => / focused/.test(line))

test('ux-43: who hears the answers to a question alone hears the question', async () => {
  await show(page, 'online')
  await page.getByRole('button', { name: 'Discard: Comment on' }).focus()
  await page.keyboard.press('Enter')
  await expect.poll(heard).toBe('button "Keep: Discard this change? It can’t be brought back." focused')
  await page.keyboard.press('Escape')
  await page.getByRole('button', { name: 'Discard all…' }).focus()
  await page.keyboard.press('Enter')
  await expect
    .poll(heard)
    .toBe('button "Keep" described "Discard 7 changes? They can’t be brought back." focused')
  await page.keyboard.press('Escape')
  await page.evaluate(() => (document.activeElement as HTMLElement).blur())
})

test('ux-27, ux-28: the modal, with its name, its description and live regions of its own', async () => {
  await show(page, 'modal disconnected')
  expect(await axTree(page, 'alertdialog')).toMatchInlineSnapshot(`
    "alertdialog "We can’t reach the server" described "Check your connection. You can keep reading; 3 changes are kept on this device and will be sent when you are back online." modal
      status live=polite atomic
      alert live=assertive atomic
      heading "We can’t reach the server" focused level=2
      paragraph
        StaticText "Check your connection. You can keep reading; 3 changes are kept on this device and will be sent when you are back online."
      StaticText "Next automatic try"
      timer
        StaticText "in 8 s"
      button "Try now"
      button "Keep working""
  `)
})

test('ux-27: what is spoken while the modal is open is in the tree, and the page behind it is not', async () => {
  await show(page, 'modal disconnected')
  await page.evaluate(async () => {
    window.kit.announce({ politeness: 'polite', message: { key: 'recovered', params: {} } })
    await new Promise<void>((done) => requestAnimationFrame(() => done()))
  })
  expect(await axTree(page, 'status')).toMatchInlineSnapshot(`
    "status live=polite atomic
      StaticText "Back online""
  `)
  expect(await axTree(page, 'region')).toBe('')
})

test('the panel is a dialog that leaves the page alone', async () => {
  await page.evaluate(() => window.kit.panel())
  expect(await axTree(page, 'dialog')).toMatchInlineSnapshot(`
    "dialog "We can’t reach the server" described "Check your connection. You can keep reading; 3 changes are kept on this device and will be sent when you are back online."
      status live=polite atomic
        StaticText "Back online"
      alert live=assertive atomic
      heading "We can’t reach the server" focused level=2
      paragraph
        StaticText "Check your connection. You can keep reading; 3 changes are kept on this device and will be sent when you are back online."
      StaticText "Next automatic try"
      timer
        StaticText "in 8 s"
      button "Try now"
      button "Keep working""
  `)
})
