import { type Context, can } from '@renxin/server'
import { maskName } from '../person/masking.ts'

/** A name as the one who asks may see it. Every name of a patient goes through here before it leaves. */
export const showName = (ctx: Pick<Context, 'actor'>, name: string): string => (can(ctx, 'patients.names') ? name : maskName(name))
