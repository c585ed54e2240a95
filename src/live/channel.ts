/** `createChannel`: a live channel over the transports that there are. */
import { checkChannel, type ChannelOptions } from './channel-options.js'
import { createChannelOver, type Channel } from './channel-over.js'
import { eventStream } from './event-stream.js'
import { createKeeper } from './keeper.js'
import { longPoll } from './long-poll.js'
import { createRoutes } from './routes.js'
import { readUrls } from './urls.js'
import { webSocket } from './websocket.js'

/**
 * Makes a channel; it does nothing until `open()`.
 * @throws `bad-option`
 */
export function createChannel(options: ChannelOptions): Channel {
  const settings = checkChannel(options)
  const { endpoints, sends } = readUrls(settings.url)
  const { betterAfterMs, drivers = [webSocket(), eventStream(), longPoll()] } = settings
  const { origins } = settings.connection
  const routes = createRoutes(drivers, endpoints, { origins, betterAfterMs }, 'channel')
  const ports = { createKeeper, routes, sends }
  return settings.tabs?.share(settings, ports, createChannelOver) ?? createChannelOver(settings, ports)
}
