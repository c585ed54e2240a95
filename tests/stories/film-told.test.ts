import { expect, test } from 'vitest'
import { scenarios, type ScenarioName } from '../../mocks/scenarios/index.js'
import { heardOf, networkIn, seconds, serverOf, updating } from '../../stories/film/captions.js'
import { shoot } from '../../stories/film/shoot.js'
import { useFakeIndexedDb, useFakeStorage } from '../queue/fake-idb.js'

useFakeIndexedDb()
useFakeStorage()

/** A film in words, a line for each frame. */
async function linesOf(name: ScenarioName): Promise<readonly string[]> {
  const frames = await shoot(name)
  return frames.map((frame) => {
    const { view, orders } = frame
    const list = updating(frame) || `${orders.length} listed`
    const told = [view.phase, heardOf(frame), list, networkIn(scenarios[name], frame), serverOf(frame)]
    return `${seconds(frame.atMs)} ${told.join(' | ')}`
  })
}

test('R38: half-open is seen to be silent, then slow, and to be over: the socket is dialled anew, the list asked for once more', async () => {
  expect(await linesOf('half-open')).toEqual([
    '0.0 s online | heard 1 of 1 | 0 listed | Network: lost | Server: 0 orders',
    '2.5 s online | heard 1 of 1 | Updating the list for 1.6 s… | Network: well for new connections | Server: 1 order',
    '3.0 s online | heard 1 of 2 | Updating the list for 2.8 s… | Network: well for new connections | Server: 1 order',
    '4.2 s slow | heard 1 of 2 | Updating the list for 3.0 s… | Network: well for new connections | Server: 1 order',
    '8.6 s slow | heard 5 of 5 | Updating the list for 8.8 s… | Network: well for new connections | Server: 3 orders',
    '11.8 s slow | heard 7 of 7 | 3 listed | Network: well | Server: 3 orders',
    '21.2 s online | heard 13 of 13 | 3 listed | Network: well | Server: 3 orders',
  ])
})

test('R38: a token that is refused is told of until somebody has signed in anew: it is the first one alone', async () => {
  const frames = await shoot('token-expired')
  expect(frames.map((frame) => [frame.view.phase, networkIn(scenarios['token-expired'], frame)])).toEqual([
    ['online', 'Network: well'],
    ['grace', 'Network: offline'],
    ['reconnecting', 'Network: offline'],
    ['disconnected', 'Network: offline, unauthorized'],
    ['authRequired', 'Network: unauthorized'],
    ['recovered', 'Network: well'],
    ['online', 'Network: well'],
  ])
})
