/** What can be listened to. */

/** The topics: what people say to each other, a tick each second, and what was done to orders. */
export const TOPICS = ['chat', 'clock', 'orders'] as const

/** One of them. */
export type Topic = (typeof TOPICS)[number]

/** Whether this is the name of one. */
export const isTopic = (name: unknown): name is Topic => TOPICS.includes(name as Topic)

/** Whether clients may send to it. */
export const isWritable = (topic: Topic): boolean => topic === 'chat'
