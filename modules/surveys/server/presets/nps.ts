import { fhirUrls } from '../../contract.ts'
import { freeText, measures, questionnaire } from './build.ts'

export const nps = questionnaire(
  'nps',
  ['推荐意愿（NPS）', 'Would you recommend us (NPS)'],
  ['0 分完全不会，10 分一定会。', '0 is certainly not, 10 is certainly.'],
  [
    {
      linkId: 'nps',
      type: 'integer',
      code: [{ code: 'nps' }],
      text: '如果亲友需要看病，您有多大可能推荐我们医院？',
      _text: {
        extension: [
          {
            url: fhirUrls.translation,
            extension: [
              { url: 'lang', valueCode: 'en' },
              { url: 'content', valueString: 'How likely are you to recommend our hospital to family or friends?' },
            ],
          },
        ],
      },
      required: true,
      extension: [
        measures('nps'),
        { url: fhirUrls.minValue, valueInteger: 0 },
        { url: fhirUrls.maxValue, valueInteger: 10 },
        { url: fhirUrls.control, valueCodeableConcept: { coding: [{ system: fhirUrls.controlSystem, code: 'slider' }] } },
      ],
    },
    freeText('nps-reason', ['主要的原因是什么？', 'What is the main reason?'], {
      enableWhen: [{ question: 'nps', operator: 'exists', answerBoolean: true }],
    }),
  ],
)
