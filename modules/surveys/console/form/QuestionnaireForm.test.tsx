import { renderPage } from '@renxin/client/testing'
import { fireEvent, screen } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { type Answers, type FilledShown, fhirUrls, type Problem } from '../../contract.ts'
import { inpatientSatisfaction } from '../../server/presets/inpatient-satisfaction.ts'
import { nps } from '../../server/presets/nps.ts'
import { recovery } from '../../server/presets/recovery.ts'
import { QuestionnaireForm } from './QuestionnaireForm.tsx'

function open(definition: unknown, options: { language?: string } = {}) {
  const seen: { answers: Answers; submitted: Answers[] } = { answers: {}, submitted: [] }
  function Holder() {
    const [answers, setAnswers] = useState<Answers>({})
    seen.answers = answers
    return (
      <QuestionnaireForm
        definition={definition}
        answers={answers}
        onChange={setAnswers}
        onSubmit={(given) => seen.submitted.push(given)}
        autoFocus
        {...options}
      />
    )
  }
  return { ...renderPage(<Holder />), seen }
}

const form = (...item: object[]) => ({ resourceType: 'Questionnaire', item })
const asked = () => document.activeElement?.closest<HTMLElement>('[data-question]')?.dataset.question

test('ten questions are answered and handed in with eleven keys', async () => {
  const { user, seen } = open(recovery)

  await user.keyboard('1213113121{Control>}{Enter}{/Control}') // ten digits and one chord

  expect(seen.submitted).toHaveLength(1)
  expect(seen.submitted[0]).toEqual({
    recovery: ['very-good'],
    pain: ['mild'],
    fever: ['none'],
    wound: ['inflamed'],
    medication: ['as-told'],
    'eating-sleep': ['well'],
    'self-care': ['all'],
    revisit: ['arranged'],
    guidance: ['partly'],
    discomfort: ['no'],
  })
})

test('an answer that brings another question forth leads to it', async () => {
  const { user } = open(recovery)

  await user.keyboard('11112')
  expect(asked()).toBe('medication-reason')
  await user.keyboard('13') // several may be ticked, so the cursor stays
  expect(asked()).toBe('medication-reason')
  expect(screen.getByRole('checkbox', { name: /忘记了/ })).toHaveProperty('checked', true)
  expect(screen.getByRole('checkbox', { name: /觉得好了/ })).toHaveProperty('checked', true)
  await user.keyboard('{Enter}')

  expect(asked()).toBe('eating-sleep')
})

test('one Tab goes to the next question, past all options of a list', async () => {
  const options = ['a', 'b', 'c'].map((code) => ({ valueCoding: { code } }))
  const { user } = open(
    form({ linkId: 'm', type: 'choice', repeats: true, text: 'm', answerOption: options }, { linkId: 'n', type: 'integer', text: 'n' }),
  )

  await user.keyboard('{ArrowDown}{ }') // Space ticks what the arrow came to
  await user.tab()

  expect(screen.getByRole('checkbox', { name: /b/ })).toHaveProperty('checked', true)
  expect(asked()).toBe('n')
})

test('arrows change the choice without leaving the question, Delete takes it back', async () => {
  const { user, seen } = open(form({ linkId: 'a', type: 'boolean', text: 'a' }, { linkId: 'b', type: 'string', text: 'b' }))

  await user.keyboard('{ArrowDown}')
  expect(seen.answers).toEqual({ a: [false] })
  expect(asked()).toBe('a')
  await user.keyboard('{Delete}')

  expect(seen.answers).toEqual({ a: [] })
})

test('a ten is typed as 1 and 0, any other point at once', async () => {
  const { user, seen } = open(nps)

  await user.keyboard('1')
  expect(seen.answers).toEqual({ nps: [1] })
  expect(asked()).toBe('nps') // it may become a ten
  await user.keyboard('0')
  expect(seen.answers).toEqual({ nps: [10] })
  expect(asked()).toBe('nps-reason')
  await user.tab({ shift: true })
  await user.keyboard('7')

  expect(seen.answers).toEqual({ nps: [7] })
})

test('what is missing is told at the question, tied to it, and the first is focused', async () => {
  const { user, seen } = open(inpatientSatisfaction)

  await user.keyboard('12{Control>}{Enter}{/Control}')

  expect(seen.submitted).toEqual([])
  expect(asked()).toBe('response')
  const group = screen.getByRole('radiogroup', { name: /需要帮助时/ })
  const told = document.getElementById(group.getAttribute('aria-describedby') ?? '')
  expect(told?.textContent).toBe('这一题必须回答')
  expect(group.getAttribute('aria-invalid')).toBe('true')
  expect(screen.getByRole('alert').textContent).toContain('还有 9 题')
})

test('while an input method composes, Enter and digits are its own', () => {
  const { seen } = open(form({ linkId: 't', type: 'string', text: 't' }, { linkId: 'c', type: 'boolean', text: 'c' }))
  const field = screen.getByRole('textbox')

  fireEvent.keyDown(field, { key: 'Enter', isComposing: true })
  fireEvent.keyDown(field, { key: 'Enter', keyCode: 229 })
  fireEvent.keyDown(field, { key: '1', isComposing: true })

  expect(asked()).toBe('t')
  expect(seen.answers).toEqual({})
  fireEvent.keyDown(field, { key: 'Enter' })
  expect(asked()).toBe('c')
})

test('full-width digits of an input method are numbers; what is none is told on leaving', async () => {
  const { user, seen } = open(form({ linkId: 'n', type: 'decimal', text: '体温' }, { linkId: 'x', type: 'string', text: 'x' }))

  await user.type(screen.getByRole('textbox', { name: /体温/ }), '３６．５')
  expect(seen.answers).toEqual({ n: [36.5] })
  await user.clear(screen.getByRole('textbox', { name: /体温/ }))
  await user.type(screen.getByRole('textbox', { name: /体温/ }), '高')
  expect(screen.queryByText('请填数字')).toBeNull()
  await user.tab()

  expect(screen.getByText('请填数字')).toBeTruthy()
})

test('an option that stands alone takes the others back', async () => {
  const alone = [{ url: 'http://hl7.org/fhir/StructureDefinition/questionnaire-optionExclusive', valueBoolean: true }]
  const options = [{ valueCoding: { code: 'a' } }, { valueCoding: { code: 'b' } }, { valueCoding: { code: 'none' }, extension: alone }]
  const { user, seen } = open(form({ linkId: 'm', type: 'choice', repeats: true, text: 'm', answerOption: options }))

  await user.keyboard('123')
  expect(seen.answers).toEqual({ m: ['none'] })
  await user.keyboard('1')

  expect(seen.answers).toEqual({ m: ['a'] })
})

test('the progress counts the questions shown at present', async () => {
  const { user } = open(recovery)
  expect(screen.getByText('已答 0 / 10')).toBeTruthy()

  await user.keyboard('11112')

  expect(screen.getByText('已答 5 / 11')).toBeTruthy()
})

test('it speaks the reader’s language where the questionnaire does', () => {
  open(nps, { language: 'en' })

  expect(screen.getByText(/How likely are you to recommend our hospital/)).toBeTruthy()
})

test('what the page refuses is told at the questions until it is mended', async () => {
  const definition = form({ linkId: 'a', type: 'boolean', text: 'a' }, { linkId: 'b', type: 'boolean', text: 'b', required: true })
  function Holder() {
    const [answers, setAnswers] = useState<Answers>({})
    const [problems, setProblems] = useState<Problem[]>([])
    return (
      <>
        <QuestionnaireForm definition={definition} answers={answers} onChange={setAnswers} problems={problems} />
        <button type="button" onClick={() => setProblems([{ linkId: 'b', code: 'required' }])}>
          完成
        </button>
      </>
    )
  }
  const { user } = renderPage(<Holder />)

  await user.click(screen.getByRole('button', { name: '完成' }))
  expect(asked()).toBe('b')
  expect(screen.getByText('这一题必须回答')).toBeTruthy()
  await user.keyboard('1')

  expect(screen.queryByText('这一题必须回答')).toBeNull()
})

test('a draft is taken up at the first question that is open', () => {
  renderPage(<QuestionnaireForm definition={recovery} answers={{ recovery: ['good'], pain: ['none'] }} onChange={() => {}} autoFocus />)

  expect(asked()).toBe('fever')
})

test('what the records fill in is shown with where it came from, is no stop for the keyboard, and brings forth what follows from it', async () => {
  const from = (path: string) => ({ extension: [{ url: fhirUrls.source, valueString: path }] })
  const definition = form(
    { linkId: 'operation', type: 'string', text: '最近一次手术', ...from('operation.last') },
    { linkId: 'result', type: 'decimal', text: '血红蛋白', ...from('laboratory.latestAmount:HGB') },
    {
      linkId: 'wound',
      type: 'boolean',
      text: '切口好吗？',
      enableWhen: [{ question: 'operation', operator: 'exists', answerBoolean: true }],
    },
    { linkId: 'well', type: 'boolean', text: '恢复得好吗？' },
  )
  const item = { of: null, system: null, at: null, isKept: false }
  const filled: FilledShown = {
    open: [
      {
        ...item,
        linkId: 'operation',
        path: 'operation.last',
        title: ['手术 · 最近一次手术', 'Operation · Last operation'],
        value: '阑尾切除术',
        at: '2026-03-01T02:00:00.000Z',
        system: 'EMR',
      },
      { ...item, linkId: 'result', path: 'laboratory.latestAmount:HGB', title: ['检验结果', 'Results'], value: null, isKept: true },
    ],
    diagnosis: [],
  }
  const seen: Answers[] = []
  const page = renderPage(
    <QuestionnaireForm definition={definition} answers={{}} onChange={(a) => seen.push(a)} filled={filled} autoFocus />,
  )

  expect(screen.getByText('阑尾切除术')).toBeTruthy()
  expect(screen.getByText('来自手术 · 最近一次手术 · EMR · 2026-03-01 10:00')).toBeTruthy()
  expect(screen.getByText(/您的权限看不到这类记录/)).toBeTruthy()
  expect(asked()).toBe('wound')
  expect(screen.getByText('1.').parentElement?.textContent).toContain('切口好吗？')
  await page.user.keyboard('1')
  expect(seen.at(-1)).toEqual({ wound: [true] }) // what was filled in is no part of what was answered
})
