/** When two axios requests ask for the same, and how one answer becomes two. */
import { AxiosHeaders, type AxiosInstance, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'
import { OF_THE_ATTEMPT } from './share.js'

/** What the adapter makes of the request besides: for whom it is asked, and what counts as an answer. */
const OF_THE_ADAPTER = [
  'auth',
  'withCredentials',
  'withXSRFToken',
  'timeout',
  'maxContentLength',
  'maxRedirects',
  'responseEncoding',
  'socketPath',
  'fetchOptions',
] as const

/** The same for axios, in its own types; see `Sharing`. */
export function axiosSharing(axios: AxiosInstance) {
  return {
    identityOf(config: InternalAxiosRequestConfig): string | null {
      const {
        method = 'get',
        data,
        headers,
        responseType = 'json',
        onDownloadProgress,
        validateStatus,
      } = config
      const isText = responseType === 'json' || responseType === 'text'
      const isPlain = data === undefined && !onDownloadProgress && !config.beforeRedirect
      if (!/^(get|head)$/i.test(method) || !isText || !isPlain) return null
      if (validateStatus !== axios.defaults.validateStatus) return null
      const named = Object.entries(headers.toJSON()).map(
        ([name, value]) => [name.toLowerCase(), value] as const,
      )
      const fields = named.filter(([name]) => !OF_THE_ATTEMPT.has(name)).sort(([a], [b]) => (a < b ? -1 : 1))
      const rest = OF_THE_ADAPTER.map((name) => config[name])
      return JSON.stringify([method.toLowerCase(), axios.getUri(config), responseType, fields, rest])
    },
    copyOf<Given>(given: Given, config: InternalAxiosRequestConfig): Given | undefined {
      if (isResponse(given)) return answerFor(given, config) as Given | undefined
      if (typeof given !== 'object' || given === null || !('config' in given)) return undefined
      const { response } = given as { response?: unknown }
      const own =
        response === undefined ? {} : { response: isResponse(response) ? answerFor(response, config) : null }
      if (own.response === null || ('response' in own && own.response === undefined)) return undefined
      const copy: object = Object.create(
        Object.getPrototypeOf(given) as object,
        Object.getOwnPropertyDescriptors(given),
      )
      return Object.assign(copy, own, { config }) as Given
    },
  }
}

const isResponse = (given: unknown): given is AxiosResponse =>
  typeof given === 'object' && given !== null && 'status' in given && 'headers' in given && 'data' in given

/** axios transforms an answer in place: each caller needs one of his own. Only text can be had twice. */
function answerFor(answer: AxiosResponse, config: InternalAxiosRequestConfig): AxiosResponse | undefined {
  if (typeof answer.data !== 'string' && answer.data != null) return undefined
  return { ...answer, headers: AxiosHeaders.from(answer.headers as AxiosHeaders).concat(), config }
}
