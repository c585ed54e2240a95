/** The page with an order desk, for the tests that restart its server. */
import { fileURLToPath } from 'node:url'
import { servePage } from '../support/built-page.js'

/** Builds and serves it. */
export const serveDeskPage = () => servePage(fileURLToPath(new URL('./page', import.meta.url)))
