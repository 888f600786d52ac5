import { call, Problem } from '@renxin/client'

/**
 * Whoever comes by a signed address from another system: it holds for seconds, so it is shown to the server before anybody signs in. What stays in the
 * address bar is a ticket, or why it was refused.
 */
export async function arrive(): Promise<void> {
  const said = new URLSearchParams(location.search)
  if (location.pathname !== '/link' || !said.has('signature')) return
  const part = (name: string) => said.get(name) ?? ''
  const { screenLinkApi } = await import('@renxin/integration/contract') // nobody else who signs in has to fetch it
  try {
    const { ticket } = await call(screenLinkApi.arrive, {
      link: part('link'),
      workNumber: part('workNumber'),
      medicalRecordNumber: part('medicalRecordNumber'),
      visitNumber: part('visitNumber'),
      time: part('time'),
      nonce: part('nonce'),
      signature: part('signature'),
      ...(said.has('hospitalId') && { hospitalId: part('hospitalId') }),
    })
    history.replaceState(null, '', `/link?ticket=${encodeURIComponent(ticket)}`)
  } catch (problem) {
    const code = problem instanceof Problem ? (problem.code.split('.')[1] ?? '') : ''
    history.replaceState(null, '', `/link?refused=${encodeURIComponent(code || 'linkUsed')}`)
  }
}
