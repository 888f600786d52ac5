import type { Ask } from '@renxin/kernel'
import type { analysesApi } from '../../contract.ts'

export type Asked = { questionnaireId: string; from: string; to: string; departmentId?: string }
export type Look = Pick<Ask<typeof analysesApi.analysis>, 'kind' | 'item' | 'by'>
/** What stands behind a figure: a row of the table, an option of it. */
export type Place = { row?: string; option?: string; name: string }
