/** A red flag of a questionnaire: this answer about the wound calls for a doctor, within so many minutes. */
export const woundFlag = (id: string, code: string, minutes: number | null = null) => ({
  url: 'urn:renxin:fhir:red-flag',
  extension: [
    { url: 'id', valueString: id },
    { url: 'title', valueString: `伤口${id}` },
    { url: 'severity', valueCode: 'urgent' },
    { url: 'say', valueString: '我马上报告医生。' },
    { url: 'tell', valueString: '请今天到门诊换药。' },
    ...(minutes === null
      ? []
      : [{ url: 'deadline', valueDuration: { value: minutes, unit: 'min', system: 'http://unitsofmeasure.org', code: 'min' } }]),
    {
      url: 'when',
      extension: [
        { url: 'question', valueString: 'wound' },
        { url: 'operator', valueCode: '=' },
        { url: 'answer', valueCoding: { code } },
      ],
    },
  ],
})

/** What is asked about it. */
export const woundQuestion = {
  linkId: 'wound',
  type: 'choice',
  text: '伤口怎么样？',
  answerOption: ['healing', 'inflamed', 'open'].map((code) => ({ valueCoding: { code, display: `伤口${code}` } })),
}
