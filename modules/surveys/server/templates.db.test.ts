import { encounters } from '@renxin/encounters'
import { newId } from '@renxin/kernel'
import { patients } from '@renxin/patients'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { describe, expect, test } from 'vitest'
import { type Answers, checkAnswers, enabledItems, isFilled, isQuestion, readForm, surveysApi } from '../contract.ts'
import { surveys } from './index.ts'
import { diseaseTemplates } from './presets/diseases.ts'

const house = await openHouse([staff, patients, encounters, surveys], { now: '2026-09-04T09:00+08:00', prepare: true })
const editor = house.who('surveys.read', 'surveys.edit', 'surveys.results')
const take = (key: string) => editor.call(surveysApi.takeTemplate, { key, id: newId(), versionId: newId() })
const cardOf = async (key: string) => (await editor.call(surveysApi.templates, {})).rows.find((t) => t.key === key)

describe('the library', () => {
  test('has at least twenty diseases, those that every hospital follows up among them', async () => {
    const { rows } = await editor.call(surveysApi.templates, {})

    expect(rows.length).toBeGreaterThanOrEqual(20)
    expect(rows.map((t) => t.key)).toEqual(
      expect.arrayContaining(['breast-cancer-surgery', 'hypertension', 'type2-diabetes', 'pci', 'stroke', 'copd', 'knee-replacement', 'caesarean', 'child-pneumonia']),
    ) // biome-ignore format: a list
    expect(rows.every((t) => t.taken === null)).toBe(true)
    expect(new Set(rows.map((t) => t.title[0])).size).toBe(rows.length)
  })

  test.each([...diseaseTemplates.keys()])('%s names where what it asks comes from, and can be taken and asked as it is', async (key) => {
    const template = await editor.call(surveysApi.template, { key })
    const questionnaire = await take(key)
    const form = readForm(template.definition)
    const questions = [...form.byLinkId.values()].filter((i) => isQuestion(i) && !isFilled(i))

    expect(template.bases.length).toBeGreaterThan(0)
    for (const basis of template.bases)
      expect([basis.title, basis.issuer, basis.part].every((t) => t.length > 1) && basis.year).toBeGreaterThan(1990)
    expect(questionnaire).toMatchObject({ key, status: 'active', currentNumber: 1, draft: null })
    expect(questionnaire.findings.map((f) => f.code)).toEqual(['flagWithoutDeadline']) // how soon a doctor acts is for the hospital to say
    expect(questions.length).toBeGreaterThanOrEqual(8)
    expect(questions.filter((q) => q.options.length > 0).every((q) => q.options.length >= 2)).toBe(true)
    expect(template.filled).toBeGreaterThanOrEqual(2)
  })

  test.each([...diseaseTemplates])('of %s each question can come up, and those that others bring forth do so', (_, { definition }) => {
    const form = readForm(definition)
    const reached = new Set<string>()
    const items = [...form.byLinkId.values()].filter((i) => isQuestion(i) && !isFilled(i))
    // One pass for each place in the list of options: every option is chosen once, alone.
    for (let nth = 0; nth < 12; nth += 1) {
      const answers: Answers = Object.fromEntries(
        items.flatMap((i): [string, (string | boolean)[]][] => {
          const chosen = i.options[Math.min(nth, i.options.length - 1)]
          if (chosen) return [[i.linkId, [chosen.key]]]
          return i.kind === 'boolean' ? [[i.linkId, [nth % 2 === 0]]] : []
        }),
      )
      for (const linkId of enabledItems(form, answers)) reached.add(linkId)
      expect(checkAnswers(form, answers)).toEqual([])
    }

    expect(items.filter((i) => !reached.has(i.linkId)).map((i) => i.linkId)).toEqual([])
  })

  test('asks in plain words and sets no limits of its own: what a number means is the doctor’s to say', () => {
    for (const [, { definition }] of diseaseTemplates) {
      const form = readForm(definition)
      for (const item of form.byLinkId.values()) {
        expect(item.maxValue).toBeNull()
        expect(item.options.every((o) => o.score === null)).toBe(true)
        expect(`${item.text.text}${item.options.map((o) => o.label.text).join('')}`).not.toMatch(/[≥≤<>]|\d+\s*(mmHg|mmol|kg|%)/)
      }
    }
  })
})

describe('a template that the hospital takes', () => {
  test('is a questionnaire of its own: taken twice it is one, and what was changed stays', async () => {
    const { id } = await take('gout')
    const { definition } = await editor.call(surveysApi.template, { key: 'gout' })
    const saved = await editor.call(surveysApi.saveDraft, { id, definition: { ...definition, title: '本院痛风随访' }, revision: 0 })
    await editor.call(surveysApi.publish, { id, versionId: newId(), revision: saved.revision })

    const again = await take('gout')

    expect(again).toMatchObject({ id, title: '本院痛风随访', currentNumber: 2 })
    expect(await cardOf('gout')).toMatchObject({ taken: { id, status: 'active', currentNumber: 2, edition: 1 } })
  })

  test('is copied, disabled and enabled like any other, and the library says so', async () => {
    const { id } = await take('asthma')
    const copy = await editor.call(surveysApi.copy, { id, newId: newId(), title: '儿童哮喘随访' })
    await editor.call(surveysApi.disable, { id })

    expect((await cardOf('asthma'))?.taken?.status).toBe('disabled')
    expect(copy).toMatchObject({ key: null, status: 'draft', findings: [expect.objectContaining({ code: 'flagWithoutDeadline' })] })
    expect(readForm(copy.draft).bases.map((b) => b.title)).toEqual(['支气管哮喘防治指南（2020年版）']) // a copy still says what it follows
    await editor.call(surveysApi.enable, { id })
    expect((await cardOf('asthma'))?.taken?.status).toBe('active')
  })

  test('is brought up to a later edition as a draft, and not while something else is being written', async () => {
    const { id, revision } = await take('epilepsy')
    const { definition } = await editor.call(surveysApi.template, { key: 'epilepsy' })
    const older = { ...definition, title: '旧版', extension: [] }
    const written = await editor.call(surveysApi.saveDraft, { id, definition: older, revision })

    await expect(editor.call(surveysApi.renewTemplate, { key: 'epilepsy', revision: written.revision })).rejects.toMatchObject({
      code: 'surveys.draftInTheWay',
    })
    await editor.call(surveysApi.publish, { id, versionId: newId(), revision: written.revision })
    expect((await cardOf('epilepsy'))?.taken?.edition).toBeNull()

    const renewed = await editor.call(surveysApi.renewTemplate, { key: 'epilepsy', revision: written.revision })

    expect(renewed).toMatchObject({ hasDraft: true, currentNumber: 2, title: '旧版' })
    expect(readForm(renewed.draft).title.text).toBe('癫痫随访')
    expect((await cardOf('epilepsy'))?.taken).toMatchObject({ edition: 1, hasDraft: true })
  })

  test('one that is not there is refused, and so is bringing up to date what was never taken', async () => {
    await expect(take('no-such-disease')).rejects.toMatchObject({ code: 'surveys.templateNotFound' })
    const other = await house.stranger('surveys.read', 'surveys.edit')
    await expect(other.call(surveysApi.renewTemplate, { key: 'gout', revision: 0 })).rejects.toMatchObject({
      code: 'surveys.templateNotTaken',
    })
    expect((await other.call(surveysApi.templates, {})).rows.every((t) => t.taken === null)).toBe(true) // each hospital has its own
  })
})
