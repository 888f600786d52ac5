import { encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { sql } from '@renxin/server'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { describe, expect, test } from 'vitest'
import { surveys } from './index.ts'
import { newestTexts } from './results.ts'

const house = await openHouse([staff, patients, encounters, surveys], { now: '2026-09-04T09:00+08:00' })

describe('lists and figures reach an index, whatever the wall between hospitals', () => {
  const id = newId()
  test.each([
    [
      'answers to a questionnaire over days',
      `select count(*) from surveys.answers where questionnaire_id = '${id}' and day >= '2026-09-01'`,
      /questionnaire_id = .* AND \(day >=/,
    ],
    [
      'a measure over months',
      `select from surveys.answers where measure = 'nps' and month >= '2026-09-01' and measure is not null`,
      /month >= .* AND \(measure =/,
    ],
    [
      'responses to a questionnaire, newest first',
      `select from surveys.responses where questionnaire_id = '${id}' and completed_at < now() order by completed_at desc, id limit 50`,
      /questionnaire_id = .* AND \(completed_at </,
    ],
    [
      'responses of a patient',
      `select from surveys.responses where patient_id = '${id}' order by completed_at desc limit 50`,
      /patient_id =/,
    ],
  ])('%s', async (_, query, condition) => {
    const plan = await house.inside(async (ctx) => {
      await sql`set local enable_seqscan = off`.execute(ctx.db)
      return (await sql.raw<Record<string, string>>(`explain ${query}`).execute(ctx.db)).rows.flatMap((r) => Object.values(r)).join('\n')
    })

    expect(plan).toMatch(/Index Cond: .*hospital_id/)
    expect(plan).toMatch(condition)
  })

  test('the newest words to a question', async () => {
    const asked = { questionnaireId: id, from: '2026-09-01', to: '2026-09-30' }

    const plan = await house.inside(async (ctx) => {
      await sql`set local enable_seqscan = off`.execute(ctx.db)
      const { rows } = await sql<Record<string, string>>`explain ${newestTexts(ctx, asked, ['remarks'])}`.execute(ctx.db)
      return rows.flatMap((r) => Object.values(r)).join('\n')
    })

    expect(plan).toContain('answers_texts')
    expect(plan).toMatch(/Index Cond: .*hospital_id.* AND \(questionnaire_id = .* AND \(link_id = l.link_id\) AND \(day >=/)
  })
})
