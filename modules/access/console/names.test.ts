import { newId } from '@renxin/kernel'
import { expect, test } from 'vitest'
import { actorText } from './names.ts'

test('what is done by the clock has a name in the reader’s language, and a person keeps his own', () => {
  expect(actorText({ actorId: null, actorName: 'system' })).toBe('系统自动')
  expect(actorText({ actorName: 'nobody' })).toBe('未登录者')
  expect(actorText({ actorId: newId(), actorName: 'system' })).toBe('system')
  expect(actorText({ actorId: newId(), actorName: '王芳' })).toBe('王芳')
})
