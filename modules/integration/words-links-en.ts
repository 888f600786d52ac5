export const linksEn = {
  title: 'Screen links',
  help: 'Pages of the hospital’s systems and of this one open each other: inward from the HIS to a patient’s file, outward from the file to theirs. Each address has a time, a number used once and a signature, and neither a name nor a number of identity.',
  empty: 'There is no screen link yet. Add one to open pages of the HIS, or to be opened from there.',
  add: 'New link',
  of: 'Settings of {{name}}',
  direction: 'Direction',
  directions: { in: 'In: HIS → the patient’s file', out: 'Out: the patient’s file → HIS, EMR' },
  template: 'Address',
  templateHint: 'May hold {medicalRecordNumber} {visitNumber} {workNumber}; must hold {time} {nonce} {signature}',
  secret: 'Shared secret',
  secretHint: 'At least 32 characters, kept on both sides; not shown once saved, and unchanged where left empty.',
  window: 'Seconds it holds',
  windowHint: 'The difference of both clocks counts too',
  signsIn: 'Whoever comes need not sign in',
  signsInHint:
    'The signature vouches for who it is. Only where the other side’s sign-in can be relied on. Whoever has a second factor, or owes one, or a new password, signs in all the same.',
  active: 'Switched on',
  saved: 'Saved',
  test: 'Test',
  testAddress: 'Paste a whole address',
  outcome: {
    good: 'Signature and time are right, and it has not been used.',
    badAddress: 'This is no address of this link. Check the id of the link and the names of the parts.',
    badSignature: 'The signature is wrong. Check the secret, and the five lines: time, nonce, work number, record number, visit number.',
    expired: 'The signature is right, and the time is {{seconds}} seconds off, beyond what holds. Check both clocks.',
    used: 'The signature is right, and the nonce was used before.',
    made: 'An address with sample numbers, to be opened in the other system:',
  },
  sample: 'How the other side makes an address (Python)',
  opening: 'Opening the patient’s file…',
  openOther: 'Open {{name}}',
  others: 'Other systems',
  noOthers: 'No link to another system has been set up. Ask the interface engineer to add one under “Screen links”.',
  backHome: 'Back to the start',
} as const

export const linkErrorsEn = {
  linkNotFound: 'There is no such screen link, or it is switched off. Check its id with the interface engineer.',
  linkNameTaken: 'There is a link of this name. Choose another.',
  badTemplate: 'This address cannot be used. It begins with http:// or https://, holds {time} {nonce} {signature}, and no other braces.',
  linkSecretNeeded: 'Give the shared secret, at least 32 characters.',
  badSignature:
    'The signature of this link is wrong, and it was not opened. Open it again from where you came; if that fails, ask the interface engineer.',
  linkExpired:
    'This link no longer holds, and was not opened. Open it again from where you came; if it never holds, have both clocks checked.',
  linkUsed: 'This link was used or no longer holds, and was not opened. Open it again from where you came.',
  linkOfAnother:
    'This link is for work number {{workNumber}}, not for whoever is signed in, and was not opened. Sign in with that account and open it again.',
  linkUnknownPatient: 'The patient was not found, and may not have been sent yet. Search by name or record number.',
  noWorkNumber: 'Your account names no member of staff, so the other system cannot be opened. Have the system administrator choose one.',
} as const
