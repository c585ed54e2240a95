/** The pulse by which sockets and streams are looked at. */

/** Everybody is looked at so many times a heartbeat. */
export const BEATS = 2
/** Silent, or without room, for two and a half heartbeats: gone. */
export const PATIENCE_BEATS = 2.5 * BEATS
