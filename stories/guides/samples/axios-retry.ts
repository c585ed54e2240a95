import axios, { type CreateAxiosDefaults } from 'axios'
import { attachHttp } from '../../../src/http/index.js'
import type { Connection } from '../../../src/index.js'
import { http } from '../../../src/presets.js'

export function createApi(connection: Connection, defaults: CreateAxiosDefaults = {}) {
  const api = axios.create({ baseURL: 'https://shop.example', ...defaults })
  const { detach } = attachHttp(api, {
    connection,
    retries: 5, // while the connection is up; while it is down a request is held, and no try is used up
    schedule: http, // 1, 2, 4, 8, 16 s with full jitter, the default
  })
  return { api, detach }
}
