/**
 * Variants that were good when they were last looked for, by table and row of the test command: the place among those
 * that are tried, where it is not the first. To look for them took half of the time of a table. They are judged as any
 * other; a table says when one is not good any more.
 */
export const knownGood: Readonly<
  Record<'http' | 'live' | 'channel' | 'uncut', Readonly<Record<string, number>>>
> = {
  http: {
    'server-restarts': 9,
    'server-killed': 1,
    timeouts: 1,
    'short-hole': 1,
    'captive-portal': 1,
    'failing-503': 1,
    'portal-redirects': 1,
  },
  live: { 'server-killed': 1, 'server-restarts': 1, 'cut-by-bytes': 3, blip: 27, 'late-guests': 39 },
  /** Of scenarios as they are, which are judged and not measured. */
  uncut: {
    'server-restarts': 13,
    'crash-loop': 39,
    timeouts: 4,
    flaky: 4,
    tunnel: 11,
    'captive-portal': 1,
    'failing-503': 1,
  },
  channel: { 'server-killed': 4, 'sockets-blocked': 2, 'half-open': 1, 'token-too-old': 2, 'home-killed': 6 },
}
