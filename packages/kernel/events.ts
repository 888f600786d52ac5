import type { z } from 'zod'

/** A fact in the past tense, `module.happened`, that carries ids and no copies. Its shape only grows. */
export type HouseEvent<S extends z.ZodType = z.ZodType> = { readonly name: string; readonly shape: S }
export type EventOf<E extends HouseEvent> = z.output<E['shape']>

export const defineEvent = <S extends z.ZodType>(name: `${string}.${string}`, shape: S): HouseEvent<S> => ({ name, shape })
