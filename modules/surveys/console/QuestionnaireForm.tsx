import type { Answers } from '../contract.ts'

export type QuestionnaireFormProps = {
  /** A FHIR R4 Questionnaire, as `version.definition` gives it. */
  definition: unknown
  answers: Answers
  onChange: (answers: Answers) => void
  /** Called on Ctrl+Enter and on the button, once the answers are accepted; the button is left out where there is none. */
  onSubmit?: (answers: Answers) => void
  autoFocus?: boolean
  /** The reader's language; the console's where it is not said. */
  language?: string
}
