import { Button, Choice, type Language, Stack, useLanguage } from '@renxin/ui'
import { useState } from 'react'
import { type Answers, initialAnswers, readForm } from '../../contract.ts'
import { words } from '../../words.ts'
import { QuestionnaireForm } from '../form/QuestionnaireForm.tsx'

const w = words.builder

/** The form as people will see it; answers are tried out and kept nowhere. */
export function Preview({ definition }: { definition: unknown }) {
  const [language, setLanguage] = useState<Language>(useLanguage())
  const [answers, setAnswers] = useState<Answers>(() => initialAnswers(readForm(definition)))
  return (
    <Stack gap={12}>
      <Choice
        label={w.preview}
        hideLabel
        value={language}
        onChange={setLanguage}
        options={[
          { value: 'zh', label: w.inChinese },
          { value: 'en', label: w.inEnglish },
        ]}
      />
      <QuestionnaireForm definition={definition} answers={answers} onChange={setAnswers} language={language} />
      <Button kind="quiet" size="small" onClick={() => setAnswers(initialAnswers(readForm(definition)))}>
        {w.previewAgain}
      </Button>
    </Stack>
  )
}
