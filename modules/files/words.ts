import { defineWords } from '@renxin/ui/words'

export const words = defineWords('files', {
  zh: {
    title: '附件',
    attach: '上传附件',
    hint: '可上传 PDF、图片、Word、Excel、文本，每个不超过 20 MB',
    none: '还没有附件。',
    download: '下载 {{name}}',
    remove: '移除',
    removeTitle: '移除“{{name}}”',
    removeText: '移除后不再显示，不能恢复。',
    by: '{{name}} {{at}}',
    kilobytes: '{{n}} KB',
    megabytes: '{{n}} MB',
    errors: {
      notFound: '没有找到这个附件，可能已被移除或不在您的权限范围内。',
      tooLarge: '文件过大（{{megabytes}} MB，上限 {{limit}} MB）。可以分成几个文件再上传。',
      unknownType: '不支持这种文件，没有上传。请转成 PDF、图片、Word、Excel 或文本后再试。',
      notYours: '只能移除自己上传的附件。',
    },
  },
  en: {
    title: 'Files',
    attach: 'Attach a file',
    hint: 'PDF, pictures, Word, Excel, text; 20 MB each at most',
    none: 'There are no files yet.',
    download: 'Download {{name}}',
    remove: 'Remove',
    removeTitle: 'Remove “{{name}}”',
    removeText: 'It is no longer shown. This cannot be undone.',
    by: '{{name}} {{at}}',
    kilobytes: '{{n}} KB',
    megabytes: '{{n}} MB',
    errors: {
      notFound: 'This file was not found; it may have been removed, or is outside what you may see.',
      tooLarge: 'The file is too large ({{megabytes}} MB; {{limit}} MB at most). It can be split into several.',
      unknownType: 'Files of this kind are not taken; nothing was uploaded. Please turn it into PDF, a picture, Word, Excel or text.',
      notYours: 'You can remove only what you attached.',
    },
  },
})
