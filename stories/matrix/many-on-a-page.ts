/**
 * The parameter `a11y` of a story with many bars, lists and dialogs: an application has one of each, under one
 * name; here there are dozens. Everything else is audited as everywhere.
 */
export const MANY_ON_A_PAGE = { config: { rules: [{ id: 'landmark-unique', enabled: false }] } }
