import { importErrors } from '../../../imports-contract.ts'

/** The largest file that is taken, and what it may hold once it is unpacked. */
export const MAX_FILE_BYTES = 20 * 1024 * 1024
export const MAX_UNPACKED_BYTES = 160 * 1024 * 1024
export const MAX_ROWS = 100_000
export const MAX_COLUMNS = 200
export const MAX_CELL_CHARACTERS = 8000

export const fileTooLarge = (bytes: number) =>
  importErrors.fileTooLarge({ megabytes: Math.ceil(bytes / 1024 / 1024), limit: MAX_FILE_BYTES / 1024 / 1024 })
export const unpacksTooLarge = () => importErrors.unpacksTooLarge({ limit: MAX_UNPACKED_BYTES / 1024 / 1024 })
export const tooManyRows = () => importErrors.tooManyRows({ limit: MAX_ROWS })
export const tooManyColumns = () => importErrors.tooManyColumns({ limit: MAX_COLUMNS })
