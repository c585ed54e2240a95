/** The panel Network in the manager of a Storybook that is open in a browser: what can be pressed and read there. */

/** The addon's panel in Storybook's URL. */
export const PANEL = 'addonPanel=holdfast/simulator/panel'

/** The panel of this page. */
export function panelOf(page) {
  const root = page.locator('.hfs')
  return {
    timeline: root.locator('.hfs-timeline'),
    scrubber: root.locator('.hfs-scrub'),
    filter: root.locator('.hfs-field'),
    lines: () => root.locator('.hfs-table tbody tr').allInnerTexts(),
    button: (name) => root.getByRole('button', { name, exact: true }),
    /** Where the time stands (s). */
    time: async () => Number((await root.locator('.hfs-time').innerText()).split(' ')[0]),
    /** Until it stands there (s), and is no longer on its way. */
    standsAt: (seconds) =>
      page.waitForFunction(
        (shown) =>
          document.querySelector('.hfs-body[data-state=paused] .hfs-time')?.innerText.startsWith(shown),
        `${seconds.toFixed(3)} `,
      ),
    bars: (lane) => root.locator(`[data-lane=${lane}] .hfs-mark`).allInnerTexts(),
  }
}
