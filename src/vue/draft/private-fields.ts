/** Which fields of a form are nobody's business, as its own controls say. */

const PRIVATE =
  'input[type=password], [autocomplete~=current-password], [autocomplete~=new-password], [autocomplete~=one-time-code], [autocomplete^=cc-]'

/**
 * Looks for controls of passwords, codes and cards within an element, and hands back their names. What was once a
 * password stays one, though a button may show it as text.
 */
export function watchPrivateFields(form: () => Element | null | undefined): () => ReadonlySet<string> {
  const names = new Set<string>()
  return () => {
    for (const control of form()?.querySelectorAll(PRIVATE) ?? []) {
      const name = control.getAttribute('name')
      if (name) names.add(name)
    }
    return names
  }
}
