/** The timelines of docs/spec/ux.md, 1.4, to the millisecond: a real connection, the preset `article` without jitter. */
import { describe, expect, it } from 'vitest'
import { createStage } from './stage.js'

describe('timelines', () => {
  it('S1, ux-7: a blip of 0.7 s is healed by the second silent attempt and shows and says nothing', async () => {
    const stage = await createStage()
    await stage.outage(0, 0.7)
    stage.lose()
    await stage.to(60)
    expect(stage.attempts()).toEqual([0.25, 0.8])
    expect(stage.seen).toEqual([])
    expect(stage.spoken).toEqual([])
    expect(stage.status.view).toMatchObject({ phase: 'online', surface: 'none' })
  })

  it('S2, ux-2, ux-7: an outage of 4 s shows the bar at 1.00 and the green from 6.95 to 9.95', async () => {
    const stage = await createStage()
    await stage.outage(0, 4)
    stage.lose()
    await stage.to(60)
    expect(stage.attempts()).toEqual([0.25, 0.8, 3.85, 6.9])
    expect(stage.seen).toEqual(['1.00 warn reconnecting/bar', '6.95 ok recovered/bar', '9.95 none'])
    expect(stage.spoken.map(({ at, text }) => [at, text])).toEqual([
      [1000, 'reconnecting'],
      [11_950, 'recovered'],
    ])
  })

  it('S3, ux-5: an outage of 60 s opens the modal at 10.00, not before, and ends in green', async () => {
    const stage = await createStage()
    await stage.outage(0, 60)
    stage.lose()
    await stage.to(120)
    expect(stage.attempts()).toEqual([0.25, 0.8, 3.85, 6.9, 9.95, 15, 25.05, 45.1, 75.15])
    expect(stage.seen).toEqual([
      '1.00 warn reconnecting/bar',
      '10.00 bad disconnected/modal',
      '75.20 ok recovered/bar',
      '78.20 none',
    ])
  })

  it('S4, ux-15: whoever types until 13 gets a red bar at 10.00 and the modal at 15.05, after the attempt', async () => {
    const stage = await createStage()
    await stage.outage(0, 20)
    stage.lose()
    for (let at = 0.1; at < 13.05; at += 0.1) {
      await stage.to(at)
      stage.status.send({ type: 'TYPED' })
    }
    await stage.to(60)
    expect(stage.seen).toEqual([
      '1.00 warn reconnecting/bar',
      '10.00 bad disconnected/bar',
      '15.05 bad disconnected/modal',
      '25.10 ok recovered/bar',
      '28.10 none',
    ])
    expect(stage.spoken.map(({ text }) => text)).toEqual(['reconnecting', 'recovered'])
  })

  it('S5, ux-20: dismissed at 12 the modal stays away, the bar is red to 45.15, and trying goes on', async () => {
    const stage = await createStage()
    await stage.outage(0, 40)
    stage.lose()
    await stage.to(12)
    stage.status.send({ type: 'DISMISS' })
    await stage.to(90)
    expect(stage.attempts().slice(-3)).toEqual([15, 25.05, 45.1])
    expect(stage.seen).toEqual([
      '1.00 warn reconnecting/bar',
      '10.00 bad disconnected/modal',
      '12.00 bad disconnected/bar',
      '45.15 ok recovered/bar',
      '48.15 none',
    ])
  })

  it('S6, ux-10: flapping six times: two greens, then yellow until 53.05, no modal, two announcements', async () => {
    const stage = await createStage()
    for (let flap = 0; flap < 6; flap++) {
      await stage.outage(flap * 4, flap * 4 + 2)
      stage.lose()
    }
    await stage.to(120)
    expect(stage.seen).toEqual([
      '1.00 warn reconnecting/bar',
      '3.90 ok recovered/bar',
      '4.05 warn reconnecting/bar',
      '7.05 ok recovered/bar',
      '8.05 warn reconnecting/bar',
      '11.05 warn unstable/bar',
      '12.05 warn reconnecting/bar',
      '15.05 warn unstable/bar',
      '16.05 warn reconnecting/bar',
      '19.05 warn unstable/bar',
      '20.05 warn reconnecting/bar',
      '23.05 warn unstable/bar',
      '53.05 none',
    ])
    expect(stage.spoken.map(({ at, text }) => [at, text])).toEqual([
      [1000, 'reconnecting'],
      [11_050, 'unstable'],
    ])
  })

  it('S7, ux-6: an attempt that lands at 10.00 opens no modal; seven changes are sent until 12.10, then green', async () => {
    const stage = await createStage()
    await stage.outage(0, 8)
    const total = 7
    const startAt = stage.clock.now()
    stage.lose()
    stage.facts.queue({ waiting: total, total, oldestAt: startAt, lastWriteAt: startAt })
    for (let sent = 0; sent <= total; sent++) {
      await stage.to(10 + 0.3 * sent)
      const waiting = Math.max(0, total - sent - 1)
      stage.facts.queue({ sent, sending: sent < total ? 1 : 0, waiting, oldestAt: waiting ? startAt : null })
    }
    await stage.to(60)
    expect(stage.seen).toEqual([
      '0.00 warn reconnecting/bar',
      '10.00 info syncing/bar',
      '12.10 ok recovered/bar',
      '15.10 none',
    ])
    expect(stage.views.find(({ view }) => view.phase === 'recovered')?.view.detail).toEqual({
      key: 'all-sent',
      params: { count: 7 },
    })
  })

  it('S8, ux-4: a write at 0.30, in the grace, shows the bar at 0.30 and not at 1.00', async () => {
    const stage = await createStage()
    await stage.outage(0, 4)
    stage.lose()
    await stage.to(0.3)
    const now = stage.clock.now()
    stage.facts.queue({ waiting: 1, total: 1, oldestAt: now, lastWriteAt: now, persisted: true })
    await stage.to(3)
    expect(stage.seen).toEqual(['0.30 warn reconnecting/bar'])
    expect(stage.status.view.kept).toEqual({ key: 'kept-on-device', params: {} })
  })

  it('ux-4: a write while the loss is only suspected shows the bar at once, too', async () => {
    const stage = await createStage({ latencyMs: 800 })
    stage.lose()
    await stage.to(0.3)
    expect(stage.connection.state.link.name).toBe('suspect')
    const now = stage.clock.now()
    stage.facts.queue({ waiting: 1, total: 1, oldestAt: now, lastWriteAt: now })
    expect(stage.seen).toEqual(['0.30 warn reconnecting/bar'])
  })

  it('S9: a planned restart is blue at once, polled every 3 s, never a modal, and ends in green', async () => {
    const stage = await createStage()
    await stage.outage(0, 25, { kind: 'draining' })
    stage.connection.send({ type: 'NOTICE' })
    await stage.to(60)
    expect(stage.allAttempts()).toEqual([3, 6.05, 9.1, 12.15, 15.2, 18.25, 21.3, 24.35, 27.4])
    expect(stage.seen).toEqual(['0.00 info maintenance/bar', '27.45 ok recovered/bar', '30.45 none'])
    expect(stage.spoken.map(({ at, text }) => [at, text])).toEqual([
      [0, 'maintenance'],
      [32_450, 'recovered'],
    ])
  })

  it('S10, ux-57: a lid closed from 3 to 65 s opens no modal on return; the schedule starts anew', async () => {
    const stage = await createStage()
    await stage.outage(0, 72)
    stage.lose()
    await stage.to(3)
    stage.connection.send({ type: 'HIDDEN' })
    stage.status.send({ type: 'HIDDEN', hidden: true })
    await stage.to(65)
    stage.connection.send({ type: 'VISIBLE' })
    stage.status.send({ type: 'HIDDEN', hidden: false })
    await stage.to(120)
    expect(stage.attempts().filter((at) => at >= 65)).toEqual([65, 68.05, 71.1, 74.15])
    expect(stage.seen).toEqual(['1.00 warn reconnecting/bar', '74.20 ok recovered/bar', '77.20 none'])
  })

  it('S11: ten clicks within 0.9 s at 11 s begin one attempt, and the next comes 3 s later', async () => {
    const stage = await createStage()
    await stage.outage(0, 60)
    stage.lose()
    for (let click = 0; click < 10; click++) {
      await stage.to(11 + click * 0.1)
      stage.connection.retryNow()
    }
    await stage.to(14.5)
    expect(stage.attempts().filter((at) => at > 10)).toEqual([11, 14.05])
    expect(stage.seen.at(-1)).toBe('10.00 bad disconnected/modal')
  })

  it('S12: after 10 min of visible downtime trying ends, and a waking revives it with a clock of its own', async () => {
    const stage = await createStage({ policy: { giveUpAfterMs: 600_000 } })
    await stage.outage(0, 650)
    stage.lose()
    await stage.to(655)
    stage.connection.send({ type: 'WAKE' })
    await stage.to(700)
    expect(stage.seen).toEqual([
      '1.00 warn reconnecting/bar',
      '10.00 bad disconnected/modal',
      '600.00 bad gaveUp/modal',
      '655.00 warn reconnecting/bar',
      '655.05 ok recovered/bar',
      '658.05 none',
    ])
  })

  it('S13, ux-46: three changes of which one is refused end in attention, never in green', async () => {
    const stage = await createStage()
    await stage.outage(0, 4)
    const now = stage.clock.now()
    stage.lose()
    stage.facts.queue({ waiting: 3, total: 3, oldestAt: now, lastWriteAt: now })
    await stage.to(7)
    stage.facts.queue({ waiting: 1, sending: 1, sent: 1 })
    await stage.to(7.2)
    stage.facts.queue({ waiting: 0, sending: 1, failed: 1, oldestAt: null })
    await stage.to(7.4)
    stage.facts.queue({ sending: 0, sent: 2 })
    await stage.to(60)
    expect(stage.seen).toEqual([
      '0.00 warn reconnecting/bar',
      '6.95 info syncing/bar',
      '7.40 warn attention/bar',
    ])
    expect(stage.status.view).toMatchObject({ title: { key: 'attention', params: { count: 1 } } })
    stage.facts.queue({ failed: 0 })
    expect(stage.status.view.surface).toBe('none')
  })
})
