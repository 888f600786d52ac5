/** The colour of what was found of a call. */
export const callTones = { confirmed: 'success', untrue: 'danger', unclear: 'warning', none: 'plain' } as const
/** The colour of what is on record of one. */
export const recordedTones = { none: 'plain', tried: 'warning', short: 'danger', unmeasured: 'plain', talked: 'success' } as const
