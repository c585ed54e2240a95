/**
 * Requests in the air. A flight is a seat, not a passenger: its handlers and its abort signal are made once
 * and used by one request after another, so that a request costs no closure and no AbortController (P8).
 */
import type { Clock } from '../core/clock.js'
import type { Call } from './call.js'
import { listen, unlisten } from './cancel.js'
import type { Adapter, Answer, Config, Ears, Progress } from './config.js'

/**
 * Why a request in the air was ended: by its caller, by the loss of the link, because it was silent, or because its
 * time was over.
 */
export type EndedBy = 'caller' | 'lost' | 'stalled' | 'late'

/** Who hears of what happens in the air. */
export interface FlightHost {
  readonly clock: Clock
  /** It is about to be handed to the adapter. */
  boarded(flight: Flight): void
  answered(flight: Flight, response: Answer): Answer | Promise<Answer>
  failed(flight: Flight, error: unknown): Promise<Answer>
  /** An answer's or a body's bytes came. */
  moved(flight: Flight): void
}

/** A seat, and whoever sits in it. Instants are epoch ms. */
export class Flight {
  /** The request; null: the seat is free. */
  config: Config | null = null
  /** Its record, once it was sent before. */
  call: Call | null = null
  startedAt = 0
  /** When its last bytes came; 0: none yet. */
  movedAt = 0
  /** How long it may be silent before that is a suspicion again; 0: the watch's own span. */
  spanMs = 0
  /** The verdict was still open when it was sent. */
  isProvisional = false
  /** When it has to be over; Infinity: whenever. */
  endsAt = Infinity
  /** When the link was lost under it; 0: it was not. */
  lostAt = 0
  endedBy: EndedBy | null = null

  private controller = new AbortController()
  private callerSignal: Config['signal']
  private callerDownload: Config['onDownloadProgress']
  private callerUpload: Config['onUploadProgress']

  constructor(private readonly host: FlightHost) {}

  /** When it last showed life, its beginning included. */
  get quietSince(): number {
    return Math.max(this.startedAt, this.movedAt)
  }

  /** Takes a seat: the seat's signal and ears go on the config until it lands. */
  board(config: Config, call: Call | null, isProvisional: boolean, hearsUpload: boolean): void {
    this.config = config
    this.call = call
    this.startedAt = this.host.clock.now()
    this.movedAt = this.spanMs = this.lostAt = 0
    this.endsAt = Infinity
    this.isProvisional = isProvisional
    this.endedBy = null
    this.callerSignal = config.signal
    listen(config, this.whenCancelled)
    config.signal = this.controller.signal
    this.callerDownload = config.onDownloadProgress
    config.onDownloadProgress = ears(
      config.onDownloadProgress,
      isReadLater(config) ? this.earOf(config) : this.whenMoved,
    )
    this.callerUpload = config.onUploadProgress
    if (hearsUpload) config.onUploadProgress = ears(config.onUploadProgress, this.whenUploaded)
  }

  /** Leaves the seat; the config is again as the caller made it. */
  leave(): void {
    const config = this.config
    if (!config) return
    this.config = this.call = null
    restore(config, 'signal', this.callerSignal)
    restore(config, 'onDownloadProgress', this.callerDownload)
    restore(config, 'onUploadProgress', this.callerUpload)
    this.callerSignal = this.callerDownload = this.callerUpload = undefined
    unlisten(config, this.whenCancelled)
    if (isReadLater(config) && !this.endedBy) this.hand(config, this.controller)
    if (this.endedBy || isReadLater(config)) this.controller = new AbortController()
  }

  /** Its body is still to be read: whoever sits here next does not end it, and its caller still can. */
  private hand(config: Config, controller: AbortController): void {
    listen(config, () => controller.abort())
  }

  /** Of a body that is read after the landing no byte is movement of whoever sits here by then. */
  private earOf(config: Config): Ears {
    return () => {
      if (this.config === config) this.whenMoved()
    }
  }

  /** Ends it; the adapter rejects, and `endedBy` remembers why. The first reason stays. */
  end(endedBy: EndedBy): void {
    if (!this.config || this.endedBy) return
    this.endedBy = endedBy
    this.controller.abort()
  }

  readonly whenAnswered = (response: Answer) => this.host.answered(this, response)
  readonly whenFailed = (error: unknown) => this.host.failed(this, error)
  private readonly whenCancelled = () => this.end('caller')
  private readonly whenMoved = () => {
    if (this.config) this.host.moved(this)
  }
  /** A body that is all sent proves nothing: the device's own buffer takes a small one into a black hole too. */
  private readonly whenUploaded = ({ loaded, total }: Progress) => {
    if (loaded !== total) this.whenMoved()
  }
}

/** Its answer is there before its body is: a stream, or (axios' adapter over fetch) the platform's own answer. */
const isReadLater = ({ responseType }: Config): boolean =>
  responseType === 'stream' || responseType === 'response'

/** Hears of progress, and lets the caller hear it too. */
function ears(caller: Config['onDownloadProgress'], hear: Ears): Ears {
  if (!caller) return hear
  return (event) => {
    hear(event)
    caller(event)
  }
}

/** A key that was not there before stays as undefined: deleting it would cost more than it is worth. */
function restore<K extends 'signal' | 'onDownloadProgress' | 'onUploadProgress'>(
  config: Config,
  key: K,
  value: Config[K],
): void {
  if (config[key] !== value) config[key] = value
}

/** The seats of one client. */
export interface Flights {
  /** Every seat, free ones included (their config is null). */
  readonly seats: readonly Flight[]
  /** How many are taken. */
  readonly taken: number
  /** Hands a request to the adapter. */
  launch(adapter: Adapter, config: Config, call: Call | null, isProvisional: boolean): Promise<Answer>
  /** Frees the seat, and gives back whoever sat in it. */
  land(flight: Flight): void
}

/** As many seats as were ever needed at once. */
export function createFlights(
  host: FlightHost,
  hearsUpload: (config: Config, adapter: Adapter) => boolean,
): Flights {
  const seats: Flight[] = []
  const free: Flight[] = []

  function add(): Flight {
    const flight = new Flight(host)
    seats.push(flight)
    return flight
  }

  return {
    seats,
    get taken() {
      return seats.length - free.length
    },
    launch(adapter, config, call, isProvisional) {
      const flight = free.pop() ?? add()
      flight.board(config, call, isProvisional, hearsUpload(config, adapter))
      host.boarded(flight)
      try {
        return adapter(config).then(flight.whenAnswered, flight.whenFailed)
      } catch (error) {
        return flight.whenFailed(error)
      }
    },
    land(flight) {
      flight.leave()
      free.push(flight)
    },
  }
}
