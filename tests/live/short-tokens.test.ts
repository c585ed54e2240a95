import { describe, expect, it } from 'vitest'
import { createRig, NOTHING, numberedTokens, type Rig, type RigOptions } from './keeper-rig.js'

/** Tokens that live for so long after their renewal; a line ends with its token, and no dial is taken with an old one. */
function createTokenRig(lifeMs: number, more: RigOptions & { readonly renewMs?: number } = {}) {
  const { renewMs = 100, ...options } = more
  const auth = numberedTokens(renewMs, () => rig.clock)
  const bornAt = new Map([['token-1', 0]])
  const endsAt = (token: string, { at }: Rig): number => {
    if (!bornAt.has(token)) bornAt.set(token, at())
    return bornAt.get(token)! + lifeMs
  }
  const rig: Rig = createRig({
    auth: { token: auth.token, refresh: async () => (await auth.refresh(), void endsAt(auth.token(), rig)) },
    request: () => ({ ...NOTHING, token: auth.token() }),
    onOpen: (attempt, { later, at }) =>
      later(40, () => {
        const leftMs = endsAt(attempt.request.token!, rig) - at()
        const refuse = (): void => attempt.end({ verdict: 'needs-auth', code: 4401 })
        if (leftMs <= 0) return refuse()
        attempt.tell({ type: 'open' })
        later(leftMs, () => attempt.state === 'alive' && refuse())
      }),
    ...options,
  })
  return { rig, auth, bornAt }
}

/** The share of a minute in which a line is in use. */
async function openShare(rig: Rig): Promise<number> {
  let open = 0
  for (let looks = 0; looks < 600; looks += 1) {
    await rig.advance(100)
    if (rig.keeper.state.name === 'open') open += 1
  }
  return open / 600
}

describe('I18: tokens that do not live for long', () => {
  it.each([2_000, 3_000, 10_000])(
    'of %i ms: a line that they end is dialled anew right after each renewal, for as long as it lasts',
    async (lifeMs) => {
      const { rig, auth } = createTokenRig(lifeMs)
      await rig.open()
      expect(await openShare(rig)).toBeGreaterThan(0.8)
      expect(auth.renewals).toBeLessThanOrEqual(Math.ceil(60_000 / lifeMs) + 1)
      expect(rig.attempts.length).toBeLessThanOrEqual(auth.renewals + 1)
    },
  )

  it('a stream that is ended in good order with its token asks for the next one, and is dialled at once', async () => {
    const { rig, bornAt } = createTokenRig(3_000, {
      onOpen: (attempt, { later, at }) =>
        later(40, () => {
          const leftMs = bornAt.get(attempt.request.token!)! + 3_000 - at()
          if (leftMs <= 0) return attempt.end({ verdict: 'needs-auth', status: 401 })
          attempt.tell({ type: 'open' })
          later(leftMs, () => attempt.state === 'alive' && attempt.end({ code: 1000, wasClean: true }))
        }),
    })
    await rig.open()
    expect(await openShare(rig)).toBeGreaterThan(0.8)
  })

  it('one that grew old while the link was down is renewed, and not taken for one that is refused for good', async () => {
    const { rig, auth } = createTokenRig(3_000)
    await rig.open()
    await rig.advance(2_980)
    expect(auth.renewals).toBe(1)
    // Renewed at 3,100; lost before it could be used.
    await rig.advance(70)
    rig.server.isUp = false
    rig.connection.send({ type: 'SUSPICION', cause: 'server' })
    await rig.advance(60_000)
    expect(rig.keeper.state).toEqual({ name: 'waiting-link' })
    rig.server.isUp = true
    await rig.advance(20_000)
    expect(rig.connection.state.link.name).toBe('online')
    expect(await openShare(rig)).toBeGreaterThan(0.8)
  })

  it('I23: a service that proves and refuses at once is not hammered, however willingly it renews', async () => {
    const { rig, auth } = createTokenRig(3_000, {
      onOpen: (attempt, { later }) => {
        later(40, () => attempt.tell({ type: 'open' }))
        later(60, () => attempt.end({ verdict: 'needs-auth', code: 4401 }))
      },
    })
    await rig.open()
    await rig.advance(600_000)
    expect(rig.attempts.length).toBeLessThan(40)
    expect(auth.renewals).toBeLessThan(40)
  })
})
