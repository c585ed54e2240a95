import axios from 'axios'

/** The client of the shop's server. */
export const api = axios.create({ baseURL: 'https://shop.example' })
