export const errorsZh = {
  questionnaireNotFound: '没有找到这份问卷，可能已被删除。请回到问卷列表再选。',
  versionNotFound: '没有找到这个版本的问卷。请回到问卷列表再选。',
  responseNotFound: '没有找到这份答卷，可能不在您的权限范围内。',
  nothingToPublish: '没有可以发布的修改。请先修改问卷。',
  notPublishable: '问卷里还有必须改正的地方，没有发布。请按列出的问题逐条修改后再发布。',
  editedByOthers: '这份问卷刚被别人改过，您的修改还没有保存。请刷新看过最新内容后再改。',
  neverPublished: '这份问卷还没有发布过，不能使用。请先发布。',
  answersRefused: '有的题没有答或不符合要求，没有提交。请按题目下的提示修改，已填的内容还在。',
  idTaken: '这份答卷已经提交过，内容与这次不同，没有再次记录。请刷新后核对。',
} as const

export const errorsEn = {
  questionnaireNotFound: 'This questionnaire was not found; it may have been deleted. Go back to the list and choose again.',
  versionNotFound: 'This version was not found. Go back to the list and choose again.',
  responseNotFound: 'This response was not found, or is outside what you may see.',
  nothingToPublish: 'There is no change to publish. Change the questionnaire first.',
  notPublishable: 'Some things in the questionnaire must be put right, so it was not published. Mend what is listed and publish again.',
  editedByOthers:
    'Somebody changed this questionnaire a moment ago, so your change was not saved. Reload, look at it, and change it again.',
  neverPublished: 'This questionnaire was never published and cannot be used. Publish it first.',
  answersRefused:
    'Some answers are missing or do not fit, so nothing was submitted. Follow the notes at the questions; what you filled in is still here.',
  idTaken: 'This response was submitted before with other answers, so it was not recorded again. Reload and compare.',
} as const
