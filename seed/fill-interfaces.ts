import { importSender, saveDestination } from '@renxin/integration'
import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { APPLICATION, FACILITY, siteProfile } from './messages.ts'

/** Where the simulated HIS listens for what is written back. */
export const WRITE_BACK_PORT = 2576

/** The imaginary HIS on both sides: the mapping of what it sends, and where it takes results. On this machine only. */
export async function fillInterfaces(ctx: Context): Promise<void> {
  await importSender(ctx, siteProfile, { application: APPLICATION, facility: FACILITY })
  await saveDestination(ctx, {
    id: newId(),
    name: '模拟 HIS',
    host: '127.0.0.1',
    port: WRITE_BACK_PORT,
    application: APPLICATION,
    facility: FACILITY,
    charset: 'utf-8',
    takesFollowups: true,
    takesComplaints: true,
    takesPhones: true,
    isActive: true,
  })
}
