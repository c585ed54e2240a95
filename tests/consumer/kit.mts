/**
 * An application that uses the package by its names, for its types alone: scripts/check-package.mjs copies this
 * file beside the unpacked tarball and compiles it there. What is expected to be refused must be refused, so
 * that types that have silently become `any` are noticed.
 */
import axios from 'axios'
import { createApp, h } from 'vue'
import { browserSignals, createConnection, createStatus, isHoldfastError, probe } from 'holdfast'
import type { Connection, LinkName, OutcomeClass, Phase } from 'holdfast'
import { chunkSignal } from 'holdfast/chunks'
import { QueuedActionList, RetryModal, StatusBar, zhCN } from 'holdfast/components'
import type { Locale } from 'holdfast/components'
import { attachHttp } from 'holdfast/http'
import { adaptive, createChannel, ReconnectingWebSocket } from 'holdfast/live'
import { durableMessages } from 'holdfast/live/durable'
import { ar } from 'holdfast/locales/ar'
import { translated } from 'holdfast/locales/translated'
import { article } from 'holdfast/presets'
import { createQueue, memoryStore } from 'holdfast/queue'
import { acrossTabs } from 'holdfast/tabs'
import { createHoldfast, useRetryCountdown, useStatus } from 'holdfast/vue'
import { useDraft } from 'holdfast/vue/drafts'
import { useWebSocket } from 'holdfast/vue/live'

const connection: Connection = createConnection({
  probe: probe('/health'),
  signals: [browserSignals()],
  schedule: article,
})
const api = axios.create({ baseURL: '/api' })
const http = attachHttp(api, { connection, idempotency: 'honoured' })
const messages = durableMessages()
const queue = createQueue({
  connection,
  store: memoryStore(),
  scope: 'someone',
  handlers: {
    order: {
      honoursKeys: true,
      send: ({ payload, key, signal }) => api.post('/orders', payload, { holdfast: { key, signal } }),
    },
    message: messages.handler,
  },
})
const status = createStatus({ connections: { connection }, sources: [http, queue] })

createApp(StatusBar)
  .component('RetryModal', RetryModal)
  .component('QueuedActionList', QueuedActionList)
  .use(createHoldfast({ connections: { connection }, status, queue }))

export const name: LinkName = connection.state.link.name
export const language: string = zhCN.lang
export const own: Locale = translated((key) => (key === 'actions.retry' ? 'Nochmal' : undefined), ar)
export const isOurs: boolean = isHoldfastError(new Error('ours'))
export const phase: Phase = useStatus().view.value.phase
const channel = createChannel({ connection, url: '/', durable: messages.through(queue) })
export const sent: Promise<{ offset: number | null }> = channel.send('chat', 'hello', {
  policy: 'durable',
  label: 'Hello',
})
export const socket: WebSocket = new ReconnectingWebSocket(async () => '/live', [], { heartbeat: adaptive() })
export const SocketClass: typeof WebSocket = ReconnectingWebSocket.with({ connection, maxRetries: 0 })
export const last: string | null = useWebSocket<string>('/live', { connection }).data.value
export const seconds: number | null = useRetryCountdown().seconds.value
export const part: Promise<{ default: string }> = chunkSignal().lazy(async () => ({ default: 'part' }))()
export const told: Phase = acrossTabs({ connections: { connection }, scope: 'someone' }).status(status).view
  .phase
const draft = useDraft({ name: 'order', scope: 'someone', initial: () => ({ qty: 1 }) })
export const qty: number = draft.values.qty

// @ts-expect-error -- a probe is required
createConnection({})
// @ts-expect-error -- options that do not exist are refused
attachHttp(api, { connection, retry: 3 })
// @ts-expect-error -- a mark in the configuration of a request has a type
void api.get('/orders', { holdfast: { key: 7 } })
// @ts-expect-error -- the outcomes are a closed list
export const outcome: OutcomeClass = 'probably'
// @ts-expect-error -- a store is required
createQueue({ connection, scope: 'someone', handlers: {} })
// @ts-expect-error -- options that do not exist are refused
new ReconnectingWebSocket('/live', [], { retries: 3 })
// @ts-expect-error -- a state is one of three words
export const state: 'open' = useWebSocket('/live').status.value
// @ts-expect-error -- a component has the props that it has
h(StatusBar, { placement: 'top' })
// @ts-expect-error -- a draft is somebody's
useDraft({ name: 'order', initial: () => ({ qty: 1 }) })
// @ts-expect-error -- the fields of a form have their types
draft.values.qty = 'many'
