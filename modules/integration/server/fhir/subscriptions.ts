import type { Context } from '@renxin/server'
import type { Setting } from './setting.ts'
import type { Change } from './store.ts'

export async function noteChanges(_ctx: Context, _setting: Setting, _changes: readonly Change[]): Promise<void> {}
