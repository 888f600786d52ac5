/** What a member is called in what leaves: a number that was drawn by lot, as long as the largest of the study. */
export const pseudonymOf = (number: number, members: number): string =>
  `P${String(number).padStart(Math.max(3, String(members).length), '0')}`
