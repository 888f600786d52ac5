/** Why something of a person stays in the house when that person asks to be forgotten. */
export const stayReasons = [
  'medicalRecord', // kept for the years that the law names
  'identity', // without it a medical record or a complaint file would be nobody's
  'careContract', // what was arranged, charged and paid for care
  'complaintFile',
  'caution', // what somebody does not bear: left out, it may kill
  'wish', // that somebody does not want to be contacted
  'figures', // counted work and marks without words
  'trace', // who did what, when
] as const
export type StayReason = (typeof stayReasons)[number]
