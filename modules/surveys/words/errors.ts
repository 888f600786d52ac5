export const errorsZh = {
  questionnaireNotFound: '没有找到这份问卷，可能已被删除。请回到问卷列表再选。',
  versionNotFound: '没有找到这个版本的问卷。请回到问卷列表再选。',
  responseNotFound: '没有找到这份答卷，可能不在您的权限范围内。',
  noSuchAnalysis: '这道题不能这样分析。平均值请选数字题或有分值的题，分布和交叉表请选选择题、是否题或初始项。',
  tooFewAnswers: '样本不足 {{least}} 份，或由它可以推算出不足 {{least}} 份的，为保护填写人不列出答卷。请放宽时间或科室。',
  templateNotFound: '没有找到这个模板。请回到模板库再选。',
  templateNotTaken: '本院还没有启用这个模板，没有可以更新的问卷。请先启用。',
  draftInTheWay: '这份问卷还有没发布的修改，更新会覆盖它。请先发布，或把修改复制到别的问卷。',
  nothingToPublish: '没有可以发布的修改。请先修改问卷。',
  notPublishable: '问卷里还有必须改正的地方，没有发布。请按列出的问题逐条修改后再发布。',
  editedByOthers: '这份问卷刚被别人改过，您的修改还没有保存。请刷新看过最新内容后再改。',
  neverPublished: '这份问卷还没有发布过，不能使用。请先发布。',
  answersRefused: '有的题没有答或不符合要求，没有提交。请按题目下的提示修改，已填的内容还在。',
  alreadyCorrected: '这份答卷刚由 {{byName}} 更正过，这次没有保存。请刷新看过最新的回答后再改。',
  nothingCorrected: '回答和原来一样，没有可以更正的内容。',
  idTaken: '这份答卷已经提交过，内容与这次不同，没有再次记录。请刷新后核对。',
} as const

export const errorsEn = {
  questionnaireNotFound: 'This questionnaire was not found; it may have been deleted. Go back to the list and choose again.',
  versionNotFound: 'This version was not found. Go back to the list and choose again.',
  responseNotFound: 'This response was not found, or is outside what you may see.',
  noSuchAnalysis:
    'This question cannot be looked at so. A mean needs a number or a scored question, a distribution or cross table a choice, a yes-or-no or a filled item.',
  tooFewAnswers:
    'Fewer than {{least}} answers, or they would give such away: the responses are not listed, to protect who gave them. Take a longer time or more departments.',
  templateNotFound: 'This template was not found. Go back to the library and choose again.',
  templateNotTaken: 'The hospital has not taken this template, so there is nothing to renew. Take it first.',
  draftInTheWay: 'This questionnaire has changes that are not published; they would be lost. Publish them first, or copy them elsewhere.',
  nothingToPublish: 'There is no change to publish. Change the questionnaire first.',
  notPublishable: 'Some things in the questionnaire must be put right, so it was not published. Mend what is listed and publish again.',
  editedByOthers:
    'Somebody changed this questionnaire a moment ago, so your change was not saved. Reload, look at it, and change it again.',
  neverPublished: 'This questionnaire was never published and cannot be used. Publish it first.',
  answersRefused:
    'Some answers are missing or do not fit, so nothing was submitted. Follow the notes at the questions; what you filled in is still here.',
  alreadyCorrected:
    '{{byName}} corrected this response a moment ago, so nothing was saved. Reload, read the newest answers, and change them again.',
  nothingCorrected: 'The answers are the same as before: there is nothing to correct.',
  idTaken: 'This response was submitted before with other answers, so it was not recorded again. Reload and compare.',
} as const
