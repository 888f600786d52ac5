import { defineConsole } from '@renxin/client'

export { Attachments } from './Attachments.tsx'

/** Files have no page of their own: they are shown where they belong. */
export const console = defineConsole({ module: 'files', pages: [] })
