/**
 * The key is the input method's: Escape there takes back a composition, and closes nothing. Safari ends the composition
 * before it tells of the key, and says so by the code alone (WebKit 165004).
 */
export const isComposing = (event: KeyboardEvent): boolean => event.isComposing || event.keyCode === 229
