/**
 * Errors that axios takes for its own (`axios.isAxiosError`, `axios.isCancel`), for applications that do not
 * hand us the real classes. `instanceof axios.AxiosError` is false for them.
 */
import type { AxiosResponse, AxiosStatic, InternalAxiosRequestConfig } from 'axios'

/** axios' error classes. The simulator has no dependency on axios; given them, `instanceof` holds too. */
export type AxiosErrors = Pick<AxiosStatic, 'AxiosError' | 'CanceledError'>

class AxiosErrorLookalike extends Error {
  override name = 'AxiosError'
  readonly isAxiosError = true
  readonly code: string | undefined
  readonly config: InternalAxiosRequestConfig | undefined
  readonly request: unknown
  readonly response: AxiosResponse | undefined
  readonly status: number | undefined

  constructor(
    message?: string,
    code?: string,
    config?: InternalAxiosRequestConfig,
    request?: unknown,
    response?: AxiosResponse,
  ) {
    super(message)
    this.code = code
    this.config = config
    this.request = request
    this.response = response
    this.status = response?.status
  }

  toJSON(): object {
    const { message, name, code, status = null } = this
    return { message, name, code, status }
  }
}

class CanceledErrorLookalike extends AxiosErrorLookalike {
  override name = 'CanceledError'
  readonly __CANCEL__ = true

  constructor(message = 'canceled', config?: InternalAxiosRequestConfig, request?: unknown) {
    super(message, 'ERR_CANCELED', config, request)
  }
}

/** The two classes, in the place of axios' own. */
export const lookalikes = {
  AxiosError: AxiosErrorLookalike,
  CanceledError: CanceledErrorLookalike,
} as unknown as AxiosErrors
