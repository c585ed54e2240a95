/** What has the focus. Of a shadow tree the document only knows the host: this looks into it. */
export function focused(): Element | null {
  let element = document.activeElement
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement
  return element
}
