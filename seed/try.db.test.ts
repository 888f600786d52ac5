import { test } from 'vitest'
import { openHouse } from '@renxin/server/testing'
import { staff } from '@renxin/staff'
import { access } from '@renxin/access'
import { patients } from '@renxin/patients'
import { encounters } from '@renxin/encounters'
import { surveys } from '@renxin/surveys'
import { followups } from '@renxin/followups'
import { fillDemo } from './fill.ts'
const house = await openHouse([access, staff, patients, encounters, surveys, followups], { now: '2026-11-22T09:00+08:00', prepare: true })
test('speed', async () => {
  let last = '', t = performance.now()
  await fillDemo(house.house, house.hospitalId, { patients: 4000, onProgress: (s, what) => { if (what !== last) { console.log(what, Math.round(performance.now() - t)); last = what } } })
  console.log('done', performance.now() - t)
  console.log(await house.sql('select listener, left(error,300) from house.deliveries limit 3'))
  console.log(await house.sql(`select programme_key, status, outcome, count(*)::int from followups.task_rows group by 1,2,3 order by 1,2,3`))
  console.log(await house.sql(`select count(*)::int from surveys.answer_rows`))
}, 120000)
