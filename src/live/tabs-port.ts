/** The ports of a channel that is shared by tabs: what shares it, and what that is done by. No behaviour. */
import type { Stop } from '../core/clock.js'
import type { ChannelSettings } from './channel-options.js'
import type { Channel, ChannelPorts } from './channel-over.js'

/** What the tabs of a browser have in common: one of them leads, and all hear each other. */
export interface TabsPort {
  /**
   * Asks to lead, again whenever it was taken away, until `stop`; a page that is put aside gives it back by itself.
   * `onChange` hears whether it leads now, never within this call. `seize` takes the lead from whoever has it.
   */
  lead(name: string, onChange: (leads: boolean) => void): { seize(): void; readonly stop: Stop }
  /** Opens the way to all others who have joined under this name. */
  join(name: string, hear: (message: unknown) => void): { post(message: unknown): void; readonly stop: Stop }
}

/** Makes a channel over whatever keeps its line. */
export type ChannelOver = (settings: ChannelSettings, ports: ChannelPorts) => Channel

/** Shares a channel: the value of the option `tabs`, made by `sharedTabs()`. */
export interface ChannelTabs {
  share(settings: ChannelSettings, ports: ChannelPorts, over: ChannelOver): Channel
}
