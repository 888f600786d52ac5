import { importSender, saveDestination } from '@renxin/integration'
import { newId } from '@renxin/kernel'
import { type Context, isClosedHost } from '@renxin/server'
import { APPLICATION, FACILITY, siteProfile } from './messages.ts'

/** Where the simulated HIS listens for what is written back. */
export const WRITE_BACK_PORT = 2576

const HERE = '127.0.0.1'

/** What the imaginary HIS sends, and where its systems put what no standard places. */
export const fillInterfaces = (ctx: Context) => importSender(ctx, siteProfile, { application: APPLICATION, facility: FACILITY })

/** Where the imaginary HIS takes results: on this machine, so not where nothing there may be written to. */
export async function fillDestination(ctx: Context): Promise<void> {
  if (isClosedHost(HERE)) return
  await saveDestination(ctx, {
    id: newId(),
    name: '模拟 HIS',
    host: HERE,
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
