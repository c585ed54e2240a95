/** What has the focus. Of a shadow tree the document only knows the host: this looks into it. */
export function focused(): Element | null {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element
}

/** Nothing else has the focus: it is lost when this goes away. */
export function isLostWith(going: Element | null): boolean {
  const now = focused()
  return !now || now === document.body || !!going?.contains(now)
}
