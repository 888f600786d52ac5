import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkAnswers } from './check.ts'
import { inspect } from './inspect.ts'
import { answersOf } from './response.ts'
import { initialAnswers, isQuestion, visibleItems } from './visible.ts'

const folder = process.env.RENXIN_SAMPLES && join(process.env.RENXIN_SAMPLES, 'questionnaires')
const isThere = folder !== undefined && existsSync(folder)
const read = (file: string): { resourceType: string } => JSON.parse(readFileSync(join(folder ?? '', file), 'utf8'))

if (!isThere) test('every sample questionnaire can be asked', (t) => t.skip('RENXIN_SAMPLES names no folder with questionnaires'))
else
  describe('the questionnaires of the samples', () => {
    const files = readdirSync(folder).filter((f) => f.endsWith('.json'))
    const questionnaires = files.filter((f) => read(f).resourceType === 'Questionnaire')

    test.each(questionnaires)('%s can be asked', (file) => {
      const definition = read(file)
      const before = JSON.stringify(definition)

      const { form, findings } = inspect(definition)

      expect(findings.filter((f) => f.weight === 'blocks' && f.code !== 'noTitle')).toEqual([]) // a title can be given in the editor
      expect(visibleItems(form, initialAnswers(form)).some(isQuestion)).toBe(true)
      expect(checkAnswers(form, initialAnswers(form)).every((p) => p.code === 'required')).toBe(true)
      expect(JSON.stringify(definition)).toBe(before)
    })

    test('a response to the blood pressure form is read', () => {
      const { form } = inspect(read('blood-pressure-questionnaire.json'))

      expect(answersOf(form, read('blood-pressure-questionnaire-response.json'))).toEqual({ systolic: [120], diastolic: [80] })
      expect(form.byLinkId.get('systolic')).toMatchObject({ kind: 'quantity', isRequired: true, unit: { label: 'mmHg', code: 'mm[Hg]' } })
    })

    test('the seasonal flu form asks the day only after yes', () => {
      const { form } = inspect(read('behavior_skip_logic.json'))

      expect(visibleItems(form, { '1.0': ['N'] }).map((i) => i.linkId)).not.toContain('1.1')
      expect(visibleItems(form, { '1.0': ['Y'] }).map((i) => i.linkId)).toContain('1.1')
    })

    test('what our forms do not do is told by item', () => {
      const told = (file: string) => inspect(read(file)).findings.map((f) => `${f.linkId} ${f.code}`)

      expect(told('behavior_calculated_expression.json')).toContain('age expression')
      expect(told('component_repeated_group.json')).toContain('1 groupRepeats')
      expect(told('sample-questionnaire.json').some((t) => t.endsWith('typeNotAnswered'))).toBe(true)
    })
  })
