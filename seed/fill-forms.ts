import { newId } from '@renxin/kernel'
import type { Context } from '@renxin/server'
import { currentVersion, findQuestionnaireByKey, getQuestionnaire, publishQuestionnaire, saveDraft, takeTemplate } from '@renxin/surveys'
import { type Definition, fhirUrls } from '@renxin/surveys/contract'

const filled = (linkId: string, type: string, text: string, path: string) => ({
  linkId,
  type,
  text,
  extension: [{ url: fhirUrls.source, valueString: path }],
})

/** What a nurse wants to have before her when she asks how somebody has recovered. */
const records = {
  linkId: 'records',
  type: 'group',
  text: '病历信息',
  item: [
    filled('main-diagnosis', 'string', '主要诊断', 'diagnosis.main'),
    filled('discharged-at', 'dateTime', '出院时间', 'encounter.dischargedAt'),
    filled('haemoglobin', 'string', '最近一次血红蛋白', 'laboratory.latest:HGB'),
    filled('imaging', 'text', '影像检查结论', 'report.conclusion:imaging'),
    filled('next-booking', 'dateTime', '下次复诊时间', 'booking.nextAt'),
  ],
}

/** For these diseases the hospital of the demo has taken the templates that came with the product. */
const taken = ['hypertension', 'type2-diabetes', 'pci', 'stroke', 'copd', 'knee-replacement', 'caesarean', 'child-pneumonia'] as const

/** The hospital of the demo has written on: the second version of its recovery questionnaire begins with what its own records say. */
export async function fillForms(ctx: Context): Promise<void> {
  for (const key of taken) await takeTemplate(ctx, { key, id: newId(), versionId: newId() })
  const card = await findQuestionnaireByKey(ctx, 'recovery')
  if (!card) return
  const { id } = card
  const { definition } = await currentVersion(ctx, id)
  const { revision } = await getQuestionnaire(ctx, { id })
  const items = Array.isArray(definition.item) ? definition.item : []
  const next: Definition = { ...definition, item: [records, ...items] }
  const saved = await saveDraft(ctx, { id, definition: next, revision })
  await publishQuestionnaire(ctx, { id, versionId: newId(), revision: saved.revision })
}
