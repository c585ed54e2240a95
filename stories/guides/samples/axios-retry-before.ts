import axios from 'axios'
import axiosRetry from 'axios-retry'

export const api = axios.create({ baseURL: 'https://shop.example' })
axiosRetry(api, { retries: 5, retryDelay: axiosRetry.exponentialDelay })
