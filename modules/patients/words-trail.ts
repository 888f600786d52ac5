/** The auditor's question who saw a patient: part of this module's words. */
export const trailWords = {
  zh: {
    title: '谁看过这位患者',
    find: '查找患者',
    placeholder: '完整的住院号、身份证号或手机号，或姓名',
    asked: '正在查看 {{name}} 的记录',
    all: '查看全部患者的记录',
    nobody: '没有找到“{{text}}”。号码请填写完整。',
    more: '还有更多。请填写完整的号码或姓名。',
  },
  en: {
    title: 'Who saw this patient',
    find: 'Find a patient',
    placeholder: 'A whole hospital number, identity number or phone, or a name',
    asked: 'The rows about {{name}}',
    all: 'Rows about everybody',
    nobody: 'Nobody was found for “{{text}}”. Numbers must be whole.',
    more: 'There are more. Please give a whole number or name.',
  },
} as const
