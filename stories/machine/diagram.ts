/** Draws the connection machine: the arrows come from the code (explore.ts), only their places are laid by hand. */
import type { ConnectionEvent, LinkName } from '../../src/core/state.js'
import type { Edge } from './explore.js'

type Point = readonly [x: number, y: number]

interface Box {
  readonly at: Point
  /** What the state means, in three words. */
  readonly says: string
  readonly tone: 'idle' | 'info' | 'ok' | 'warn' | 'bad'
}

const WIDTH = 1280
const HEIGHT = 620
const BOX = { width: 148, height: 60 }
const LINE = 15

/** Where each state stands. */
const BOXES: Record<LinkName, Box> = {
  idle: { at: [130, 100], says: 'not asked for', tone: 'idle' },
  connecting: { at: [130, 340], says: 'the first probe is out', tone: 'info' },
  online: { at: [540, 100], says: 'it can be reached', tone: 'ok' },
  suspect: { at: [790, 250], says: 'one probe decides', tone: 'warn' },
  waiting: { at: [540, 560], says: 'until the next attempt', tone: 'bad' },
  trying: { at: [1060, 340], says: 'an attempt is out', tone: 'bad' },
  stopped: { at: [1060, 560], says: 'until someone comes', tone: 'bad' },
}

interface Route {
  /** An SVG path from border to border. */
  readonly path: string
  /** Where the label's first line stands. */
  readonly label: Point
  readonly anchor: 'start' | 'middle' | 'end'
}

/** The way that each arrow takes, by `from to`. */
const ROUTES: Readonly<Record<string, Route>> = {
  'idle connecting': { path: 'M130 130 V306', label: [120, 222], anchor: 'end' },
  'connecting online': { path: 'M175 310 L477 133', label: [345, 242], anchor: 'start' },
  'connecting waiting': { path: 'M175 370 L475 528', label: [340, 415], anchor: 'start' },
  'online suspect': { path: 'M614 92 H810 Q830 92 830 112 V216', label: [840, 122], anchor: 'start' },
  'suspect online': { path: 'M740 220 L602 133', label: [676, 154], anchor: 'start' },
  'suspect waiting': { path: 'M760 280 L600 526', label: [728, 362], anchor: 'start' },
  'online waiting': { path: 'M520 130 V526', label: [510, 330], anchor: 'end' },
  'waiting online': { path: 'M560 530 V134', label: [570, 302], anchor: 'start' },
  'waiting trying': { path: 'M614 548 L982 364', label: [800, 484], anchor: 'start' },
  'trying waiting': { path: 'M986 335 Q800 360 611 527', label: [846, 314], anchor: 'start' },
  'trying online': {
    path: 'M1080 310 V62 Q1080 42 1060 42 H580 Q560 42 560 66',
    label: [820, 34],
    anchor: 'middle',
  },
  'trying stopped': { path: 'M1045 370 V526', label: [1036, 424], anchor: 'end' },
  'stopped trying': { path: 'M1075 530 V374', label: [1085, 444], anchor: 'start' },
  'waiting stopped': { path: 'M614 564 H982', label: [800, 557], anchor: 'middle' },
  'stopped waiting': { path: 'M986 582 H618', label: [800, 601], anchor: 'middle' },
  'stopped online': {
    path: 'M1134 560 H1235 Q1255 560 1255 540 V32 Q1255 12 1235 12 H540 Q520 12 520 32 V66',
    label: [1245, 250],
    anchor: 'end',
  },
}

/** The events that lead from everywhere else to one state: said once, not drawn six times. */
export interface FromAnywhere {
  readonly to: LinkName
  readonly events: readonly ConnectionEvent['type'][]
}

/** What the picture shows: single arrows, and what leads to one state from all others. */
export interface Picture {
  readonly arrows: readonly Edge[]
  readonly fromAnywhere: readonly FromAnywhere[]
}

const NAMES = Object.keys(BOXES) as LinkName[]

/** Takes out of the arrows whatever leads to the same state from each of the others. */
export function gatherFromAnywhere(edges: readonly Edge[]): Picture {
  const fromAnywhere = NAMES.map((to): FromAnywhere => {
    const arriving = edges.filter((edge) => edge.to === to)
    const events =
      arriving.length < NAMES.length - 1
        ? []
        : (arriving[0]?.events ?? []).filter((type) => arriving.every((edge) => edge.events.includes(type)))
    return { to, events }
  }).filter(({ events }) => events.length > 0)
  const arrows = edges
    .map((edge) => {
      const said = fromAnywhere.find(({ to }) => to === edge.to)?.events ?? []
      return { ...edge, events: edge.events.filter((type) => !said.includes(type)) }
    })
    .filter(({ events }) => events.length > 0)
  return { arrows, fromAnywhere }
}

/** The arrows that the hand-laid picture knows, as `from to`. */
export const LAID_ARROWS: readonly string[] = Object.keys(ROUTES)

/** An event's name as people read it. */
export const inWords = (type: string): string => type.toLowerCase().replaceAll('_', ' ')

/** Two events a line, so that a label stays beside its arrow. */
function linesOf(events: readonly string[]): string[] {
  const lines: string[] = []
  for (let at = 0; at < events.length; at += 2)
    lines.push(
      events
        .slice(at, at + 2)
        .map(inWords)
        .join(' · '),
    )
  return lines
}

function label([x, y]: Point, anchor: string, lines: readonly string[]): string {
  const spans = lines.map((line, at) => `<tspan x="${x}" dy="${at ? LINE : 0}">${line}</tspan>`)
  return `<text class="event" x="${x}" y="${y}" text-anchor="${anchor}">${spans.join('')}</text>`
}

function drawArrow({ from, to, events }: Edge): string {
  const route = ROUTES[`${from} ${to}`]
  if (!route) throw new Error(`The picture has no way from ${from} to ${to}: lay one in ROUTES`)
  const line = `<path class="arrow" d="${route.path}" marker-end="url(#machine-head)"/>`
  return `<g data-arrow="${from} ${to}">${line}${label(route.label, route.anchor, linesOf(events))}</g>`
}

function drawBox(name: LinkName): string {
  const { at, says, tone } = BOXES[name]
  const [x, y] = at
  const { width, height } = BOX
  return `<g data-state="${name}" data-tone="${tone}">
    <rect x="${x - width / 2}" y="${y - height / 2}" width="${width}" height="${height}" rx="12"/>
    <text class="name" x="${x}" y="${y - 2}" text-anchor="middle">${name}</text>
    <text class="says" x="${x}" y="${y + 16}" text-anchor="middle">${says}</text>
  </g>`
}

function drawFromAnywhere({ to, events }: FromAnywhere): string {
  const [x, y] = BOXES[to].at
  const top = y - BOX.height / 2
  const line = `<path class="arrow" d="M${x} ${top - 36} V${top - 4}" marker-end="url(#machine-head)"/>`
  const text = `from anywhere: ${events.map(inWords).join(' · ')}`
  return `<g data-from-anywhere="${to}">${line}${label([x, top - 44], 'middle', [text])}</g>`
}

/** The whole picture as SVG; colours come from the page's custom properties. */
export function drawMachine(edges: readonly Edge[]): string {
  const { arrows, fromAnywhere } = gatherFromAnywhere(edges)
  return `<svg class="machine" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-labelledby="machine-title">
  <title id="machine-title">The connection machine: ${NAMES.length} states and the events between them</title>
  <defs>
    <marker id="machine-head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">
      <path d="M0 0 L8 4 L0 8 Z"/>
    </marker>
  </defs>
  ${arrows.map(drawArrow).join('\n  ')}
  ${fromAnywhere.map(drawFromAnywhere).join('\n  ')}
  ${NAMES.map(drawBox).join('\n  ')}
</svg>`
}
