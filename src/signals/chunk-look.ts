/** Looks at the server for a part of the application that could not be loaded, and mends what a bundler does not. */
import { within, type Clock, type Stop } from '../core/clock.js'

/** It can be had; it is gone, and so the version of the page with it; or nobody can tell at present. */
export type ChunkLook = 'there' | 'gone' | 'unwell'

/** An answer that takes longer says nothing (ms). */
const LOOK_MS = 5_000

/**
 * What a server has of it. Many serve the application's page for whatever they do not have: a page in the place of a
 * script is nothing else than a 404. A redirect is somebody else's word (a sign-in in front of the server).
 */
export async function lookAt(url: string, clock: Clock, fetch: typeof globalThis.fetch): Promise<ChunkLook> {
  const giveUp = new AbortController()
  try {
    const asked = fetch(url, { cache: 'no-store', redirect: 'manual', signal: giveUp.signal })
    const { status, ok, headers } = await within(clock, LOOK_MS, asked)
    if (status === 404 || status === 410) return 'gone'
    if (!ok) return 'unwell'
    return (headers.get('content-type') ?? '').includes('html') ? 'gone' : 'there'
  } catch {
    return 'unwell'
  } finally {
    // Only the head was of interest.
    giveUp.abort()
  }
}

/** Stylesheets that could not be loaded, for as long as they are watched. */
export interface BrokenStyles {
  /**
   * Asks for them again: a bundler's loader asks for each only once, and what it loads at the second try would come
   * without its looks. False: one of them cannot be had yet.
   */
  mend(): Promise<boolean>
  stop: Stop
}

/**
 * Watches; a link itself does not say afterwards that it has failed. Of those that fail while nothing is being imported
 * none belongs to an import: it may be blocked for good, and would hold up every one.
 */
export function watchStyles(page: Document | undefined, isImporting: () => boolean): BrokenStyles {
  const broken = new Set<HTMLLinkElement>()
  const heard = ({ target }: Event) => {
    if (isImporting() && target instanceof HTMLLinkElement && target.rel === 'stylesheet') broken.add(target)
  }
  // It does not bubble.
  page?.addEventListener('error', heard, true)
  return {
    async mend() {
      const links = [...broken].filter((link) => link.isConnected)
      broken.clear()
      return (await Promise.all(links.map(askAgain))).every(Boolean)
    },
    stop: () => page?.removeEventListener('error', heard, true),
  }
}

function askAgain(link: HTMLLinkElement): Promise<boolean> {
  const fresh = link.cloneNode() as HTMLLinkElement
  // A browser hides it from the page's own markup.
  if (link.nonce) fresh.nonce = link.nonce
  return new Promise((resolve) => {
    fresh.onload = () => resolve(true)
    fresh.onerror = () => resolve(false)
    link.replaceWith(fresh)
  })
}
