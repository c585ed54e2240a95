import { createNet } from './net.js'

/** The application's own; a test makes one with a network that misbehaves. */
export const net = createNet()
