import { answer, renderPage } from '@renxin/client/testing'
import { raisedFlags, readForm } from '@renxin/surveys/contract'
import { configure, screen, waitFor, within } from '@testing-library/react'
import { useState } from 'react'
import { expect, test } from 'vitest'
import { type Flag, flagsApi } from '../../contract.ts'
import type { RaisedNow } from '../content/use-content.ts'
import { FlagsNow } from './FlagsNow.tsx'
import { FlagsPage } from './FlagsPage.tsx'

configure({ asyncUtilTimeout: 8000 })

const id = (n: number) => `01990000-0000-7000-8000-00000000000${n}`
const flag: Flag = {
  id: id(1),
  patientId: id(2),
  patientName: '钱*英',
  sex: 'female',
  birthOn: '1956-03-12',
  encounterId: id(3),
  departmentId: id(4),
  departmentName: '心血管内科',
  title: '提到胸痛',
  severity: 'emergency',
  status: 'open',
  raisedAt: '2025-11-04T02:00:00.000Z',
  raisedByName: '周敏',
  dueAt: '2025-11-04T02:30:00.000Z',
  isOverdue: true,
  level: 1,
  doctorId: id(5),
  doctorName: '高建国',
  isTold: false,
  outcome: null,
  closedAt: null,
  closedByName: null,
  say: '我马上报告医生。',
  tell: '请拨打 120。',
  because: [{ question: '哪里不舒服？', answers: ['胸痛'] }],
  taskId: null,
  responseId: id(6),
  nowResponseId: null,
  note: '',
  steps: [{ id: id(7), at: '2025-11-04T02:00:00.000Z', kind: 'raised', byName: '周敏', toName: '高建国', note: '', responseId: id(6) }],
  mayClose: true,
}
const answers = [
  answer(flagsApi.flags, { rows: [flag], next: null }),
  answer(flagsApi.flagCounts, {
    mine: 1,
    open: 3,
    overdue: 2,
    passed: 1,
    departments: [{ id: id(4), name: '心血管内科', open: 3, overdue: 2 }],
  }),
  answer(flagsApi.flag, flag),
  answer(flagsApi.closeFlag, { ...flag, status: 'closed', outcome: 'advised', mayClose: false }),
]

test('a red flag is closed by what came of it and what was done, and by neither alone', async () => {
  const { user, sentTo } = renderPage(<FlagsPage />, { answers, search: { open: flag.id } })
  const drawer = await screen.findByRole('dialog')
  await within(drawer).findByText('请拨打 120。')

  await user.click(within(drawer).getByRole('radio', { name: '已电话指导' }))
  await user.click(within(drawer).getByRole('button', { name: '关闭红旗' }))
  expect(await within(drawer).findByText('请选好结果并写明经过。')).toBeTruthy()
  expect(sentTo(flagsApi.closeFlag)).toEqual([])
  await user.type(within(drawer).getByRole('textbox', { name: /处理说明/ }), '已联系，嘱急诊')
  await user.click(within(drawer).getByRole('button', { name: '关闭红旗' }))

  await waitFor(() => expect(sentTo(flagsApi.closeFlag)).toEqual([{ id: flag.id, outcome: 'advised', note: '已联系，嘱急诊' }]))
})

test('the supervisor sees each department with how many are open and how many overdue', async () => {
  renderPage(<FlagsPage />, { answers, search: { list: 'open' } })

  expect(await screen.findByRole('button', { name: '心血管内科：未关闭 3，逾期 2' })).toBeTruthy()
})

const definition = {
  resourceType: 'Questionnaire',
  title: '随访',
  extension: [
    {
      url: 'urn:renxin:fhir:red-flag',
      extension: [
        { url: 'id', valueString: 'bleeding' },
        { url: 'title', valueString: '出血' },
        { url: 'say', valueString: '我马上报告医生。' },
        { url: 'tell', valueString: '请按住伤口。' },
        {
          url: 'when',
          extension: [
            { url: 'question', valueString: 'a' },
            { url: 'operator', valueCode: '=' },
            { url: 'answer', valueBoolean: true },
          ],
        },
      ],
    },
  ],
  item: [{ linkId: 'a', type: 'boolean', text: '出血吗？' }],
}

function Held({ raised }: { raised: readonly RaisedNow[] }) {
  const [told, setTold] = useState<ReadonlySet<string>>(new Set())
  return <FlagsNow raised={raised} told={told} onTold={setTold} />
}

test('what to say and what the patient is to do are announced with the answer that calls for them, and ticked once told', async () => {
  const form = readForm(definition)
  const page = renderPage(<Held raised={raisedFlags(form, { a: [true] }).map(({ flag }) => ({ key: flag.id, flag }))} />)

  expect(screen.getByRole('alert').textContent).toContain('我马上报告医生。')
  expect(screen.getByRole('alert').textContent).toContain('请按住伤口。')
  await page.user.click(screen.getByRole('checkbox', { name: '已告知患者' }))
  expect(screen.getByRole<HTMLInputElement>('checkbox', { name: '已告知患者' }).checked).toBe(true)
})
