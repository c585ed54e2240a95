/** Everything of this application that knows the network. */
import axios, { type CreateAxiosDefaults } from 'axios'
import { attachHttp } from '../../../src/http/index.js'
import {
  browserSignals,
  createConnection,
  createStatus,
  probe,
  type ConnectionOptions,
  type ProbeOptions,
} from '../../../src/index.js'
import { createHoldfast } from '../../../src/vue/index.js'

/** Nothing of this in production; in tests a simulated network and its clock. */
export interface World {
  probe?: ProbeOptions
  connection?: Partial<ConnectionOptions>
  axios?: CreateAxiosDefaults
}

export function createNet(world: World = {}) {
  const connection = createConnection({
    probe: probe('https://shop.example/health', world.probe),
    signals: [browserSignals()],
    ...world.connection,
  })
  const api = axios.create({ baseURL: 'https://shop.example', ...world.axios })
  const http = attachHttp(api, { connection })
  const status = createStatus({ connections: { shop: connection }, sources: [http] })
  return { api, connection, status, plugin: createHoldfast({ connections: { shop: connection }, status }) }
}
