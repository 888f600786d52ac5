import type { Product } from '@renxin/app-server/testing'
import { programmesApi } from '@renxin/followups/contract'
import { newId } from '@renxin/kernel'
import { surveysApi } from '@renxin/surveys/contract'
import { asking } from './his.ts'

type Calls = { name: string; diagnosis: string; asks: string; steps?: readonly string[] }

/** Which diagnosis belongs to which journey: of one that two plan for, each would find the other's tasks among its own. */
const planned = new Map<string, string>()

/**
 * A programme of the centre that calls on the day of discharge, at any hour, whoever had this diagnosis: so a journey finds its own
 * patients on the nurse's list, whatever the time is where the hospital stands.
 */
export async function planCalls(product: Product, { name, diagnosis, asks, steps = ['当天电话'] }: Calls) {
  const before = planned.get(`${product.url} ${diagnosis}`)
  if (before) throw new Error(`${diagnosis} is planned for by 「${before}」: choose another`)
  planned.set(`${product.url} ${diagnosis}`, name)
  const ask = await asking(product, 'admin')
  const { rows } = await ask(surveysApi.questionnaires, {})
  const questionnaire = rows.find((q) => q.title === asks)
  if (!questionnaire) throw new Error(`no questionnaire ${asks}`)
  const id = newId()
  await ask(programmesApi.saveProgramme, {
    id,
    version: 0,
    body: {
      name,
      level: 'centre',
      trigger: 'discharged',
      rule: { classes: ['inpatient'], diagnoses: [diagnosis] },
      callFrom: '00:00',
      callUntil: '23:59',
      steps: steps.map((step) => ({
        name: step,
        unit: 'hours' as const,
        fromOffset: 0,
        byOffset: 1,
        channel: 'phone' as const,
        assignee: 'centre' as const,
        questionnaireId: questionnaire.id,
      })),
    },
  })
  await ask(programmesApi.activate, { id })
}
