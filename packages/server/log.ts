import { pino } from 'pino'
import type { Log } from './context.ts'

/** Structured lines on standard output; names, phones and free text stay out of them. */
export const makeLog = (level = 'info'): Log => pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })

export const silentLog: Log = { info() {}, warn() {}, error() {}, debug() {} }
