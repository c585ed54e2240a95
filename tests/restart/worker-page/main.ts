/** What a team adds beside its application: the network, its handlers, and then the application as it is. */
import { http, HttpResponse, passthrough, sse, ws } from 'msw'
import { createNetwork, type Network, type Scenario } from '../../../mocks/index.js'
import { createOrderApi } from '../../../mocks/order-api.js'
import { installWorker } from '../../../mocks/worker.js'

declare global {
  interface Window {
    network: Network
    run: (scenario: Scenario) => void
    uninstall: () => void
    /** Why it could not be installed in a wrong way. */
    refusals: string[]
  }
}

const { host, origin } = location
const api = createOrderApi({ base: `${origin}/api` })
const socket = ws.link(`ws://${host}/api/ws`)
const network = createNetwork({
  hosts: [host],
  health: '/api/health',
  handlers: [
    ...api.handlers,
    sse<{ message: string }>(`${origin}/api/ticks`, ({ client, request }) => {
      client.send({ retry: 200 })
      let n = 0
      const timer = setInterval(() => client.send({ data: String(++n) }), 50)
      request.signal.addEventListener('abort', () => clearInterval(timer))
    }),
    http.get(`${origin}/api/file`, () => HttpResponse.text('x'.repeat(100_000))),
    http.get(`${origin}/api/real.js`, () => passthrough()),
    socket.addEventListener('connection', ({ client }) => {
      client.addEventListener('message', ({ data }) => client.send(data))
    }),
  ],
})

window.refusals = []
for (const [broken, options] of [
  [createNetwork(), {}],
  [network, {}],
  [network, { path: '/api/*' }],
  [network, { paths: '/api/*' }],
] as const) {
  await installWorker(broken, options as object).catch((error: unknown) =>
    window.refusals.push(String(error)),
  )
}

window.network = network
window.run = (scenario) => void network.run(scenario)
window.uninstall = await installWorker(network, { paths: ['/api/*'] })

const application = document.createElement('script')
application.src = '/application.js'
document.body.append(application)
