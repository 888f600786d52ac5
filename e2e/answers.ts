import type { Product } from '@renxin/app-server/testing'
import { followupsApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { asking, type Stay, sendHome, untaken } from './his.ts'
import { expect } from './product.ts'

/** These patients go home, are reached, and answer every question with the same option: what others did before a journey begins. */
export async function answerAll(product: Product, stays: readonly Stay[], option: string): Promise<void> {
  await sendHome(product, ...stays)
  const names = new Set(stays.map((s) => s.name))
  const nurse = await asking(product, 'nurse')
  const tasks = async () => {
    return (await untaken(nurse)).filter((t) => t.stepName === '当天电话' && names.has(t.patientName))
  }
  await expect.poll(async () => (await tasks()).length, { timeout: 30_000 }).toBe(stays.length)
  for (const { id } of await tasks()) {
    const { contacts, questionnaire } = await nurse(followupsApi.task, { id })
    const attemptId = newId()
    await nurse(followupsApi.dial, { id, attemptId, contactId: contacts[0]?.id ?? '' })
    const response = { id: newId(), versionId: questionnaire?.versionId ?? '', answers: answersOf(questionnaire?.definition, option) }
    await nurse(followupsApi.complete, { id, attemptId, outcome: 'reached', note: '', response })
  }
}

type Item = { linkId: string; type: string; item?: Item[] }

function answersOf(definition: unknown, option: string): Record<string, string[]> {
  const items = (list: readonly Item[]): Item[] => list.flatMap((i) => [i, ...items(i.item ?? [])])
  const { item } = definition as { item: Item[] } // a FHIR Questionnaire, as the server wrote it
  return Object.fromEntries(items(item).flatMap((i) => (i.type === 'choice' ? [[i.linkId, [option]]] : [])))
}
